import { type Dirent, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/**
 * The paths of the files below a directory, from there, sorted. Links are not followed.
 *
 * @param isWanted - which entries count; by default files, without links
 */
export function filesBelow(
  directory: string,
  isWanted: (entry: Dirent) => boolean = (entry) => entry.isFile(),
): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter(isWanted)
    .map(({ parentPath, name }) => relative(directory, join(parentPath, name)).replaceAll(sep, '/'))
    .sort();
}
