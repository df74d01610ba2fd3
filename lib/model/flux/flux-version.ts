import valid from 'semver/functions/valid';

import { ValidationError } from '../validation-error';

/**
 * Refuses what is no version of Flux.
 *
 * @param at - the thing that has the version
 * @param prop - the prop that holds it
 * @param version - the version
 * @throws ValidationError
 */
export function checkFluxVersion(at: string, prop: string, version: string): void {
  if (!version.startsWith('v2.') || valid(version) === null) {
    throw new ValidationError({ at, prop, got: version, want: 'a version of Flux such as v2.9.4' });
  }
}
