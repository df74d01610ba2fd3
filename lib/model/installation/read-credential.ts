import { below } from '../error-place';
import { checkTime } from '../flux/expiry';
import { type SettingsOf } from '../flux/setting';

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

/** With what Flux reads the GitOps repository. */
export const READ_CREDENTIAL = {
  readCredential: {
    type: 'other',
    name: 'readCredential',
    check: (at, prop, credential) => {
      if (credential.type === 'deploy-token') checkTime(at, below(prop, 'expiresAt'), credential.expiresAt);
    },
  },
} satisfies SettingsOf<ReadCredentialSettings>;
