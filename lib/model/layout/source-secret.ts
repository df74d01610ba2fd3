import { type Component } from '../component/component';
import { type GitSource } from '../component/git-source';
import { WATCH_LABEL, SUBSTITUTE_DISABLED } from '../flux/metadata';
import { type RepositoryFile } from '../manifest/file-tree';
import { toYaml } from '../manifest/yaml';
import { ValidationError } from '../validation-error';
import { type LayoutContext } from './layout';

/** Name of the Secret in `flux-system` from which Flux fills the components' Secrets. Terraform writes it. */
export const GIT_CREDENTIALS_SECRET = 'git-credentials';

/** The values of one Git credential, by the names that a component's Secret has for them. */
export interface CredentialVariables {
  /** Name for the user. */
  readonly username: string;
  /** Name for the password or token. */
  readonly password: string;
}

/**
 * The names of the values of a source's credential: common ones for the GitOps repository, own ones for another.
 *
 * @param component - the component
 * @param source - its source
 */
export function credentialVariables(component: Component, source: GitSource): CredentialVariables {
  const suffix = source.isForeign ? `_${component.name.toUpperCase().replaceAll('-', '_')}` : '';
  return { username: `GIT_USERNAME${suffix}`, password: `GIT_PASSWORD${suffix}` };
}

/**
 * Name of the Secret with the credential of a component's source, in the namespace of its Flux objects.
 *
 * @param component - the component
 * @param context - the cluster and the repository
 */
export function sourceSecretName(component: Component, context: LayoutContext): string | undefined {
  const source = component.sourceFor(context.cluster);
  switch (source?.credential.data.type) {
    case undefined:
      return undefined;
    case 'sops':
    case 'external-secret':
      return source.credential.data.secretName;
    case 'none':
      return certificateAuthorityOf(source, context) === undefined ? undefined : `${component.name}-git`;
    case 'terraform':
      return `${component.name}-git`;
  }
}

/** The GitOps repository's authority is that of its GitLab; another repository says it itself. */
function certificateAuthorityOf(source: GitSource, { repository }: LayoutContext): string | undefined {
  return source.isForeign ? source.certificateAuthority : repository.certificateAuthority;
}

/**
 * `<component>-secret.yaml`: the Secret with the credential of a component's source. It never holds a secret: Flux fills
 * it, SOPS encrypted it, or an ExternalSecret creates it.
 *
 * @param component - the component
 * @param context - the cluster, where its Flux objects go, and the repository
 * @throws ValidationError when the cluster could not make a Secret of the file
 */
export function sourceSecretFile(component: Component, context: LayoutContext): RepositoryFile | undefined {
  const { cluster, target } = context;
  const source = component.sourceFor(cluster);
  const name = sourceSecretName(component, context);
  const namespace = target.namespaceOf(component);
  const at = `component "${component.name}" on cluster "${cluster.name}"`;
  const path = `${component.name}-secret.yaml`;
  if (source === undefined || name === undefined) {
    return undefined;
  }
  const credential = source.credential.data;
  if (credential.type === 'sops') {
    checkSops(at, namespace, credential.namespace, target.decrypts ?? false);
    return { path, content: credential.text };
  }
  if (credential.type === 'external-secret') {
    if (!cluster.externalSecrets) {
      throw new ValidationError({
        at,
        prop: 'source.credential',
        got: 'an ExternalSecret',
        want: 'a cluster with `externalSecrets: true`: an unknown kind blocks everything that Flux applies',
      });
    }
    const { object } = credential;
    const annotations = { ...object.metadata.annotations, ...SUBSTITUTE_DISABLED };
    return { path, content: toYaml([{ ...object, metadata: { ...object.metadata, namespace, annotations } }]) };
  }
  const { username, password } = credentialVariables(component, source);
  const values = credential.type === 'none' ? {} : { username: `\${${username}}`, password: `\${${password}}` };
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace, labels: WATCH_LABEL },
    stringData: { ...values, 'ca.crt': certificateAuthorityOf(source, context) },
  };
  return { path, content: toYaml([secret]) };
}

function checkSops(at: string, namespace: string, secretNamespace: string | undefined, decrypts: boolean): void {
  if (secretNamespace !== namespace) {
    throw new ValidationError({
      at,
      prop: 'source.credential',
      got: `a Secret for namespace "${secretNamespace ?? ''}"`,
      want: `a Secret for namespace "${namespace}"; SOPS signs the file, so it cannot be changed here`,
    });
  }
  if (!decrypts) {
    throw new ValidationError({
      at,
      prop: 'source.credential',
      got: 'a Secret encrypted by SOPS',
      want: 'FluxPatch.rootDecryption() among the patches of Flux: without it Flux applies the ciphertext and reports success',
    });
  }
}
