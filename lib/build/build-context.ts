import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { type RepositoryFile } from '../model/manifest/file-tree';
import { type BuildCache } from './cache/build-cache';
import { type Programs } from './programs/find-programs';

/** What every build needs. */
export interface BuildContext {
  /** The programs of this machine. */
  readonly programs: Programs;
  /** What was built before. */
  readonly cache: BuildCache;
  /** A directory for files that programs read. It is gone afterwards. */
  readonly workspace: string;
  /** What is being built now, by its key, so that what several clusters share is built once. */
  readonly running: Map<string, Promise<unknown>>;
}

/** How long one build may take, in milliseconds. */
export const LONGEST_BUILD = 120_000;

/** Makes something once, whoever asks for it meanwhile. */
export async function once<T>({ running }: BuildContext, key: string, make: () => Promise<T>): Promise<T> {
  const promise = (running.get(key) as Promise<T> | undefined) ?? make();
  running.set(key, promise);
  return promise;
}

/**
 * Makes something that was not made before, once.
 *
 * @param isLasting - whether the next run may take it from the cache
 */
export async function remembered<T>(
  context: BuildContext,
  key: string,
  make: () => Promise<T>,
  isLasting: (made: T) => boolean,
): Promise<T> {
  const { cache } = context;
  return once(context, key, async () => {
    const known = cache.read(key) as T | undefined;
    if (known !== undefined) return known;
    const made = await make();
    if (isLasting(made)) cache.write(key, made);
    return made;
  });
}

const digests = new WeakMap<RepositoryFile, string>();

/** What stands for the content of files in a key. */
export function digestsOf(files: readonly RepositoryFile[]): readonly (readonly [string, string])[] {
  return files.map((file) => {
    const digest = digests.get(file) ?? createHash('sha256').update(file.content).digest('base64');
    digests.set(file, digest);
    return [file.path, digest] as const;
  });
}

/**
 * Writes files for a program.
 *
 * @param files - the files, with paths below it
 */
export function writeFiles(directory: string, files: Iterable<readonly [string, string | Uint8Array]>): void {
  for (const [path, content] of files) {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}
