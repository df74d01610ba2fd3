import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';

import { CommandError } from '../command-error';

// Some 400,000 files: more than GitLab takes in many commits.
const largest = 50 * 2 ** 20;

/**
 * The text of a manifest.
 *
 * @throws CommandError when it is no file, or one that no synthesis writes
 */
export function readManifest(file: string): string {
  const stat = file.includes('\0') ? undefined : statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) throw new CommandError(`${file}: there is no such file; 'npx cdktf synth' writes it`);
  if (!stat.isFile()) throw new CommandError(`${file}: is no file; want a manifest that 'npx cdktf synth' wrote`);
  if (stat.size > largest) {
    throw new CommandError(`${file}: has ${stat.size} bytes; want a manifest of at most ${largest}`);
  }

  return readFileSync(file, 'utf8');
}

/**
 * Reads the contents that belong to a manifest. Nothing but files of its tree is ever read: a path that leads out of it,
 * by a symbolic link too, is refused.
 *
 * @param tree - the directory with the contents, as the manifest names it
 * @returns the content of a file by its path, which throws CommandError where there is no such file
 */
export function treeReader(manifest: string, tree: string): (path: string) => Uint8Array {
  const directory = resolve(dirname(manifest), tree);
  const again = `'npx cdktf synth' writes it anew`;
  let root: string | undefined;
  return (path) => {
    if (root === undefined) {
      if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) {
        throw new CommandError(`${directory}: there is no such directory; ${again}`);
      }

      root = realpathSync(directory);
    }
    const file = join(root, path);
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat?.isFile() !== true) {
      throw new CommandError(`${file}: ${stat === undefined ? 'there is no such file' : 'is no file'}; ${again}`);
    }

    if (realpathSync(file) !== file || !file.startsWith(`${root}${sep}`)) {
      throw new CommandError(`${file}: is outside of the tree, or leads out of it by a symbolic link; ${again}`);
    }

    return contentOf(file);
  };
}

function contentOf(file: string): Uint8Array {
  // What was looked at may have been exchanged since.
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    return fstatSync(descriptor).isFile() ? readFileSync(descriptor) : new Uint8Array();
  } finally {
    closeSync(descriptor);
  }
}
