import { type Cluster } from '../cluster/cluster';
import { type FluxSpokeSettings } from '../cluster/spoke-settings';
import { type FluxBootstrapSettings } from '../flux/bootstrap-settings';
import { type FluxCliJobProps } from '../flux/flux-cli-values';
import { type FluxOperatorSettings } from '../flux/operator/operator-settings';
import { type FluxProviderSettings } from '../flux/provider-settings';
import { type FileTree } from '../manifest/file-tree';
import { ValidationError } from '../validation-error';
import { bootstrapFiles, bootstrapTarget, providerFiles } from './bootstrap-files';
import { checkSpokeOnHub, type FluxHub } from './flux-hub';
import { type FluxTarget, type RepositoryAddress } from './flux-target';
import { operatorFiles, operatorTarget } from './operator-target';
import { spokeFiles, spokeTarget } from './spoke-files';

/** How Flux is installed on a cluster. */
export type FluxDefinition = BootstrapDefinition | ProviderDefinition | OperatorDefinition | SpokeDefinition;

/** Flux by the Terraform provider `fluxcd/flux`. */
export interface ProviderDefinition extends FluxProviderSettings {
  /** The way to run Flux. */
  readonly way: 'provider';
  /**
   * With what Flux reads the repository.
   *
   * @default - Terraform variables
   */
  readonly readCredential?: ReadCredentialDefinition;
}

/** Flux by the flux CLI. */
export interface BootstrapDefinition extends FluxBootstrapSettings, FluxCliJobProps {
  /** The way to run Flux. */
  readonly way: 'bootstrap';
  /**
   * Raise it when the token that the CLI pushes with has changed.
   *
   * @default 1
   */
  readonly tokenRevision?: number;
  /**
   * With what Flux reads the repository.
   *
   * @default - Terraform variables
   */
  readonly readCredential?: ReadCredentialDefinition;
}

/** Flux by flux-operator. */
export interface OperatorDefinition extends FluxOperatorSettings {
  /** The way to run Flux. */
  readonly way: 'operator';
  /**
   * With what Flux reads the repository.
   *
   * @default - Terraform variables
   */
  readonly readCredential?: ReadCredentialDefinition;
}

/** Flux on another cluster, the hub. */
export interface SpokeDefinition extends FluxSpokeSettings {
  /** The way to run Flux. */
  readonly way: 'spoke';
  /** Name of the hub: a cluster of the fleet on which flux-operator runs Flux. */
  readonly hub: string;
  /**
   * With what Flux reads the repository for this spoke.
   *
   * @default - Terraform variables
   */
  readonly readCredential?: ReadCredentialDefinition;
}

/**
 * With what Flux reads the GitOps repository: a deploy token of yours in Terraform variables, or one that Terraform
 * creates and so keeps in its state.
 */
export type ReadCredentialDefinition =
  | { readonly type: 'variables'; readonly revision?: number }
  | { readonly type: 'deploy-token'; readonly expiresAt?: string };

/** What a cluster's Flux adds to the GitOps repository. */
export interface FluxParts {
  /** Where the Flux objects of the cluster's components go. */
  readonly target: FluxTarget;
  /** The files of Flux itself. */
  readonly files: FileTree;
}

/**
 * What a cluster's Flux adds to the GitOps repository.
 *
 * @param clusters - all clusters of the fleet, among them the hub of a spoke
 * @throws ValidationError when Flux would not see the cluster's components, or the hub could not serve the spoke
 */
export function fluxPartsOf(
  cluster: Cluster,
  flux: FluxDefinition,
  repository: RepositoryAddress,
  clusters: readonly ClusterWithFlux[],
): FluxParts {
  switch (flux.way) {
    case 'bootstrap':
      return { target: bootstrapTarget(cluster, flux), files: bootstrapFiles(cluster, flux, repository) };
    case 'provider':
      return { target: bootstrapTarget(cluster, flux), files: providerFiles(cluster, flux).files };
    case 'operator':
      return { target: operatorTarget(cluster, flux), files: operatorFiles(cluster) };
    case 'spoke': {
      const spoke = { cluster, spoke: flux, hub: hubOf(cluster, flux, clusters) };
      checkSpokeOnHub(cluster, flux, spoke.hub);
      return { target: spokeTarget(spoke), files: spokeFiles(spoke, repository) };
    }
  }
}

/** A cluster and how Flux is installed on it. */
export interface ClusterWithFlux {
  /** The cluster. */
  readonly cluster: Cluster;
  /** How Flux is installed. */
  readonly flux: FluxDefinition;
}

/**
 * The hub of a spoke.
 *
 * @throws ValidationError when there is no such cluster, or it cannot be a hub
 */
export function hubOf(spoke: Cluster, { hub: name }: SpokeDefinition, clusters: readonly ClusterWithFlux[]): FluxHub {
  checkHub(spoke.name, name, new Map(clusters.map(({ cluster, flux }) => [cluster.name, flux.way])));
  const hub = clusters.find(({ cluster }) => cluster.name === name);
  return hub as FluxHub;
}

/**
 * Refuses the choice of a hub that is none.
 *
 * @param ways - how Flux runs for each cluster, by name
 */
export function checkHub(spoke: string, hub: string, ways: ReadonlyMap<string, FluxDefinition['way']>): void {
  const way = ways.get(hub);
  if (way === 'operator') return;
  const hubs = [...ways].filter(([, each]) => each === 'operator').map(([name]) => name);
  const there = hubs.join(', ') || 'there is none';
  const want =
    hub === spoke
      ? `another cluster, with the way operator: ${there}`
      : way === 'spoke'
        ? `a cluster with the way operator: ${there}; "${hub}" is a spoke itself`
        : way === undefined
          ? `a cluster with the way operator: ${there}`
          : `a cluster with the way operator, not ${way}: flux-operator gives a hub its size and its shards`;
  throw new ValidationError({ at: { cluster: spoke }, prop: 'hub', got: hub, want });
}
