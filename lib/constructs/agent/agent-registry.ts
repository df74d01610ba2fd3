import { type IConstruct } from 'constructs';

import { ValidationError } from '../../model/validation-error';
import { attached } from '../terraform/attached';

/** An agent as others on its cluster see it. */
export interface RegisteredAgent {
  /** Path of its construct. */
  readonly path: string;
  /** Its name in GitLab. */
  readonly name: string;
  /** Its namespace on the cluster. */
  readonly namespace: string;
  /** Whether it tells Flux about pushes. */
  readonly notifies: boolean;
}

/** Which agents an app has on which cluster. */
export class AgentRegistry {
  /** The agents of the app that a construct belongs to. */
  public static of(scope: IConstruct): AgentRegistry {
    return attached(scope.node.root, 'AgentRegistry', () => new AgentRegistry());
  }

  private readonly clusters = new Map<string, RegisteredAgent[]>();

  /**
   * Adds an agent.
   *
   * @returns the agents that the cluster had before
   * @throws ValidationError when one of them has the same namespace
   */
  public add(cluster: string, agent: RegisteredAgent): readonly RegisteredAgent[] {
    const before = this.clusters.get(cluster) ?? [];
    const other = before.find(({ namespace }) => namespace === agent.namespace);
    if (other !== undefined) {
      throw new ValidationError({
        at: agent.path,
        prop: 'namespace',
        got: agent.namespace,
        want: `a namespace of its own on cluster "${cluster}": ${other.path} has this one`,
      });
    }
    this.clusters.set(cluster, [...before, agent]);
    return before;
  }
}
