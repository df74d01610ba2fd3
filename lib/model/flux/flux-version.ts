import lt from 'semver/functions/lt';
import valid from 'semver/functions/valid';

import { type ErrorThing, type PropPath } from '../error-place';
import { ValidationError } from '../validation-error';

/** The oldest Flux that knows what is written by default: `RetryOnFailure` of a `HelmRelease` came with it. */
export const OLDEST_FLUX = '2.7.0';

/**
 * Refuses what is no version of Flux, and versions that would not understand the files.
 *
 * @param at - the thing that has the version
 */
export function checkFluxVersion(at: ErrorThing, prop: PropPath, version: string): void {
  if (!version.startsWith('v2.') || valid(version) === null) {
    throw new ValidationError({ at, prop, got: version, want: 'a version of Flux such as v2.9.4' });
  }

  if (lt(version, OLDEST_FLUX)) {
    const want = `v${OLDEST_FLUX} or newer: an older Flux does not know all fields of the files`;
    throw new ValidationError({ at, prop, got: version, want });
  }
}
