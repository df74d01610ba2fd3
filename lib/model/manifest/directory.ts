import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';

import { type ErrorThing, type PropPath } from '../error-place';
import { ValidationError } from '../validation-error';
import { FileTree, type RepositoryFile } from './file-tree';
import { refuseSecrets } from './secret-scan/secret-scan';

/** Where relative paths start from. */
export interface PathOptions {
  /**
   * The directory that a relative path starts from.
   *
   * @default - the working directory
   */
  readonly relativeTo?: string;
}

/** What programs leave behind, which is nothing of the directory's. */
const LEFT_BEHIND = [
  /^(\.git|\.hg|\.svn|node_modules)$/,
  /^(\.DS_Store|\._.*|Thumbs\.db|desktop\.ini)$/,
  // Copies of editors: Vim, Emacs, and others.
  /^\..*\.sw[a-p]$|~$|^\.?#.*#?$/,
];

/**
 * Whether a path is, or lies below, what version control, package managers, desktops and editors leave behind. It is not
 * delivered.
 */
export function isLeftBehind(path: string): boolean {
  return path.split('/').some((name) => LEFT_BEHIND.some((pattern) => pattern.test(name)));
}

/**
 * Reads a directory, with everything below it, as it is now.
 *
 * A symbolic link is followed when it stays within the directory. Content that is not UTF-8 text is kept as bytes.
 *
 * @param at - the thing that names the directory
 * @param prop - the prop that holds the name
 * @param directory - path, absolute or from `relativeTo`
 * @param relativeTo - the directory that relative paths start from; by default the working directory
 * @param needed - names of files of which the directory has to hold one; it is read only then
 * @throws ValidationError when there is no such directory, it holds no file or a secret, or a link leads out of it
 */
export function readDirectory(
  at: ErrorThing,
  prop: PropPath,
  directory: string,
  relativeTo = '.',
  needed: readonly string[] = [],
): FileTree {
  const root = resolve(relativeTo, directory);
  if (statOf(root)?.isDirectory() !== true)
    throw new ValidationError({ at, prop, got: directory, want: 'a directory that exists' });
  // Somebody may name the root of a disk.
  if (needed.length > 0 && !needed.some((name) => existsSync(join(root, name)))) {
    throw new ValidationError({ at, prop, got: directory, want: `a directory with a ${needed[0] ?? ''}` });
  }

  const files = [...filesBelow(root, '', (path) => refuseLinkOut(at, prop, root, path))];
  if (files.length === 0) {
    throw new ValidationError({ at, prop, got: directory, want: 'a directory with at least one file' });
  }

  refuseSecrets(at, prop, files, [], (path) => join(directory, path));
  return FileTree.of(files);
}

/** A path may be longer than any, or hold what no path does. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

/**
 * A file below a directory, with symbolic links followed.
 *
 * @param path - path of the file, from the directory
 * @returns undefined when there is no such file, it lies elsewhere, or programs left it behind
 */
export function fileBelow(directory: string, path: string): RepositoryFile | undefined {
  const absolute = resolve(directory, path);
  const stat = statOf(absolute);
  if (stat?.isFile() !== true || isLeftBehind(path)) return undefined;
  const inside = relative(realpathSync(directory), realpathSync(absolute));
  if (inside.startsWith('..') || isAbsolute(inside)) return undefined;
  return { path, content: textOrBytes(readFileSync(absolute)), executable: (stat.mode & 0o100) !== 0 };
}

function* filesBelow(root: string, directory: string, checkLink: (path: string) => void): Generator<RepositoryFile> {
  for (const entry of readdirSync(join(root, directory)).sort()) {
    if (isLeftBehind(entry)) continue;
    const path = directory === '' ? entry : `${directory}/${entry}`;
    const absolute = join(root, path);
    if (lstatSync(absolute).isSymbolicLink()) checkLink(path);
    const stat = statSync(absolute);
    if (stat.isDirectory()) yield* filesBelow(root, path, checkLink);
    else if (stat.isFile()) {
      yield { path, content: textOrBytes(readFileSync(absolute)), executable: (stat.mode & 0o100) !== 0 };
    }
  }
}

function refuseLinkOut(at: ErrorThing, prop: PropPath, root: string, path: string): void {
  const target = statSync(join(root, path), { throwIfNoEntry: false }) ? realpathSync(join(root, path)) : undefined;
  const inside = target === undefined ? '..' : relative(realpathSync(root), target);
  const isLoop = target !== undefined && `${realpathSync(join(root, path, '..'))}${sep}`.startsWith(`${target}${sep}`);
  if (inside.startsWith('..') || isAbsolute(inside) || isLoop) {
    throw new ValidationError({
      at,
      prop,
      got: path,
      want: 'no symbolic link that leads out of the directory, nowhere or into itself',
    });
  }
}

function textOrBytes(bytes: Buffer): string | Uint8Array {
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) && !text.includes('\0') ? text : bytes;
}
