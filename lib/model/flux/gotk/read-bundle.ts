import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { ValidationError } from '../../validation-error';
import { BUNDLE_LOCK, checkBundleLock, vendorCommand } from './bundle-lock';
import { FluxBundle } from './flux-bundle';
import { filesOfTar } from './tar';

/**
 * Reads a bundle. Where a lock file lies beside its files, they must be what the lock file says.
 *
 * @param path - a directory with the files, or `manifests.tar.gz`
 * @param version - the version of Flux that it should be, as far as a lock file knows it
 * @throws ValidationError when there is none, or it has been altered
 */
export function readFluxBundle(path: string, version: string): FluxBundle {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isFile()) return unpackFluxBundle(path, readFileSync(path));
  if (!stat?.isDirectory()) {
    const want = `the manifests of Flux ${version} there: ${vendorCommand(path, version)}`;
    throw new ValidationError({ at: path, want });
  }
  const names = readdirSync(path).filter((name) => name.endsWith('.yaml'));
  const bundle = FluxBundle.of(path, new Map(names.map((name) => [name, readFileSync(join(path, name), 'utf8')])));
  const lock = join(path, BUNDLE_LOCK);
  if (existsSync(lock)) checkBundleLock(bundle, readFileSync(lock, 'utf8'), version);
  return bundle;
}

/**
 * Reads a bundle from the content of `manifests.tar.gz`.
 *
 * @param at - where it is from, for messages
 * @throws ValidationError when it is no archive, or no bundle
 */
export function unpackFluxBundle(at: string, archive: Uint8Array): FluxBundle {
  const files = filesOfArchive(archive);
  if (files === undefined) {
    throw new ValidationError({ at, want: 'manifests.tar.gz of a release of Flux, which is a gzipped tar archive' });
  }

  const manifests = [...files].flatMap(([path, content]): [string, string][] => {
    const name = path.replace(/^\.\//, '');
    // Nothing else is taken, so that no path leads out of the directory.
    return /^[a-z0-9-]+\.yaml$/.test(name) ? [[name, Buffer.from(content).toString('utf8')]] : [];
  });
  return FluxBundle.of(at, new Map(manifests));
}

function filesOfArchive(archive: Uint8Array): ReadonlyMap<string, Uint8Array> | undefined {
  try {
    return filesOfTar(gunzipSync(archive));
  } catch {
    return undefined;
  }
}
