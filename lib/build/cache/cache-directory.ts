import { mkdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';

import { filesBelow } from '../../model/manifest/files-below';

const DAY = 24 * 60 * 60 * 1000;
const LONGEST_UNUSED = 30 * DAY;
const MOST_BYTES = 512 * 1024 * 1024;

/**
 * The directory for what was built, below that of the user's caches.
 *
 * @returns undefined when the user has no directory for caches
 * @see https://specifications.freedesktop.org/basedir-spec/latest/
 */
export function cacheDirectory(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  const { XDG_CACHE_HOME, LOCALAPPDATA, HOME } = environment;
  const below = process.platform === 'darwin' ? join('Library', 'Caches') : '.cache';
  const candidates = [XDG_CACHE_HOME, LOCALAPPDATA, HOME === undefined ? undefined : join(HOME, below)];
  const found = candidates.find((directory) => directory !== undefined && isAbsolute(directory));
  return found === undefined ? undefined : join(found, 'cdktf-gitlab-flux', 'build');
}

/** Takes away what nobody has used for 30 days, and of the rest the oldest beyond 512 MiB. It looks once a day. */
export function tidyCache(directory: string, now: number): void {
  const mark = join(directory, 'tidied');
  const last = statSync(mark, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (now - last < DAY) return;
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    writeFileSync(mark, '');
    utimesSync(mark, new Date(now), new Date(now));
    removeOld(directory, now);
  } catch {
    // Another process is at it, or nothing can be written here.
  }
}

function removeOld(directory: string, now: number): void {
  const entries = filesBelow(directory)
    .filter((name) => name !== 'tidied')
    .map((name) => {
      const path = join(directory, name);
      const { size, mtimeMs } = statSync(path);
      return { path, size, mtimeMs };
    })
    .sort((a, b) => b.mtimeMs - a.mtimeMs);
  let bytes = 0;
  for (const { path, size, mtimeMs } of entries) {
    bytes += size;
    if (bytes > MOST_BYTES || now - mtimeMs > LONGEST_UNUSED) rmSync(path, { force: true });
  }
}
