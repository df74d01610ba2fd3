import { checkTime } from '../../flux/expiry';
import { type ReadCredentialDefinition } from '../../layout/flux-definition';
import { type ErrorThing } from '../../error-place';

/**
 * Refuses a credential that GitLab would refuse.
 *
 * @param at - the thing that has it
 * @param credential - with what Flux reads the repository
 * @throws ValidationError
 */
export function checkReadCredential(at: ErrorThing, credential: ReadCredentialDefinition | undefined): void {
  if (credential?.type === 'deploy-token') {
    checkTime(at, ['readCredential', 'expiresAt'], credential.expiresAt);
  }
}
