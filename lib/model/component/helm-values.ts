import { isFields, mergeFields } from '../manifest/fields';

/** Values of a chart. `null` takes away what a farther layer, or the chart itself, says. */
export type HelmValues = Readonly<Record<string, unknown>>;

/** Values, and where they come from. */
export interface ValuesLayer {
  /** Who says them, for example `cluster uni-dev`. */
  readonly origin: string;
  /** What they say. */
  readonly values: HelmValues;
}

/** Where one of the merged values comes from. */
export interface ValueOrigin {
  /** Keys from the root to the value. */
  readonly path: readonly string[];
  /** The value: no map, unless an empty one. */
  readonly value: unknown;
  /** The layer that says it. */
  readonly origin: string;
}

/**
 * Merges values as Helm merges several files. `null` stays, because it also takes away what the chart itself says.
 *
 * @param layers - from the farthest to the nearest
 */
export function mergeValues(layers: readonly HelmValues[]): HelmValues {
  return mergeFields(layers);
}

/**
 * Where each of the merged values comes from, in the order of their paths.
 *
 * @param layers - from the farthest to the nearest
 */
export function valueOrigins(layers: readonly ValuesLayer[]): readonly ValueOrigin[] {
  const origins = (path: readonly string[], value: unknown): readonly ValueOrigin[] => {
    if (isFields(value) && Object.keys(value).length > 0) {
      return Object.keys(value)
        .sort()
        .flatMap((key) => origins([...path, key], value[key]));
    }
    const origin = layers.findLast((layer) => saysSomething(layer.values, path))?.origin ?? '';
    return [{ path, value, origin }];
  };
  const merged = mergeValues(layers.map(({ values }) => values));
  return Object.keys(merged).length === 0 ? [] : origins([], merged);
}

function saysSomething(values: HelmValues, path: readonly string[]): boolean {
  let value: unknown = values;
  for (const key of path) {
    if (!isFields(value) || !Object.hasOwn(value, key)) return false;
    value = value[key];
  }
  return value !== undefined;
}
