import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { type FileTree, type RepositoryFile } from '../../lib/model/manifest/file-tree';
import { filesBelow } from '../../lib/model/manifest/files-below';
import { CommandError } from '../command-error';
import { replaceDirectory } from '../replace-directory';

/** The file by which a directory is known as one that `render` wrote; it lists what was written. */
const RECORD = '.gitlab-flux-render.json';

/** What writing a tree has changed. */
export interface TreeChanges {
  /** Files that were not there. */
  readonly added: readonly string[];
  /** Files that were there with another content. */
  readonly changed: readonly string[];
  /** Files of an earlier render that are no longer there. */
  readonly removed: readonly string[];
}

/**
 * Makes a directory hold a tree and nothing else: as a whole, or not at all.
 *
 * @param directory - a directory that is not there, is empty, or was written by an earlier call
 * @throws CommandError when the directory holds files of somebody else, or cannot be written
 */
export function writeTree(directory: string, tree: FileTree): TreeChanges {
  try {
    return replaceTree(directory, resolve(directory), tree);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw code === undefined
      ? error
      : new CommandError(`--out: got "${directory}", want a directory that can be written: ${message}`);
  }
}

function replaceTree(directory: string, target: string, tree: FileTree): TreeChanges {
  const before = filesOfEarlierRender(directory, target);
  const changes = compare(target, before, tree);
  replaceDirectory(target, (fresh) => writeFiles(fresh, tree));
  return changes;
}

function writeFiles(directory: string, tree: FileTree): void {
  const made = new Set<string>();
  const write = (path: string, content: RepositoryFile['content'], executable = false): void => {
    const file = join(directory, path);
    if (!made.has(dirname(file))) {
      mkdirSync(dirname(file), { recursive: true });
      made.add(dirname(file));
    }
    writeFileSync(file, content);
    // Whatever the umask is.
    chmodSync(file, executable ? 0o755 : 0o644);
  };
  for (const { path, content, executable } of tree) write(path, content, executable);
  write(RECORD, `${JSON.stringify({ files: tree.paths }, undefined, 2)}\n`);
}

function filesOfEarlierRender(directory: string, target: string): readonly string[] {
  const stat = statSync(target, { throwIfNoEntry: false });
  if (stat === undefined) return [];
  if (!stat.isDirectory()) throw new CommandError(`--out: got "${directory}", want a directory, not a file`);
  const entries = readdirSync(target);
  if (entries.length === 0) return [];
  const present = filesBelow(target, (entry) => !entry.isDirectory());
  const recorded = new Set(recordedFiles(join(target, RECORD)));
  const foreign = present.find((path) => path !== RECORD && !recorded.has(path));
  if (recorded.size === 0 || foreign !== undefined) {
    const example = foreign ?? present[0] ?? entries[0] ?? '';
    throw new CommandError(
      `--out: got "${directory}", want a new or empty directory or one that render wrote: "${example}" is not from render, and would be lost`,
    );
  }
  return present.filter((path) => path !== RECORD);
}

function recordedFiles(file: string): readonly string[] {
  try {
    const { files } = JSON.parse(readFileSync(file, 'utf8')) as { readonly files?: unknown };
    return Array.isArray(files) ? files.filter((path) => typeof path === 'string') : [];
  } catch {
    return [];
  }
}

function compare(target: string, before: readonly string[], tree: FileTree): TreeChanges {
  const present = new Set(before);
  const isChanged = ({ path, content }: RepositoryFile): boolean =>
    present.has(path) && !readFileSync(join(target, path)).equals(Buffer.from(content as Uint8Array));
  return {
    added: tree.paths.filter((path) => !present.has(path)),
    changed: [...tree].filter(isChanged).map(({ path }) => path),
    removed: before.filter((path) => tree.get(path) === undefined),
  };
}
