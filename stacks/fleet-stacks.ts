import { App } from 'cdktf';
import { addCustomSynthesis } from 'cdktf/lib/synthesize/synthesizer.js';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { allowedTexts } from '../lib/constructs/repository/allowed-texts';
import { type IStateBackend, StateBackend } from '../lib/constructs/terraform/state-backend';
import { loadFleet } from '../lib/model/fleet';
import { checkFleet } from '../lib/model/fleet/definition/fleet-checks';
import {
  checkAgentOfHub,
  fleetOf,
  type ClusterDefinition,
  type FleetDefinition,
  type StateDefinition,
} from '../lib/model/fleet/definition/fleet-definition';
import { FLEET_NOTE, type FleetNote } from '../lib/model/layout/fleet-note';
import { REPOSITORY_STACK, stackNameOf } from '../lib/model/layout/stack-name';
import { ValidationError } from '../lib/model/validation-error';
import { ClusterStack } from './cluster-stack';
import { RepositoryStack } from './repository-stack';
import { SpokeStack } from './spoke-stack';

/**
 * The stacks of a fleet: `repository`, and `<environment>-<cluster>` for each cluster. No stack refers to another, so
 * each can be deployed alone; deploy `repository` first.
 */
export class FleetStacks {
  /**
   * The stacks of the fleet that a file describes.
   *
   * @param file - path of `fleet.yaml`
   * @throws FleetFileError with file, line and column when something in the file is wrong
   */
  public static fromFile(app: App, file: string): FleetStacks {
    const fleet = loadFleet(file);
    try {
      return fleet.locate(() => new FleetStacks(app, fleet));
    } catch (error) {
      // Stacks are made one after the other, and files are judged all at once.
      fleet.files();
      throw error;
    }
  }

  /**
   * A whole program: synthesizes the stacks of the fleet that a file describes. What is wrong with it is printed as
   * `gitlab-flux validate` prints it, without a stack trace, and the exit code is 1. A program that shall do something
   * else about it calls {@link fromFile}, which throws.
   *
   * @param file - path of `fleet.yaml`
   */
  public static synth(file: string): void {
    try {
      const app = new App();
      FleetStacks.fromFile(app, file);
      app.synth();
    } catch (error) {
      if (!ValidationError.isValidationError(error)) throw error;
      const lines = error.message.split('\n').map((line) => `error: ${line}\n`);
      process.stderr.write(lines.join(''));
      process.exitCode = 1;
    }
  }

  /** The stack with the project and the files that clusters share. */
  public readonly repository: RepositoryStack;
  /** The stacks of the clusters, in the order of the definition. */
  public readonly clusters: readonly (ClusterStack | SpokeStack)[];

  /** @throws ValidationError when something about the fleet is wrong */
  constructor(app: App, definition: FleetDefinition) {
    checkFleet(definition);
    const fleet = fleetOf(definition);
    definition.notSecret?.forEach((text) => allowedTexts(app).add(text));
    const backend = stateBackendOf(definition.state);
    this.repository = new RepositoryStack(app, REPOSITORY_STACK, { ...definition, fleet });
    this.clusters = definition.clusters.map((cluster) => stackOf(app, cluster, definition));
    [this.repository, ...this.clusters].forEach((stack) => backend.bind(stack));
    // No stack changes because of another one, so this is not in any of them.
    addCustomSynthesis(this.repository, {
      onSynthesize: ({ outdir }) => writeFileSync(join(outdir, FLEET_NOTE), `${JSON.stringify(noteOf(definition))}\n`),
    });
  }
}

/** For `gitlab-flux summary`: names of stacks do not tell where that of an environment ends. */
function noteOf({ environments = [], clusters }: FleetDefinition): FleetNote {
  const order = new Set([...environments, ...clusters.map(({ cluster }) => cluster.environment)]);
  const stacks = clusters.map(({ cluster }) => [stackNameOf(cluster), cluster.environment] as const);
  return { environments: [...order], stacks: Object.fromEntries(stacks) };
}

function stackOf(app: App, definition: ClusterDefinition, fleet: FleetDefinition): ClusterStack | SpokeStack {
  const { cluster, flux } = definition;
  const { project, delivery } = fleet;
  const id = stackNameOf(cluster);
  if (flux.type === 'spoke') {
    checkAgentOfHub(definition, fleet.clusters);
    return new SpokeStack(app, id, { project, delivery, cluster, flux });
  }
  return new ClusterStack(app, id, { project, delivery, definition });
}

function stateBackendOf(definition: StateDefinition = { type: 'local' }): IStateBackend {
  return definition.type === 'local' ? StateBackend.local() : StateBackend.gitlab(definition);
}
