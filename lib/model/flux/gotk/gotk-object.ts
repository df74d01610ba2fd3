import { ValidationError } from '../../validation-error';
import { type ResolvedGotkOptions } from './gotk-options';

/** An object of a bundle, as far as it is looked at. */
export interface GotkObject {
  /** Group and version. */
  readonly apiVersion: string;
  /** Kind. */
  readonly kind: string;
  /** Name and labels. */
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  /**
   * The role of a binding.
   *
   * @default - no binding
   */
  readonly roleRef?: { readonly name: string };
  /**
   * What is wanted.
   *
   * @default - the kind has none
   */
  readonly spec?: object;
}

interface Deployment extends GotkObject {
  readonly spec: {
    readonly template: {
      readonly metadata: { readonly labels?: Readonly<Record<string, string>> };
      readonly spec: { readonly containers: readonly Container[]; readonly nodeSelector?: object };
    };
  };
}

interface Container {
  readonly image: string;
  readonly args: readonly string[];
}

const WITHOUT_NAMESPACE = ['Namespace', 'ClusterRole', 'ClusterRoleBinding', 'CustomResourceDefinition'];

/**
 * An object with more labels, and in a namespace when its kind has one.
 *
 * @param labels - labels that win over its own
 */
export function labelled(object: GotkObject, labels: Readonly<Record<string, string>>, namespace: string): GotkObject {
  const place = WITHOUT_NAMESPACE.includes(object.kind) ? {} : { namespace };
  const { metadata } = object;
  return { ...object, metadata: { ...metadata, ...place, labels: { ...metadata.labels, ...labels } } };
}

/**
 * A controller's Deployment as the options say.
 *
 * @throws ValidationError when the controller has fewer arguments than the CLI replaces
 */
export function patchDeployment(
  object: GotkObject,
  options: ResolvedGotkOptions,
  labels: Readonly<Record<string, string>>,
): GotkObject {
  const deployment = object as Deployment;
  const { template } = deployment.spec;
  const [container, ...others] = template.spec.containers;
  const patched = container && {
    ...container,
    args: argumentsOf(object.metadata.name, container.args, options),
    image: imageOf(container.image, options),
  };
  const { imagePullSecret, tolerationKeys } = options;
  const spec = {
    ...template.spec,
    containers: [...(patched ? [patched] : []), ...others],
    nodeSelector: { ...template.spec.nodeSelector, 'kubernetes.io/os': 'linux' },
    ...(imagePullSecret === '' ? {} : { imagePullSecrets: [{ name: imagePullSecret }] }),
    ...(tolerationKeys.length === 0 ? {} : { tolerations: tolerationKeys.map((key) => ({ key, operator: 'Exists' })) }),
  };
  const metadata = { ...template.metadata, labels: { ...template.metadata.labels, ...labels } };
  return { ...deployment, spec: { ...deployment.spec, template: { ...template, metadata, spec } } };
}

/** By position, as the CLI does it. */
function argumentsOf(name: string, args: readonly string[], options: ResolvedGotkOptions): readonly string[] {
  const { controllers, clusterDomain } = options;
  const events = controllers.includes('notification-controller')
    ? `http://notification-controller.$(RUNTIME_NAMESPACE).svc.${clusterDomain}./`
    : '';
  const settings = [`--watch-all-namespaces=${options.watchAllNamespaces}`, `--log-level=${options.logLevel}`];
  const first = name === 'notification-controller' ? settings : [`--events-addr=${events}`, ...settings];
  const replaced: [number, string][] = [...first.entries()];
  if (name === 'source-controller' || name === 'source-watcher') {
    replaced.push([6, `--storage-adv-addr=${name}.$(RUNTIME_NAMESPACE).svc.${clusterDomain}.`]);
  }

  const result = [...args];
  for (const [index, argument] of replaced) {
    if (result[index] === undefined) {
      throw new ValidationError({ at: `Deployment ${name}`, prop: 'args', got: args, want: `at least ${index + 1}` });
    }

    result[index] = argument;
  }
  const watches = controllers.includes('source-watcher') && /^(kustomize|helm)-controller$/.test(name);
  return watches ? [...result, '--feature-gates=ExternalArtifact=true'] : result;
}

function imageOf(image: string, { registry, controllers }: ResolvedGotkOptions): string {
  const [, component = '', tag = ''] = /^fluxcd\/([^:@]+)(.*)$/.exec(image) ?? [];
  return registry !== '' && controllers.includes(component) ? `${registry}/${component}${tag}` : image;
}
