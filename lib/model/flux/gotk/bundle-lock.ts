import { basename, dirname } from 'node:path';

import { ValidationError } from '../../validation-error';
import { type FluxBundle } from './flux-bundle';

/** Name of the lock file beside the files of a bundle. */
export const BUNDLE_LOCK = 'bundle.lock.json';

/** Where the manifests of releases are kept, unless told otherwise. */
export const VENDORED_FLUX = 'vendor/flux';

/** What a lock file says about the bundle beside it. */
export interface BundleLock {
  /** Version of Flux. */
  readonly version: string;
  /** Where the bundle came from. */
  readonly source: string;
  /**
   * SHA-256 of the archive that the files are from.
   *
   * @default - they came from a directory
   */
  readonly archive?: string;
  /** SHA-256 of each file, by its name. */
  readonly files: Readonly<Record<string, string>>;
}

/** The content of a lock file. */
export function formatBundleLock(lock: BundleLock): string {
  return `${JSON.stringify(lock, undefined, 2)}\n`;
}

/**
 * Refuses a bundle that is not what its lock file says.
 *
 * @param version - the version of Flux that is wanted
 * @throws ValidationError with the file that was altered
 */
export function checkBundleLock(bundle: FluxBundle, text: string, version: string): void {
  const { at, digests } = bundle;
  const lock = parseBundleLock(`${at}/${BUNDLE_LOCK}`, text);
  const again = vendorCommand(at, version);
  if (lock.version !== version) {
    throw new ValidationError({ at, prop: 'version', got: lock.version, want: `${version}: ${again}` });
  }

  for (const name of new Set([...Object.keys(lock.files), ...Object.keys(digests)])) {
    const [locked, actual] = [lock.files[name], digests[name]];
    if (locked !== actual) {
      const what = actual === undefined ? 'is not there' : locked === undefined ? 'was added' : 'was altered';
      throw new ValidationError({ at, prop: name, want: `the file of ${BUNDLE_LOCK}, but it ${what}. Try: ${again}` });
    }
  }
}

/** The command that brings a bundle. */
export function vendorCommand(directory: string, version: string): string {
  const out = dirname(directory);
  const isUsual = basename(directory) !== version || out === VENDORED_FLUX;
  return `gitlab-flux vendor flux --version ${version}${isUsual ? '' : ` --out ${out}`}`;
}

/**
 * Reads a lock file.
 *
 * @throws ValidationError when it is none
 */
export function parseBundleLock(at: string, text: string): BundleLock {
  try {
    const lock = JSON.parse(text) as Partial<BundleLock> | null;
    if (typeof lock?.version === 'string' && typeof lock.files === 'object') return lock as BundleLock;
  } catch {
    // Said below.
  }
  throw new ValidationError({ at, want: 'a lock file that gitlab-flux vendor flux wrote' });
}
