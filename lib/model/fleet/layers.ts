type Fields = Readonly<Record<string, unknown>>;

/**
 * What a cluster is told by fleet, environment and itself. Maps are merged key by key; lists and single values of the
 * nearer layer replace those of the farther one.
 *
 * @param layers - from the farthest, the fleet's defaults, to the nearest, the cluster's own
 */
export function mergeLayers<T extends object>(layers: readonly (T | undefined)[]): T {
  return layers.reduce<unknown>((farther, nearer) => merge(farther, nearer), {}) as T;
}

/**
 * Like {@link mergeLayers}, for maps of which exactly one key is given: another key replaces the whole.
 *
 * @param layers - from the farthest to the nearest
 */
export function mergeChoices<T extends object>(layers: readonly (T | undefined)[]): T | undefined {
  return layers.reduce<T | undefined>((farther, nearer) => {
    const isSame = farther !== undefined && nearer !== undefined && Object.keys(farther)[0] === Object.keys(nearer)[0];
    return isSame ? (merge(farther, nearer) as T) : (nearer ?? farther);
  }, undefined);
}

function merge(farther: unknown, nearer: unknown): unknown {
  if (!isFields(farther) || !isFields(nearer)) return nearer === undefined ? farther : nearer;
  const added = Object.entries(nearer).map(([key, value]) => [key, merge(farther[key], value)] as const);
  return { ...farther, ...Object.fromEntries(added) };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
