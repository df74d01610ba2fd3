import { type Release } from '@cdktf/provider-helm/lib/release/index.js';
import { Construct } from 'constructs';

import { agentNamespaceObjects } from '../../model/agent/agent-objects';
import { type AgentSettings } from '../../model/agent/agent-settings';
import { type AgentNames } from '../../model/agent/agent-values';
import { FLUX_NAMESPACE } from '../../model/flux/metadata';
import { type ClusterAccess } from '../cluster/cluster-access';
import { type IFlux } from '../flux/i-flux';
import { localRelease } from '../terraform/local-release';

/** What describes an {@link AgentNamespace}. */
export interface AgentNamespaceProps {
  /** The providers for the cluster. */
  readonly access: ClusterAccess;
  /** Names of the agent's objects. */
  readonly names: AgentNames;
  /** How the agent is. */
  readonly settings: AgentSettings;
  /** The Flux on the cluster; undefined when there is none. */
  readonly flux: IFlux | undefined;
}

/**
 * The namespace and the account of an agent. Terraform needs the namespace before Flux does, for the token; later it is
 * Flux's. So it is adopted when it is there, and it stays when the release goes.
 */
export class AgentNamespace extends Construct {
  /** The release that has made them. */
  public readonly release: Release;

  constructor(scope: Construct, id: string, { access, names, settings, flux }: AgentNamespaceProps) {
    super(scope, id);
    const stays = { 'helm.sh/resource-policy': 'keep' };
    const objects = agentNamespaceObjects(names.namespace, settings, undefined, stays);
    this.release = localRelease(this, 'Resource', {
      provider: access.helm,
      name: `${names.namespace}-namespace`,
      // In one that is there: Helm adopts no namespace that it has just created itself.
      namespace: flux === undefined ? 'default' : FLUX_NAMESPACE,
      takeOwnership: true,
      dependsOn: flux && [flux.namespace],
      chart: 'objects',
      values: { objects },
    });
  }
}
