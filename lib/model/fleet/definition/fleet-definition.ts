import { type AgentDefinition } from '../../agent/agent-definition';
import { mapAll } from '../../check-all';
import { type Cluster } from '../../cluster/cluster';
import { Fleet } from '../../cluster/fleet';
import { sharedConnections } from '../../cluster/shared-connections';
import { dependencyWarnings } from '../../cluster/suspended-dependencies';
import { type CommitDeliveryOptions, type FilesDeliveryOptions } from '../../delivery/delivery-options';
import { fluxVersionWarnings } from '../../flux/flux-version';
import { type ClusterWithFlux, type FluxInstallation } from '../../installation/flux-installation';
import { ClusterLayout, sharedComponentFiles } from '../../layout/cluster-layout';
import { receiverFiles } from '../../layout/receiver-files';
import { HookCount, receiverWarnings } from '../../layout/receiver-warnings';
import { REPOSITORY_STACK, stackNameOf } from '../../layout/stack-name';
import { FileTree } from '../../manifest/file-tree';
import { type ProjectBranch } from '../../manifest/project-branch';
import { refuseSecrets } from '../../manifest/secret-scan/secret-scan';
import { ApplyChangedDefinition } from '../../pipeline/apply-changed/apply-changed-definition';
import { checkFleet, pushWarnings } from './fleet-checks';

/** Everything about a fleet: what `fleet.yaml` says, as values. */
export interface FleetDefinition {
  /** The GitLab project with the GitOps repository. */
  readonly project: ProjectDefinition;
  /** The clusters. */
  readonly clusters: readonly ClusterDefinition[];
  /**
   * The environments, in the order in which they are deployed.
   *
   * @default - in the order of the clusters
   */
  readonly environments?: readonly string[];
  /**
   * How files get into the project.
   *
   * @default - one commit per stack and deploy
   */
  readonly delivery?: DeliveryDefinition;
  /**
   * Where Terraform keeps its state.
   *
   * @default - files in the working directory
   */
  readonly state?: StateDefinition;
  /**
   * The pipeline for the clusters with the trigger `pipeline`.
   *
   * @default - stacks make one with its defaults, `fleetFiles()` leaves it out
   */
  readonly applyPipeline?: ApplyChangedDefinition;
  /**
   * Texts that look like secrets and are none, so that files may hold them. In a fleet file a comment says it.
   *
   * @default - whatever looks like a secret is refused
   */
  readonly notSecret?: readonly string[];
}

/** The GitLab project with the GitOps repository. */
export interface ProjectDefinition extends Omit<ProjectBranch, 'branch'> {
  /**
   * Branch that the clusters follow.
   *
   * @default 'main'
   */
  readonly branch?: string;
  /**
   * Settings of the project, when Terraform creates it. Otherwise it exists.
   *
   * @default - the project exists
   */
  readonly create?: {
    /**
     * Who may see the project.
     *
     * @default 'private'
     */
    readonly visibility?: 'private' | 'internal' | 'public';
    /** What the project is for. */
    readonly description?: string;
    /**
     * Whether Terraform refuses to destroy the project.
     *
     * @default true
     */
    readonly preventDestroy?: boolean;
  };
}

/** A cluster, how Flux runs for it, and what else it has. */
export interface ClusterDefinition extends ClusterWithFlux {
  /** GitLab's agent on the cluster. */
  readonly agent?: AgentDefinition;
}

/**
 * How files get into the project. `commit`: one commit per stack and deploy. `files`: one Terraform resource per file.
 * `tree`: only a directory.
 */
export type DeliveryDefinition =
  | ({ readonly type: 'commit' } & CommitDeliveryOptions)
  | ({ readonly type: 'files' } & FilesDeliveryOptions)
  | { readonly type: 'tree' };

/** Where Terraform keeps its state: files in the working directory, or a GitLab project. */
export type StateDefinition =
  { readonly type: 'local' } | { readonly type: 'gitlab'; readonly url: string; readonly project: string };

/** The files that one stack writes. */
export interface StackFiles {
  /** Name of the stack. */
  readonly stack: string;
  /** Its files. */
  readonly files: FileTree;
}

/** Something about a cluster that deserves a second look. */
export interface ClusterWarning {
  /** The cluster. */
  readonly cluster: Cluster;
  /** What it is. */
  readonly message: string;
}

/**
 * All files of the GitOps repository by the stack that writes them.
 *
 * @param missing - names of clusters that components may name, though they are not among the clusters
 * @throws ValidationError when the clusters do not fit together, two stacks would write one path, or a file holds a secret
 */
