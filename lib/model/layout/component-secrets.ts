import { type Component } from '../component/component';
import { type ComponentSecret } from '../component/component-secret';
import { type ErrorThing, type PropPath } from '../error-place';
import { SUBSTITUTE_DISABLED, WATCH_LABEL } from '../flux/metadata';
import { type ManifestFile, type RepositoryFile } from '../manifest/file-tree';
import { type KubernetesObject } from '../manifest/kubernetes-object';
import { toYaml } from '../manifest/yaml';
import { ValidationError } from '../validation-error';
import { type LayoutContext } from './layout-context';
import { checkKeys } from './sops-files';

/** One value of a component's Secret that comes from a Terraform variable. */
export interface SecretVariable {
  /** Key of the Secret, or field of the registry's entry in it. */
  readonly field: 'username' | 'password' | 'values.yaml';
  /** Name by which Flux fills it in. */
  readonly name: string;
  /** Name of the Terraform variable; undefined for the credential of the GitOps repository. */
  readonly variable: string | undefined;
  /** What the variable is for. */
  readonly description: string;
}

/**
 * What of a Secret comes from Terraform variables: common ones for the GitOps repository, own ones for everything else.
 */
export function secretVariables(component: Component, secret: ComponentSecret): readonly SecretVariable[] {
  const { purpose, isForeign } = secret;
  const suffix = `_${component.name.replaceAll('-', '_')}`;
  if (purpose === 'values') {
    const variable = `helm_values${suffix}`;
    const description = `Secret values of the chart of ${component.name}, in YAML`;
    return [{ field: 'values.yaml', name: variable.toUpperCase(), variable, description }];
  }
  const prefix = purpose === 'git' ? 'git' : nameOfArtifact(component);
  const of = { git: 'Git repository', chart: 'chart', oci: 'OCI artifact' }[prefix];
  const variables = [
    ['username', `User name with which Flux reads the ${of} of ${component.name}`],
    ['password', `Password or token with which Flux reads the ${of} of ${component.name}`],
  ] as const;
  return variables.map(([field, description]) => {
    const variable = `${prefix}_${field}${isForeign ? suffix : ''}`;
    return { field, name: variable.toUpperCase(), variable: isForeign ? variable : undefined, description };
  });
}

/** Name of one of a component's Secrets, in the namespace of its Flux objects. */
export function secretNameOf(
  component: Component,
  secret: ComponentSecret,
  context: LayoutContext,
): string | undefined {
  const { data } = secret.credential;
  const own = `${component.name}-${suffixOf(component, secret)}`;
  switch (data.type) {
    case 'existing':
    case 'sops':
    case 'external-secret':
      return data.secretName;
    case 'none':
      return certificateAuthorityOf(secret, context) === undefined ? undefined : own;
    case 'terraform':
      return own;
  }
}

/** A helm component may read the GitOps repository and that of its chart. */
function suffixOf(component: Component, { purpose, isForeign }: ComponentSecret): string {
  if (purpose === 'values') return 'secret-values';
  return purpose === 'git' && !(isForeign && component.type === 'helm') ? 'git' : nameOfArtifact(component);
}

function nameOfArtifact({ type }: Component): 'chart' | 'oci' {
  return type === 'helm' ? 'chart' : 'oci';
}

/** The GitOps repository's authority is that of its GitLab; another repository says it itself. */
function certificateAuthorityOf(secret: ComponentSecret, { repository }: LayoutContext): string | undefined {
  return secret.isForeign ? secret.certificateAuthority : repository.certificateAuthority;
}

/** The prop of a component that says how a Secret comes about, for messages. */
export function secretProp(component: Component, purpose: ComponentSecret['purpose']): string {
  return purpose === 'values' ? 'valuesFrom' : component.type === 'helm' ? 'chart.credential' : 'source.credential';
}

/**
 * `<component>-secret.yaml`: the Secrets that a component's Flux objects refer to. It never holds a secret: Flux fills
 * it, SOPS encrypted it, or an ExternalSecret creates it.
 *
 * @param context - the cluster, where its Flux objects go, and the repository
 * @throws ValidationError when the cluster could not make a Secret of the file
 */
