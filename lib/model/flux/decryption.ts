import { below, type ErrorThing, type PathStep } from '../error-place';
import { checkDnsSubdomain } from '../manifest/kubernetes-name';
import { checkRecipients } from '../manifest/sops-keys';
import { checkRevision } from '../manifest/whole-number';
import { ValidationError } from '../validation-error';

/** How Flux decrypts what SOPS encrypted. */
export interface Decryption {
  /**
   * Name of the Secret with the keys, in the namespace of the Flux objects. It is not in Git.
   *
   * @default - none: a cloud's key service with workload identity, or the key of `rootDecryption` with `forComponents`
   */
  readonly secretName?: string;
  /**
   * Service account whose workload identity reaches a cloud's key service.
   *
   * @default - the account of kustomize-controller
   */
  readonly serviceAccountName?: string;
  /**
   * Public keys (`age1…`) of the keys in the Secret. A file that none of them can decrypt is refused.
   *
   * @default - nobody knows which keys there are
   */
  readonly recipients?: readonly string[];
}

/** How a root decrypts what it applies: its Secret may be Terraform's. */
export interface RootDecryption extends Decryption {
  /**
   * Terraform writes the Secret before Flux comes, with the key of age that the variable `sops_age_key` has. It needs
   * `recipients`.
   *
   * @default - the Secret is somebody else's
   */
  readonly terraform?: {
    /**
     * Raise it when the variable has another value.
     *
     * @default 1
     */
    readonly revision?: number;
  };
}

/** How the root of a cluster with a Flux of its own decrypts. */
export interface RootDecryptionProps extends RootDecryption {
  /**
   * Whether components that say `decryption` without a Secret decrypt with these keys of age too (`--sops-age-secret`).
   * Whoever may write a `Kustomization` can then decrypt what is for others.
   *
   * @default false
   */
  readonly forComponents?: boolean;
}

/** Public keys of the keys with which components decrypt that name no Secret; undefined when nobody knows them. */
export function componentRecipientsOf(decryption: RootDecryptionProps | undefined): readonly string[] | undefined {
  return decryption?.forComponents === true ? decryption.recipients : undefined;
}

/** A Secret with a key of age that Terraform writes. */
export interface AgeKeySecret {
  /** Its name. */
  readonly name: string;
  /** A number that grows when the key changes. */
  readonly revision: number;
}

/** The Secret that Terraform writes for a decryption; undefined when it writes none. */
export function ageKeySecretOf({ secretName, terraform }: RootDecryption): AgeKeySecret | undefined {
  if (secretName === undefined || terraform === undefined) return undefined;
  return { name: secretName, revision: terraform.revision ?? 1 };
}

/**
 * Refuses a decryption of which Flux would make nothing.
 *
 * @param prefix - where the thing has it; may be empty
 */
export function checkDecryption(at: ErrorThing, prefix: readonly PathStep[], decryption: Decryption): void {
  const { secretName, serviceAccountName, recipients } = decryption;
  if (secretName !== undefined) checkDnsSubdomain(at, below(prefix, 'secretName'), secretName);
  if (serviceAccountName !== undefined) {
    checkDnsSubdomain(at, below(prefix, 'serviceAccountName'), serviceAccountName);
  }
  if (recipients === undefined) return;
  if (secretName === undefined) {
    const want = '`secretName` beside it: the Secret with the keys of these';
    throw new ValidationError({ at, prop: below(prefix, 'recipients'), want });
  }
  checkRecipients(at, below(prefix, 'recipients'), recipients);
}

/**
 * Refuses the decryption of a root of which Flux would make nothing.
 *
 * @param prefix - where the thing has it; may be empty
 */
export function checkRootDecryption(at: ErrorThing, prefix: readonly PathStep[], decryption: RootDecryption): void {
  checkDecryption(at, prefix, decryption);
  const { terraform, recipients } = decryption;
  if (terraform === undefined) return;
  if (recipients === undefined) {
    const want = '`recipients` beside it: the public key of the key, which age-keygen -y prints';
    throw new ValidationError({ at, prop: below(prefix, 'terraform'), want });
  }
  checkRevision(at, below(prefix, 'terraform', 'revision'), terraform.revision ?? 1);
}
