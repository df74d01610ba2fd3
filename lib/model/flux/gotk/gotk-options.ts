import { type PropPath } from '../../error-place';
import { checkDnsLabel, checkDnsSubdomain } from '../../manifest/kubernetes-name';
import { ValidationError } from '../../validation-error';
import { DEFAULT_CONTROLLERS, type FluxControllerSettings } from '../controller-settings';
import { FLUX_NAMESPACE } from '../metadata';
import { isPlainText } from './go-yaml';

/**
 * What `flux install` can be told about the manifests. Names and defaults are those of its flags. An empty registry leaves
 * images as the bundle names them.
 *
 * @see https://fluxcd.io/flux/cmd/flux_install/
 */
export interface GotkOptions extends Omit<FluxControllerSettings, 'components'> {
  /** Version of Flux, for example `v2.9.4`. It becomes a label of every object. */
  readonly version: string;
  /**
   * Namespace of Flux (`--namespace`).
   *
   * @default 'flux-system'
   */
  readonly namespace?: string;
  /**
   * Controllers in the order in which they are written (`--components`, then `--components-extra`).
   *
   * @default - source, kustomize, helm and notification-controller
   */
  readonly components?: readonly string[];
}

/** {@link GotkOptions} with all defaults. */
export type ResolvedGotkOptions = Required<GotkOptions>;

/**
 * Options with their defaults.
 *
 * @param at - the thing that has the options
 * @throws ValidationError when the flux CLI would fail with one of them, or write something else than it says
 */
export function resolveGotkOptions(at: string, options: GotkOptions): ResolvedGotkOptions {
  const resolved: ResolvedGotkOptions = {
    version: options.version,
    namespace: options.namespace ?? FLUX_NAMESPACE,
    components: options.components ?? DEFAULT_CONTROLLERS,
    registry: options.registry ?? 'ghcr.io/fluxcd',
    imagePullSecret: options.imagePullSecret ?? '',
    watchAllNamespaces: options.watchAllNamespaces ?? true,
    networkPolicy: options.networkPolicy ?? true,
    logLevel: options.logLevel ?? 'info',
    clusterDomain: options.clusterDomain ?? 'cluster.local',
    tolerationKeys: options.tolerationKeys ?? [],
  };
  check(at, resolved);
  return resolved;
}

function check(at: string, options: ResolvedGotkOptions): void {
  const { components, version, registry, imagePullSecret } = options;
  // The release's name, and at most 63 characters because it is the value of a label.
  checkText(at, 'version', version, /^v[0-9]+\.[0-9]+\.[0-9]+([-.][0-9A-Za-z.-]{0,50})?$/, 'a version such as v2.9.4');
  checkDnsLabel(at, 'namespace', options.namespace);
  checkReading(at, 'namespace', options.namespace);
  checkText(
    at,
    'registry',
    registry,
    /^$|^[A-Za-z0-9][A-Za-z0-9._:/-]*$/,
    'a registry and path: registry.example.com/flux',
  );
  if (imagePullSecret !== '') {
    checkDnsSubdomain(at, 'imagePullSecret', imagePullSecret);
    // Here the CLI does quote the words that only older YAML takes for booleans.
    if (!/^(y|n|yes|no|on|off)$/.test(imagePullSecret)) checkReading(at, 'imagePullSecret', imagePullSecret);
  }
  checkText(at, 'clusterDomain', options.clusterDomain, /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/, 'a DNS domain');
  options.tolerationKeys.forEach((key, index) =>
    checkText(at, ['tolerationKeys', index], key, /^[A-Za-z0-9]([A-Za-z0-9._/-]*[A-Za-z0-9])?$/, 'the key of a taint'),
  );
  const twice = components.find((component, index) => components.indexOf(component) !== index);
  if (twice !== undefined) {
    throw new ValidationError({ at, prop: 'components', got: components, want: 'each component once' });
  }
}

function checkText(at: string, prop: PropPath, text: string, pattern: RegExp, want: string): void {
  if (!pattern.test(text)) throw new ValidationError({ at, prop, got: text, want });
}

/** The flux CLI writes these into YAML templates without quotes. */
function checkReading(at: string, prop: string, text: string): void {
  if (!isPlainText(text)) {
    throw new ValidationError({ at, prop, got: text, want: 'text that YAML does not take for a number or a boolean' });
  }
}
