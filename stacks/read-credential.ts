import { GitReadCredentialSource, type IGitReadCredentialSource } from '../lib/constructs/flux/git-read-credential';
import { type ReadCredentialDefinition } from '../lib/model/installation/read-credential';

/**
 * With what Flux reads the repository, as a definition says it.
 *
 * @param definition - the definition; Terraform variables when there is none
 */
export function readCredentialOf(
  definition: ReadCredentialDefinition = { type: 'variables' },
): IGitReadCredentialSource {
  return definition.type === 'variables'
    ? GitReadCredentialSource.variables({ revision: definition.revision })
    : GitReadCredentialSource.deployToken({ expiresAt: definition.expiresAt });
}