export function fleetFiles(definition: FleetDefinition, missing: readonly string[] = []): readonly StackFiles[] {
  checkFleet(definition);
  const fleet = fleetOf(definition, missing);
  const ofClusters = definition.clusters.map((cluster) => ({
    stack: stackNameOf(cluster.cluster),
    files: () => clusterFiles(cluster, definition),
  }));
  const stacks = mapAll(
    [{ stack: REPOSITORY_STACK, files: () => repositoryFiles(definition, fleet) }, ...ofClusters],
    ({ stack, files }) => ({ stack, files: files() }),
  );
  FileTree.merge(stacks.map(({ files }) => files));
  for (const { stack, files } of stacks) refuseSecrets(`stack "${stack}"`, 'files', files, definition.notSecret);
  return stacks;
}

/**
 * The clusters of a definition, which share a repository.
 *
 * @param missing - names of clusters that components may name, though they are not among the clusters
 * @throws ValidationError when they do not fit together
 */
export function fleetOf({ clusters, environments }: FleetDefinition, missing: readonly string[] = []): Fleet {
  return new Fleet(
    clusters.map(({ cluster }) => cluster),
    { environments, clusters: missing },
  );
}

/**
 * What will most likely not work as people expect, though nothing is wrong with it.
 *
 * @throws ValidationError when the clusters do not fit together
 */
export function fleetWarnings(fleet: FleetDefinition): readonly ClusterWarning[] {
  const hooks = new HookCount(fleet.project);
  const shared = sharedConnections(fleet.clusters.map(({ cluster }) => cluster));
  return fleet.clusters.flatMap((definition) => {
    const layout = layoutOf(definition, fleet);
    const { cluster, agent } = definition;
    const warnings = [
      ...connectionWarnings(shared.get(cluster)),
      ...dependencyWarnings(cluster),
      ...(agent?.warnings(layout) ?? []),
      ...receiverWarnings(layout, hooks),
      ...pushWarnings(definition.flux, fleet.delivery),
      ...(definition.flux.type === 'spoke' ? [] : fluxVersionWarnings(definition.flux.version)),
    ];
    return warnings.map(({ message }) => ({ cluster, message }));
  });
}

/** Refuses a spoke that the agent of its hub could not serve. */
export function checkAgentOfHub({ cluster, flux }: ClusterDefinition, clusters: readonly ClusterDefinition[]): void {
  const hub =
    flux.type === 'spoke' ? clusters.find((other) => other.cluster.name === flux.hub.cluster.name) : undefined;
  hub?.agent?.checkSpoke(cluster, hub.cluster);
}

function connectionWarnings(other: Cluster | undefined): readonly { readonly message: string }[] {
  return other === undefined ? [] : [{ message: `its connection is that of cluster "${other.name}", so both are one` }];
}

function repositoryFiles(definition: FleetDefinition, fleet: Fleet): FileTree {
  const { clusters, project, applyPipeline = new ApplyChangedDefinition() } = definition;
  const { branch } = projectBranch(project);
  const pipeline = applyPipeline.files({ clusters: clusters.map(({ cluster }) => cluster), branch });
  return FileTree.merge([sharedComponentFiles(fleet), pipeline]);
}

function clusterFiles(definition: ClusterDefinition, fleet: FleetDefinition): FileTree {
  const { agent } = definition;
  checkAgentOfHub(definition, fleet.clusters);
  const layout = layoutOf(definition, fleet);
  return FileTree.merge([
    fluxOf(definition).filesFor(layout.cluster, layout.repository),
    layout.files,
    agent?.files(layout) ?? FileTree.EMPTY,
    receiverFiles(layout),
  ]);
}

/**
 * How Flux is installed on a cluster, with what its agent changes about it.
 *
 * @throws ValidationError when the changes do not go together
 */
export function fluxOf({ cluster, flux, agent }: ClusterDefinition): FluxInstallation {
  if (flux.type === 'spoke') return flux;
  const ofAgent = agent?.fluxPatches(cluster, flux.settings.networkPolicy) ?? [];
  return ofAgent.length === 0 ? flux : flux.withPatches(ofAgent);
}

function layoutOf(definition: ClusterDefinition, { project }: Pick<FleetDefinition, 'project'>): ClusterLayout {
  const { cluster } = definition;
  const flux = fluxOf(definition);
  const repository = projectBranch(project);
  if (flux.type === 'bootstrap') flux.cliTarget(cluster, repository);
  return new ClusterLayout({ cluster, target: flux.targetFor(cluster), repository });
}

/** The branch that the clusters follow. */
export function projectBranch(project: ProjectDefinition): ProjectBranch {
  const { url, path, branch = 'main', certificateAuthority } = project;
  return { url: url.replace(/\/+$/, ''), path, branch, certificateAuthority };
}
