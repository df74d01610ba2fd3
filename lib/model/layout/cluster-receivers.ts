import { type ClusterLayout } from './cluster-layout';
import { type FluxSource } from './flux-source';

/** A Receiver of a cluster. */
export interface ClusterReceiver {
  /** Its namespace. */
  readonly namespace: string;
  /** Name by which Flux fills in its path. */
  readonly pathVariable: string;
  /** The sources that it tells about pushes. */
  readonly sources: readonly FluxSource[];
}

/**
 * The Receivers of a cluster: one, or under lockdown, where it may not name what is in another namespace, one for each
 * namespace with a source. That of a spoke is in its namespace on the hub, like all of its sources.
 *
 * @returns none with another trigger than `webhook`, and none for a spoke that has nothing to look at yet
 */
export function clusterReceivers(layout: ClusterLayout): readonly ClusterReceiver[] {
  const { cluster, target } = layout;
  const isIdle = target.hubDirectory !== undefined && cluster.components.length === 0;
  if (cluster.trigger.type !== 'webhook' || isIdle) return [];
  const sources = layout.sources.filter(({ isGitOps }) => isGitOps);
  const isLockedDown = target.serviceAccountName !== undefined;
  const namespaces = isLockedDown ? [...new Set(sources.map(({ namespace }) => namespace))] : [target.rootNamespace];
  return namespaces.map((namespace) => ({
    namespace,
    pathVariable: `WEBHOOK_PATH_${namespace.replaceAll('-', '_').toUpperCase()}`,
    sources: isLockedDown ? sources.filter((source) => source.namespace === namespace) : sources,
  }));
}

/** Which pushes the project hook of a Receiver tells about. */
export interface HookEvents {
  /** Whether pushes to branches count. */
  readonly branches: boolean;
  /** The only branch that counts; undefined for every one. */
  readonly branchFilter: string | undefined;
  /** Whether new tags count. */
  readonly tags: boolean;
}

/** Which pushes matter to the sources of a Receiver. */
export function hookEvents({ sources }: ClusterReceiver): HookEvents {
  const branches = new Set(sources.flatMap(({ ref }) => ref?.branch ?? headOf(ref?.name) ?? []));
  const tags = sources.some(
    ({ ref }) => ref?.tag !== undefined || ref?.semver !== undefined || ref?.name?.startsWith('refs/tags/'),
  );
  const [only] = branches;
  return { branches: branches.size > 0, branchFilter: branches.size === 1 ? only : undefined, tags };
}

function headOf(name: string | undefined): string | undefined {
  return name?.startsWith('refs/heads/') ? name.slice('refs/heads/'.length) : undefined;
}
