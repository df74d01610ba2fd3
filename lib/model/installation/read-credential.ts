import { type ErrorThing } from '../error-place';
import { checkTime } from '../flux/expiry';

/**
 * With what Flux reads the GitOps repository: a deploy token of yours in Terraform variables, or one that Terraform
 * creates and so keeps in its state.
 */
export type ReadCredentialDefinition =
  | { readonly type: 'variables'; readonly revision?: number }
  | { readonly type: 'deploy-token'; readonly expiresAt?: string };

/** What every installation can be told about its credential. */
export interface ReadCredentialSettings {
  /**
   * With what Flux reads the repository.
   *
   * @default - Terraform variables
   */
  readonly readCredential?: ReadCredentialDefinition;
}

/** Refuses an end of a token that is no time. */
export function checkReadCredential(at: ErrorThing, { readCredential }: ReadCredentialSettings): void {
  if (readCredential?.type === 'deploy-token') {
    checkTime(at, ['readCredential', 'expiresAt'], readCredential.expiresAt);
  }
}
