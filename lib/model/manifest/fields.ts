/** A map of anything. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether a value is a map, and no list. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Merges maps key by key, and maps in them. Lists and single values of the nearer layer replace those of the farther
 * one, `null` too; what is `undefined` says nothing.
 *
 * @param layers - from the farthest to the nearest
 */
export function mergeFields(layers: readonly (object | undefined)[]): Fields {
  return layers.reduce<Fields>((farther, nearer = {}) => {
    const added = Object.entries(nearer).filter(([, value]) => value !== undefined);
    const merged = added.map(([key, value]: [string, unknown]) => {
      const before = Object.hasOwn(farther, key) ? farther[key] : undefined;
      return [key, isFields(value) ? mergeFields([isFields(before) ? before : {}, value]) : value] as const;
    });
    return { ...farther, ...Object.fromEntries(merged) };
  }, {});
}
