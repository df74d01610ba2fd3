import { type PathOptions } from '../manifest/directory';
import { checkDnsSubdomain } from '../manifest/kubernetes-name';
import { type KubernetesObject } from '../manifest/kubernetes-object';
import { GitCredential, type SecretOrigin } from './git-credential';

/** A Secret of a chart, with the credential of its repository or with values. Git never holds what is secret. */
export class SecretReference {
  /**
   * The Secret is in the namespace of the component's Flux objects already: somebody else creates it.
   *
   * @throws ValidationError when it can be no name
   */
  public static existing(name: string): SecretReference {
    checkDnsSubdomain('secret reference', 'name', name);
    return new SecretReference({ type: 'existing', secretName: name });
  }

  /**
   * The content is in Terraform variables. Terraform writes it to one Secret in `flux-system`, and Flux fills the
   * component's Secret from it.
   *
   * @param options - the revision, to be raised when the content changes, because Terraform cannot compare what it must
   * not keep
   * @throws ValidationError when the revision is not a whole number from 1
   */
  public static terraform(
    options: {
      /**
       * The revision.
       *
       * @default 1
       */
      readonly revision?: number;
    } = {},
  ): SecretReference {
    return new SecretReference(GitCredential.terraform(options).data);
  }

  /**
   * The Secret is in Git, encrypted by SOPS. `FluxPatch.rootDecryption()` makes the cluster decrypt it. The file names
   * the component's namespace itself, because SOPS signs its whole content.
   *
   * @param options - where a relative path starts from
   * @throws ValidationError when the file is not one encrypted Secret
   */
  public static sops(file: string, options: PathOptions = {}): SecretReference {
    return new SecretReference(GitCredential.sops(file, options).data);
  }

  /**
   * An `ExternalSecret` creates the Secret. The cluster must say that it serves the kind before Flux comes.
   *
   * @param object - the `ExternalSecret`; its namespace is set to the component's
   * @throws ValidationError when it is another kind
   * @see https://external-secrets.io/latest/api/externalsecret/
   */
  public static externalSecret(object: KubernetesObject): SecretReference {
    return new SecretReference(GitCredential.externalSecret(object).data);
  }

  private constructor(
    /** How the Secret comes about. */
    public readonly data: SecretOrigin,
  ) {}
}
