import validRange from 'semver/ranges/valid';

import { type ErrorThing, type PropPath } from '../error-place';
import { ValidationError } from '../validation-error';

/**
 * Refuses what is neither a version nor a range of versions. Flux and Helm read ranges by the rules of Masterminds/semver,
 * which has a comma where that of Node.js has a space, and `!=` besides.
 *
 * @param at - the thing that has the range
 * @see https://github.com/Masterminds/semver#checking-version-constraints
 */
export function checkVersionRange(at: ErrorThing, prop: PropPath, range: string): void {
  const alternatives = range.replaceAll(',', ' ').replaceAll('!=', '=').split('||');
  if (alternatives.some((one) => one.trim() === '' || validRange(one) === null)) {
    const want = 'a version such as 1.2.3, or a range such as 1.x or >=1.2.0, <2.0.0';
    throw new ValidationError({ at, prop, got: range, want });
  }
}
