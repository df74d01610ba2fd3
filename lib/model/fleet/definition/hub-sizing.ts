import { stackNameOf } from '../../layout/stack-name';
import { nanosecondsOf } from '../../manifest/duration';
import { type KubernetesObject } from '../../manifest/kubernetes-object';
import { type FleetDefinition, type StackFiles } from './fleet-definition';

/** What a hub has to do, and what it takes. */
export interface HubSizing {
  /** Name of the hub. */
  readonly hub: string;
  /** How many clusters it deploys to beside itself. */
  readonly spokes: number;
  /** How many components it deploys, to all of them. */
  readonly components: number;
  /** How often its source-controllers ask Git for news, per second. */
  readonly fetchesPerSecond: number;
  /** The size of its controllers that fits. */
  readonly size: 'small' | 'medium' | 'large';
  /** How many shards it takes; 0 for none. */
  readonly shards: number;
  /** What to change; empty when the hub is as it should be. */
  readonly advice: readonly string[];
}

/** Up to how many components each size serves: "tens, hundreds, up to a thousand" of flux-operator's guide. */
const SIZES = [
  ['small', 100],
  ['medium', 500],
  ['large', 1000],
] as const;
const PER_SHARD = 1000;
/** A GitLab of a middling size answers that without noticing. */
const FETCHES_PER_SECOND = 20;

/**
 * What the hubs of a fleet have to do, and what they take.
 *
 * @see https://fluxoperator.dev/docs/instance/sharding/
 */
export function hubSizings({ clusters }: FleetDefinition, stacks: readonly StackFiles[]): readonly HubSizing[] {
  const filesOf = new Map(stacks.map(({ stack, files }) => [stack, files] as const));
  return clusters.flatMap(({ cluster: hub, flux }) => {
    const spokes = clusters.filter((other) => other.flux.type === 'spoke' && other.flux.hub.cluster.name === hub.name);
    if (flux.type !== 'operator' || spokes.length === 0) return [];
    const served = [hub, ...spokes.map(({ cluster }) => cluster)];
    const components = served.reduce((sum, cluster) => sum + cluster.components.length, 0);
    const objects = served.flatMap((cluster) => filesOf.get(stackNameOf(cluster))?.objects ?? []);
    const fetchesPerSecond = objects.reduce((sum, object) => sum + fetchesOf(object), 0);
    const [size] = SIZES.find(([, most]) => components <= most) ?? ['large' as const];
    const shards = components <= PER_SHARD ? 0 : Math.ceil(components / PER_SHARD);
    const has = { size: flux.settings.size, shards: flux.shards.length };
    const advice = adviceOf({ size, shards, fetchesPerSecond }, has);
    return [{ hub: hub.name, spokes: spokes.length, components, fetchesPerSecond, size, shards, advice }];
  });
}

function adviceOf(
  needs: Pick<HubSizing, 'size' | 'shards' | 'fetchesPerSecond'>,
  has: { readonly size: HubSizing['size'] | undefined; readonly shards: number },
): readonly string[] {
  const order = SIZES.map(([size]) => size);
  const isSmaller =
    has.size === undefined ? needs.size !== 'small' : order.indexOf(has.size) < order.indexOf(needs.size);
  return [
    ...(isSmaller ? [`flux.size: ${needs.size}`] : []),
    ...(has.shards < needs.shards ? [`flux.sharding with ${needs.shards} shards`] : []),
    ...(needs.fetchesPerSecond > FETCHES_PER_SECOND
      ? ['another trigger than interval, or intervals of 10m and more: each component has a source of its own']
      : []),
  ];
}

function fetchesOf({ kind, spec }: Partial<KubernetesObject>): number {
  const { interval } = (spec ?? {}) as { readonly interval?: string };
  return kind === 'GitRepository' && interval !== undefined ? 1e9 / Number(nanosecondsOf(interval)) : 0;
}
