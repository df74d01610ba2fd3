import { type ErrorThing, type PropPath } from '../error-place';
import { checkDnsSubdomain } from '../manifest/kubernetes-name';
import { ValidationError } from '../validation-error';

/** Names of Secrets in `flux-system` that this library writes for something else. */
const RESERVED =
  /^(flux-bootstrap-token|flux-cli-saved-credentials|git-credentials|webhook-(receiver|token|spoke-.*))$/;

/**
 * Refuses what is no name of a Secret, and names in `flux-system` that are taken.
 *
 * @param at - the thing that has the name
 */
export function checkSecretName(at: ErrorThing, prop: PropPath, name: string): void {
  checkDnsSubdomain(at, prop, name);
  if (RESERVED.test(name)) {
    throw new ValidationError({ at, prop, got: name, want: 'another name: this library writes a Secret of that name' });
  }
}
