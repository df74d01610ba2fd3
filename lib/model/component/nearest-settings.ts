/**
 * Settings of several layers as one: the last that says something counts.
 *
 * @param layers - from the most general to the nearest
 */
export function nearestSettings<T extends object>(...layers: readonly (T | undefined)[]): T {
  const said = layers.flatMap((layer) => Object.entries(layer ?? {}).filter(([, value]) => value !== undefined));
  return Object.fromEntries(said) as T;
}
