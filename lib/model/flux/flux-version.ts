import lt from 'semver/functions/lt';
import valid from 'semver/functions/valid';
import gtr from 'semver/ranges/gtr';
import intersects from 'semver/ranges/intersects';
import minVersion from 'semver/ranges/min-version';

import { type ErrorThing, type PropPath } from '../error-place';
import { ValidationError } from '../validation-error';

/** The oldest Flux that knows what is written by default: `RetryOnFailure` of a `HelmRelease` came with it. */
export const OLDEST_FLUX = '2.7.0';
/** The newest Flux that was tried. */
const NEWEST_FLUX = '2.9';

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

/**
 * Why a Flux may do otherwise than this library expects: nobody has tried it.
 *
 * @param version - a version or a range; undefined when nobody knows
 */
export function fluxVersionWarnings(version: string | undefined): readonly { readonly message: string }[] {
  const oldest = version === undefined ? null : minVersion(version.replace(/^v/, ''));
  if (version === undefined || oldest === null || !gtr(oldest, `~${NEWEST_FLUX}`)) return [];
  return [{ message: `Flux ${version} is newer than what this release was tried with, up to ${NEWEST_FLUX}` }];
}

/**
 * Refuses a field that the Flux of a cluster does not know yet: the API server would refuse the object, and with it
 * everything that is applied together with it.
 *
 * @param at - the thing that has the field
 * @param since - the version of Flux that brought it, for example `2.9.0`
 * @param version - that of the cluster, or a range; undefined when nobody knows
 */
export function checkFluxKnows(at: ErrorThing, prop: PropPath, since: string, version: string | undefined): void {
  if (version === undefined) return;
  if (intersects(version.replace(/^v/, ''), `>=${since}`, { includePrerelease: true })) return;
  const want = `nothing, or Flux v${since} or newer on the cluster: ${version} does not know the field`;
  throw new ValidationError({ at, prop, want });
}
