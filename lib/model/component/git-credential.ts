import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { type PathOptions } from '../manifest/directory';
import { checkKubernetesObject, type KubernetesObject } from '../manifest/kubernetes-object';
import { checkSecret } from '../manifest/secret';
import { checkRevision } from '../manifest/whole-number';
import { parseObjects } from '../manifest/yaml';
import { ValidationError } from '../validation-error';

const AT = 'git credential';

/** What a {@link GitCredential} is, as data. */
export type GitCredentialData =
  | { readonly type: 'none' }
  | { readonly type: 'terraform'; readonly revision: number }
  | {
      readonly type: 'sops';
      readonly text: string;
      readonly secretName: string;
      readonly namespace: string | undefined;
    }
  | { readonly type: 'external-secret'; readonly object: KubernetesObject; readonly secretName: string };

/** How a Secret comes about that a component refers to. */
export type SecretOrigin = GitCredentialData | { readonly type: 'existing'; readonly secretName: string };

/**
 * How the Secret comes about with which Flux reads a Git repository. Git never holds the credential itself.
 *
 * @see https://fluxcd.io/flux/components/source/gitrepositories/#secret-reference
 */
export class GitCredential {
  /** The repository is public: there is no Secret. */
  public static none(): GitCredential {
    return new GitCredential({ type: 'none' });
  }

  /**
   * User name and password are Terraform variables. Terraform writes them to one Secret in `flux-system`, and Flux
   * fills the component's Secret from it.
   *
   * @param options - the revision, to be raised when the values change, because Terraform cannot compare what it must
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
  ): GitCredential {
    const revision = options.revision ?? 1;
    checkRevision(AT, 'revision', revision);
    return new GitCredential({ type: 'terraform', revision });
  }

  /**
   * The Secret is in Git, encrypted by SOPS. `FluxPatch.rootDecryption()` makes the cluster decrypt it.
   *
   * The file is delivered byte for byte, because SOPS signs its whole content, so it has to name the Secret and the
   * component's namespace itself.
   *
   * @param options - where a relative path starts from
   * @throws ValidationError when the file is not one encrypted Secret
   */
  public static sops(file: string, options: PathOptions = {}): GitCredential {
    const text = readText(file, options.relativeTo);
    const [object, ...others] = parseObjects(text, file);
    checkKubernetesObject(AT, file, object);
    if (others.length > 0 || object.kind !== 'Secret' || !('sops' in object)) {
      throw new ValidationError({ at: AT, prop: file, want: 'one Secret, encrypted by SOPS' });
    }

    checkSecret({ at: AT, file }, object, true);
    const { name, namespace } = object.metadata;
    return new GitCredential({ type: 'sops', text, secretName: name, namespace });
  }

  /**
   * An `ExternalSecret` creates the Secret. The cluster must say that it serves the kind before Flux comes, because an
   * unknown kind blocks everything that Flux applies.
   *
   * @param object - the `ExternalSecret`; its namespace is set to the component's
   * @throws ValidationError when it is another kind
   * @see https://external-secrets.io/latest/api/externalsecret/
   */
  public static externalSecret(object: KubernetesObject): GitCredential {
    checkKubernetesObject(AT, 'object', object);
    if (object.kind !== 'ExternalSecret' || !object.apiVersion.startsWith('external-secrets.io/')) {
      const got = `${object.apiVersion} ${object.kind}`;
      throw new ValidationError({ at: AT, prop: 'object', got, want: 'an ExternalSecret of external-secrets.io' });
    }
    const { target } = (object.spec ?? {}) as { readonly target?: { readonly name?: string } };
    return new GitCredential({ type: 'external-secret', object, secretName: target?.name ?? object.metadata.name });
  }

  private constructor(
    /** What the credential is. */
    public readonly data: GitCredentialData,
  ) {}
}

function readText(file: string, relativeTo = '.'): string {
  try {
    return readFileSync(resolve(relativeTo, file), 'utf8');
  } catch {
    throw new ValidationError({ at: AT, prop: 'file', got: file, want: 'a file that can be read' });
  }
}
