/**
 * Does something with each of several things, a few at a time.
 *
 * The packages that do the same are modules that a CommonJS package cannot load in every place where this one runs.
 *
 * @returns the results, in the order of the things
 */
export async function inParallel<T, R>(
  things: readonly T[],
  width: number,
  action: (thing: T) => Promise<R>,
): Promise<readonly R[]> {
  const results = new Array<R>(things.length);
  const rest = things.entries();
  const work = async (): Promise<void> => {
    for (const [index, thing] of rest) results[index] = await action(thing);
  };
  await Promise.all(Array.from({ length: Math.min(width, things.length) }, work));
  return results;
}
