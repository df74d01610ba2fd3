/** A directory to list so that the files below it are known. */
export interface Listing {
  /** The directory; the root is the empty text. */
  readonly directory: string;
  /** Whether what lies in its directories is listed too. */
  readonly recursive: boolean;
  /** The files that are looked for in it. */
  readonly paths: readonly string[];
}

// `clusters/` and `systems/` hold what every stack of a fleet wrote: they are never listed with all below them.
const sharedLevels = 1;

/** The fewest directories whose listings hold these paths, without the levels that all stacks share. */
export function listingsOf(paths: Iterable<string>): readonly Listing[] {
  const byParent = new Map<string, string[]>();
  for (const path of paths) {
    const parent = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    const files = byParent.get(parent);
    if (files === undefined) byParent.set(parent, [path]);
    else files.push(path);
  }
  const listings = new Map<string, { directory: string; recursive: boolean; paths: string[] }>();
  for (const [parent, files] of [...byParent].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const segments = parent === '' ? [] : parent.split('/');
    const recursive = segments.length > sharedLevels;
    const above = recursive ? ancestors(segments).find((each) => listings.get(each)?.recursive === true) : undefined;
    if (above === undefined) listings.set(parent, { directory: parent, recursive, paths: files });
    else for (const file of files) listings.get(above)?.paths.push(file);
  }
  return [...listings.values()];
}

function ancestors(segments: readonly string[]): string[] {
  return segments.slice(1).map((_, i) => segments.slice(0, i + 1).join('/'));
}
