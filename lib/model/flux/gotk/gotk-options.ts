import { checkDnsLabel } from '../../manifest/kubernetes-name';
import { ValidationError } from '../../validation-error';
import { CONTROLLER_SETTINGS, DEFAULT_CONTROLLERS, type FluxControllerSettings } from '../controller-settings';
import { FLUX_NAMESPACE } from '../metadata';
import { checkSettings, defaultsOf, matching } from '../setting';
import { isPlainText } from './go-yaml';

/**
 * What `flux install` can be told about the manifests. Names and defaults are those of its flags. An empty registry leaves
 * images as the bundle names them.
 *
 * @see https://fluxcd.io/flux/cmd/flux_install/
 */
export interface GotkOptions extends Omit<FluxControllerSettings, 'controllers'> {
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
  readonly controllers?: readonly string[];
}

/** {@link GotkOptions} with all defaults. */
export type ResolvedGotkOptions = Required<GotkOptions>;

/** A bundle may have more controllers than are known. */
const { controllers: _, ...SETTINGS } = CONTROLLER_SETTINGS;

const DEFAULTS = {
  namespace: FLUX_NAMESPACE,
  imagePullSecret: '',
  tolerationKeys: [],
  ...defaultsOf(SETTINGS),
  controllers: DEFAULT_CONTROLLERS,
};

/**
 * Options with their defaults.
 *
 * @param at - the thing that has the options
 * @throws ValidationError when the flux CLI would fail with one of them, or write something else than it says
 */
export function resolveGotkOptions(at: string, options: GotkOptions): ResolvedGotkOptions {
  const said = Object.entries(options).filter(([, value]) => value !== undefined);
  const resolved = { ...DEFAULTS, ...Object.fromEntries(said) } as unknown as ResolvedGotkOptions;
  check(at, resolved);
  return resolved;
}

/** The release's name, and at most 63 characters because it is the value of a label. */
const checkRelease = matching(/^v[0-9]+\.[0-9]+\.[0-9]+([-.][0-9A-Za-z.-]{0,50})?$/, 'a version such as v2.9.4');

function check(at: string, options: ResolvedGotkOptions): void {
  const { controllers, imagePullSecret, ...others } = options;
  checkRelease(at, 'version', options.version);
  checkDnsLabel(at, 'namespace', options.namespace);
  checkReading(at, 'namespace', options.namespace);
  const said = Object.entries({ imagePullSecret, ...others }).filter(([, value]) => value !== '');
  checkSettings(at, SETTINGS, Object.fromEntries(said));
  // Here the CLI does quote the words that only older YAML takes for booleans.
  if (!/^(y|n|yes|no|on|off|)$/.test(imagePullSecret)) checkReading(at, 'imagePullSecret', imagePullSecret);
  if (new Set(controllers).size < controllers.length) {
    throw new ValidationError({ at, prop: 'controllers', got: controllers, want: 'each controller once' });
  }
}

/** The flux CLI writes these into YAML templates without quotes. */
function checkReading(at: string, prop: string, text: string): void {
  if (!isPlainText(text)) {
    throw new ValidationError({ at, prop, got: text, want: 'text that YAML does not take for a number or a boolean' });
  }
}