export function secretFile(component: Component, context: LayoutContext): RepositoryFile | ManifestFile | undefined {
  const contents = new Map<string, string | KubernetesObject>();
  for (const secret of component.secretsFor(context.cluster)) {
    const name = secretNameOf(component, secret, context);
    const content = name === undefined ? undefined : secretContent(component, secret, name, context);
    if (name !== undefined && content !== undefined) contents.set(name, content);
  }
  if (contents.size === 0) return undefined;
  const path = `${component.name}-secret.yaml`;
  const objects = [...contents.values()].filter((content) => typeof content !== 'string');
  if (objects.length === contents.size) return { path, objects };
  // A file of SOPS is delivered byte for byte; it may begin without `---`.
  const [first = '', ...others] = [...contents.values()].map((one) => (typeof one === 'string' ? one : toYaml([one])));
  const content = others.reduce((before, text) => {
    const end = before.endsWith('\n') ? before : `${before}\n`;
    return end + (text.startsWith('---') ? text : `---\n${text}`);
  }, first);
  return { path, content };
}

function secretContent(
  component: Component,
  secret: ComponentSecret,
  name: string,
  context: LayoutContext,
): string | KubernetesObject | undefined {
  const { cluster, target } = context;
  const { data } = secret.credential;
  const namespace = target.namespaceOf(component);
  const at = { component: component.name, cluster: cluster.name };
  const prop = secretProp(component, secret.purpose);
  switch (data.type) {
    case 'existing':
      return undefined;
    case 'sops':
      checkSops(at, prop, namespace, data.namespace, target.decryption !== undefined);
      checkKeys({ at, prop }, data.text, target.decryption?.recipients);
      return data.text;
    case 'external-secret': {
      if (!cluster.externalSecrets) {
        const want = 'a cluster with `externalSecrets: true`: an unknown kind blocks everything that Flux applies';
        throw new ValidationError({ at, prop, got: 'an ExternalSecret', want });
      }
      const { object } = data;
      const annotations = { ...object.metadata.annotations, ...SUBSTITUTE_DISABLED };
      return { ...object, metadata: { ...object.metadata, namespace, annotations } };
    }
    case 'none':
    case 'terraform': {
      const variables = data.type === 'none' ? [] : secretVariables(component, secret);
      return {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name, namespace, labels: WATCH_LABEL },
        ...contentOf(secret, variables, certificateAuthorityOf(secret, context)),
      };
    }
  }
}

function contentOf(secret: ComponentSecret, variables: readonly SecretVariable[], authority?: string): object {
  const filled = (name: string): string => `\${${name}}`;
  if (secret.purpose !== 'registry') {
    const values = Object.fromEntries(variables.map(({ field, name }) => [field, filled(name)]));
    return { stringData: { ...values, 'ca.crt': authority } };
  }
  // What Flux fills in are JSON strings. The text has several lines, so that it stays a block in YAML, without quotes
  // of YAML around those of JSON.
  const entry = variables.map(({ field, name }) => `"${field}": ${filled(name)}`).join(', ');
  const config = `{"auths": {"${secret.host ?? ''}":\n  {${entry}}}}\n`;
  return { type: 'kubernetes.io/dockerconfigjson', stringData: { '.dockerconfigjson': config } };
}

function checkSops(
  at: ErrorThing,
  prop: PropPath,
  namespace: string,
  secretNamespace: string | undefined,
  decrypts: boolean,
): void {
  if (secretNamespace !== namespace) {
    throw new ValidationError({
      at,
      prop,
      got: `a Secret for namespace "${secretNamespace ?? ''}"`,
      want: `a Secret for namespace "${namespace}"; SOPS signs the file, so it cannot be changed here`,
    });
  }
  if (!decrypts) {
    throw new ValidationError({
      at,
      prop,
      got: 'a Secret encrypted by SOPS',
      want: 'FluxPatch.rootDecryption() among the patches of Flux: without it Flux applies the ciphertext and reports success',
    });
  }
}
