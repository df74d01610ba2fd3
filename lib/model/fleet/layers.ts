import { mergeFields } from '../manifest/fields';
/**
 * What a cluster is told by fleet, environment and itself. Maps are merged key by key; lists and single values of the
 * nearer layer replace those of the farther one.
 *
 * @param layers - from the farthest, the fleet's defaults, to the nearest, the cluster's own
 */
export function mergeLayers<T extends object>(layers: readonly (T | undefined)[]): T {
  return mergeFields(layers) as T;
}

/**
 * Like {@link mergeLayers}, for maps of which exactly one key is given: another key replaces the whole.
 *
 * @param layers - from the farthest to the nearest
 */
export function mergeChoices<T extends object>(layers: readonly (T | undefined)[]): T | undefined {
  return layers.reduce<T | undefined>((farther, nearer) => {
    const isSame = farther !== undefined && nearer !== undefined && Object.keys(farther)[0] === Object.keys(nearer)[0];
    return isSame ? (mergeFields([farther, nearer]) as T) : (nearer ?? farther);
  }, undefined);
}
