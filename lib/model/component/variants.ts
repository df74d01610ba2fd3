import { type PathStep } from '../error-place';
import { type ClusterIdentity } from './cluster-identity';
import { type ClusterSelector, selects } from './cluster-selector';

/** What differs where a condition holds. */
export interface WithCondition {
  /** The clusters that it is for. */
  readonly when: ClusterSelector;
}

/** What differs between clusters: each nearer place counts before the farther ones. */
export interface Variants<V extends object> {
  /** What differs by environment. */
  readonly environments?: Readonly<Record<string, V>>;
  /** What differs by condition. Of several that fit, the last counts most. */
  readonly variants?: readonly (V & WithCondition)[];
  /** What differs by cluster. */
  readonly clusters?: Readonly<Record<string, V>>;
}

/** What one place says about a component. */
export interface VariantLayer<V> {
  /** Who says it: `component`, `environment prod`, `variants[0]` or `cluster uni-prod`. */
  readonly origin: string;
  /** What it says. */
  readonly settings: V;
}

/** A variant with its path from the component. */
type PlacedVariant<V> = readonly [path: readonly PathStep[], settings: V];

/**
 * What counts on a cluster, from the farthest to the nearest.
 *
 * @param own - what the component says for all
 */
export function variantLayers<V extends object>(
  own: V,
  { environments, variants = [], clusters }: Variants<V>,
  cluster: ClusterIdentity,
): readonly VariantLayer<V>[] {
  const { name, environment } = cluster;
  const fitting = variants.flatMap((variant, index) =>
    selects(variant.when, cluster) ? [{ origin: `variants[${index}]`, settings: withoutCondition(variant) }] : [],
  );
  return [
    { origin: 'component', settings: own },
    { origin: `environment ${environment}`, settings: environments?.[environment] },
    ...fitting,
    { origin: `cluster ${name}`, settings: clusters?.[name] },
  ].flatMap(({ origin, settings }) => (settings === undefined ? [] : [{ origin, settings }]));
}

/** All variants of a component, wherever they count. */
export function allVariants<V extends object>({
  environments = {},
  variants = [],
  clusters = {},
}: Variants<V>): readonly PlacedVariant<V>[] {
  return [
    ...Object.entries(environments).map(([name, variant]): PlacedVariant<V> => [['environments', name], variant]),
    ...variants.map((variant, index): PlacedVariant<V> => [['variants', index], withoutCondition(variant)]),
    ...Object.entries(clusters).map(([name, variant]): PlacedVariant<V> => [['clusters', name], variant]),
  ];
}

function withoutCondition<V extends object>({ when: _, ...settings }: V & WithCondition): V {
  return settings as unknown as V;
}
