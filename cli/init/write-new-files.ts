import { lstatSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { CommandError } from '../command-error';

/**
 * Refuses a directory in which something is where files are to be written.
 *
 * @param paths - the files, from the directory
 */
export function checkFree(directory: string, paths: readonly string[]): void {
  const taken = paths.filter((path) => isThere(join(directory, path)));
  if (taken.length > 0) {
    throw new CommandError(`${directory}: nothing was written, because these are there already: ${taken.join(', ')}`);
  }
}

/**
 * Writes files that are not there, and takes them back when that fails, or what comes after it.
 *
 * @param files - texts by path, from the directory
 * @param after - what has to succeed when they are there
 */
export function writeNewFiles(directory: string, files: ReadonlyMap<string, string>, after: () => void): void {
  checkFree(directory, [...files.keys()]);
  const made: string[] = [];
  const makeDirectory = (path: string): void => {
    const first = mkdirSync(path, { recursive: true });
    if (first !== undefined) made.unshift(first);
  };
  try {
    makeDirectory(directory);
    for (const [path, text] of files) {
      const file = join(directory, path);
      makeDirectory(dirname(file));
      writeFileSync(file, text, { flag: 'wx' });
      made.unshift(file);
    }
    after();
  } catch (error) {
    made.forEach((path) => rmSync(path, { recursive: true, force: true }));
    throw error;
  }
}

/** Whether something is there, be it a link that leads nowhere. */
function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
