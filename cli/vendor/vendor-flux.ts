import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { BUNDLE_LOCK, formatBundleLock, parseBundleLock } from '../../lib/model/flux/gotk/bundle-lock';
import { gotkComponents } from '../../lib/model/flux/gotk/gotk-components';
import { CommandError } from '../command-error';
import { replaceDirectory } from '../replace-directory';
import { type FluxSource } from './flux-source';

/** What to keep, and where. */
export interface VendorFluxProps extends FluxSource {
  /** Version of Flux. */
  readonly version: string;
  /** Directory of all versions. */
  readonly out: string;
  /**
   * Whether a bundle is taken that differs from the one in the lock file.
   *
   * @default false
   */
  readonly force?: boolean;
}

/** What was kept. */
export interface VendoredFlux {
  /** Directory of the version. */
  readonly directory: string;
  /** Version of Flux. */
  readonly version: string;
  /** Where the bundle came from. */
  readonly source: string;
  /** Whether something was written. */
  readonly changed: boolean;
  /** SHA-256 of each file, by its name. */
  readonly files: Readonly<Record<string, string>>;
}

/**
 * Puts a bundle and its lock file into a directory: as a whole, or not at all.
 *
 * @throws CommandError when the directory holds something else
 */
export function vendorFlux(props: VendorFluxProps): VendoredFlux {
  const { bundle, version, source, archive, out } = props;
  // What the library cannot make manifests of is not kept.
  gotkComponents(bundle, { version });
  const directory = join(out, version);
  const { digests } = bundle;
  const result = { directory, version, source, files: digests };
  const files = new Map([
    ...bundle.files,
    [BUNDLE_LOCK, formatBundleLock({ version, source, archive, files: digests })],
  ]);
  const before = entriesOf(directory);
  if (before.length > 0) {
    const locked = lockedFiles(directory);
    refuseForeign(directory, before, locked);
    refuseOther(directory, locked, digests, props.force === true);
    if (
      before.length === files.size &&
      [...bundle.files].every(([name, text]) => isText(join(directory, name), text))
    ) {
      return { ...result, changed: false };
    }
  }
  replaceDirectory(directory, (fresh) => files.forEach((text, name) => writeFileSync(join(fresh, name), text)));
  return { ...result, changed: true };
}

function entriesOf(directory: string): readonly string[] {
  const stat = statSync(directory, { throwIfNoEntry: false });
  if (stat !== undefined && !stat.isDirectory()) throw new CommandError(`${directory}: want a directory, not a file`);
  return stat === undefined ? [] : readdirSync(directory);
}

function lockedFiles(directory: string): Readonly<Record<string, string>> {
  try {
    return parseBundleLock(directory, readFileSync(join(directory, BUNDLE_LOCK), 'utf8')).files;
  } catch {
    return {};
  }
}

function refuseForeign(directory: string, entries: readonly string[], locked: Readonly<Record<string, string>>): void {
  const foreign = entries.find((name) => name !== BUNDLE_LOCK && !(name in locked));
  if (foreign !== undefined) {
    throw new CommandError(`${directory}: "${foreign}" is not in ${BUNDLE_LOCK}, and would be lost`);
  }
}

/** A release never changes, so another content of the same version is worth a question. */
function refuseOther(
  directory: string,
  locked: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>>,
  force: boolean,
): void {
  const names = [...new Set([...Object.keys(locked), ...Object.keys(wanted)])];
  const other = names.find((name) => locked[name] !== wanted[name]);
  if (other !== undefined && Object.keys(locked).length > 0 && !force) {
    const what = `${other} differs from the one in ${BUNDLE_LOCK}, though a release never changes`;
    throw new CommandError(`${directory}: ${what}. Take it with --force`);
  }
}

function isText(file: string, text: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true && readFileSync(file, 'utf8') === text;
}
