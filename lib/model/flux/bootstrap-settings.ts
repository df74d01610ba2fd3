import valid from 'semver/functions/valid';

import { checkDnsSubdomain } from '../manifest/kubernetes-name';
import { ValidationError } from '../validation-error';
import { checkDuration } from './duration';
import { type FluxPatch } from './flux-patch';
import { type GotkFilesSettings } from './gotk/gotk-files-settings';
import { FLUX_NAMESPACE } from './metadata';
import { type FluxController } from './patches/controllers';

/** The controllers that Flux installs unless told otherwise. */
export const DEFAULT_CONTROLLERS: readonly FluxController[] = [
  'source-controller',
  'kustomize-controller',
  'helm-controller',
  'notification-controller',
];

/**
 * How Flux is installed on a cluster: what `flux bootstrap gitlab` can be told, as far as it concerns the cluster. Names
 * and defaults are those of its flags.
 *
 * @see https://fluxcd.io/flux/cmd/flux_bootstrap_gitlab/
 */
export interface FluxBootstrapSettings extends GotkFilesSettings {
  /** Version of Flux, for example `v2.9.4`: that of the CLI's image, which brings the controllers of its version. */
  readonly version: string;
  /**
   * Controllers to install (`--components`, `--components-extra`). source-controller and kustomize-controller are needed.
   *
   * @default - source, kustomize, helm and notification-controller
   */
  readonly components?: readonly FluxController[];
  /**
   * Registry and path of the controllers' images (`--registry`).
   *
   * @default 'ghcr.io/fluxcd'
   */
  readonly registry?: string;
  /**
   * Name of a Secret in `flux-system` to pull the controllers' images with (`--image-pull-secret`).
   *
   * @default - none
   */
  readonly imagePullSecret?: string;
  /**
   * Whether NetworkPolicies close the controllers to other namespaces (`--network-policy`).
   *
   * @default true
   */
  readonly networkPolicy?: boolean;
  /**
   * Whether Flux serves all namespaces (`--watch-all-namespaces`). Components live in namespaces of their own, so
   * without it only the trigger `pipeline` works.
   *
   * @default true
   */
  readonly watchAllNamespaces?: boolean;
  /**
   * How much the controllers log (`--log-level`).
   *
   * @default 'info'
   */
  readonly logLevel?: 'debug' | 'info' | 'error';
  /**
   * DNS domain of the cluster (`--cluster-domain`).
   *
   * @default 'cluster.local'
   */
  readonly clusterDomain?: string;
  /**
   * Keys of taints that the controllers tolerate (`--toleration-keys`).
   *
   * @default - none
   */
  readonly tolerationKeys?: readonly string[];
  /**
   * Name of the Secret with which Flux reads the GitOps repository (`--secret-name`).
   *
   * @default 'flux-system'
   */
  readonly secretName?: string;
  /**
   * How often Flux asks the GitOps repository for news (`--interval`).
   *
   * @default '1m'
   */
  readonly interval?: string;
  /**
   * Whether Flux fetches submodules of the GitOps repository (`--recurse-submodules`).
   *
   * @default false
   */
  readonly recurseSubmodules?: boolean;
  /**
   * What Flux reads the GitOps repository with.
   *
   * - `read-only`: a deploy token that may only read, which Terraform owns. The CLI pushes with its own token, which
   *   does not stay on the cluster as Flux's credential.
   * - `deploy-token`: a deploy token that the CLI creates anew with every run (`--deploy-token-auth`). It stays valid
   *   after Flux has been removed.
   * - `token`: the token that the CLI pushes with (`--token-auth`). Whoever can read it can write.
   *
   * @default 'read-only'
   */
  readonly authentication?: 'read-only' | 'deploy-token' | 'token';
  /**
   * Whether the project belongs to a user and not to a group (`--personal`).
   *
   * @default false
   */
  readonly personal?: boolean;
  /**
   * GitLab groups that get maintainer access to the project (`--team`).
   *
   * @default - none
   */
  readonly teams?: readonly string[];
  /**
   * Who the CLI's commits are by (`--author-name`, `--author-email`).
   *
   * @default - Flux, without an address
   */
  readonly author?: {
    /**
     * Name.
     *
     * @default 'Flux'
     */
    readonly name?: string;
    /**
     * Address.
     *
     * @default - none
     */
    readonly email?: string;
  };
  /**
   * Text behind the message of the CLI's commits (`--commit-message-appendix`), for example `[skip ci]`.
   *
   * @default - none
   */
  readonly commitMessageAppendix?: string;
  /**
   * Changes to Flux itself, in this order.
   *
   * @default - none
   */
  readonly patches?: readonly FluxPatch[];
}

/** The project and the directory that the CLI bootstraps. */
export interface BootstrapTarget {
  /** Full path of the project: `platform/fleet`. */
  readonly projectPath: string;
  /** Host of GitLab, with a port when it is not 443. */
  readonly hostname: string;
  /** Branch that the cluster follows. */
  readonly branch: string;
  /** Directory of the cluster: `clusters/uni-dev`. */
  readonly path: string;
}

/**
 * The arguments for `flux bootstrap gitlab`, one flag each, without a secret.
 *
 * @param settings - how Flux is installed
 * @param target - project and directory
 */
export function bootstrapArguments(settings: FluxBootstrapSettings, target: BootstrapTarget): readonly string[] {
  const separator = target.projectPath.lastIndexOf('/');
  const components = settings.components ?? DEFAULT_CONTROLLERS;
  const extra = components.filter((component) => !DEFAULT_CONTROLLERS.includes(component));
  const flags: Readonly<Record<string, string | boolean | undefined>> = {
    hostname: target.hostname,
    owner: target.projectPath.slice(0, separator),
    repository: target.projectPath.slice(separator + 1),
    branch: target.branch,
    path: target.path,
    personal: settings.personal,
    [settings.authentication === 'deploy-token' ? 'deploy-token-auth' : 'token-auth']: true,
    components:
      settings.components && DEFAULT_CONTROLLERS.filter((component) => components.includes(component)).join(','),
    'components-extra': extra.length === 0 ? undefined : extra.join(','),
    registry: settings.registry,
    'image-pull-secret': settings.imagePullSecret,
    'network-policy': settings.networkPolicy,
    'watch-all-namespaces': settings.watchAllNamespaces,
    'log-level': settings.logLevel,
    'cluster-domain': settings.clusterDomain,
    'toleration-keys': settings.tolerationKeys?.join(','),
    'secret-name': settings.secretName,
    interval: settings.interval,
    'recurse-submodules': settings.recurseSubmodules,
    'author-name': settings.author?.name,
    'author-email': settings.author?.email,
    'commit-message-appendix': settings.commitMessageAppendix,
  };
  return [
    ...Object.entries(flags).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${String(value)}`])),
    ...(settings.teams ?? []).map((team) => `--team=${team}`),
  ];
}

/**
 * Refuses settings with which the CLI would fail, or which would leave a cluster that does not work.
 *
 * @param at - the thing that has the settings
 * @param settings - the settings
 * @throws ValidationError
 */
export function checkBootstrapSettings(at: string, settings: FluxBootstrapSettings): void {
  const { version, components = DEFAULT_CONTROLLERS } = settings;
  if (!version.startsWith('v2.') || valid(version) === null) {
    throw new ValidationError({ at, prop: 'version', got: version, want: 'a version of Flux such as v2.9.4' });
  }
  for (const needed of ['source-controller', 'kustomize-controller'] as const) {
    if (!components.includes(needed)) {
      throw new ValidationError({ at, prop: 'components', got: components, want: `${needed} among the components` });
    }
  }
  checkDuration(at, 'interval', settings.interval);
  checkSecretName(at, 'secretName', settings.secretName);
  checkSecretName(at, 'imagePullSecret', settings.imagePullSecret);
  for (const [prop, text] of textsOf(settings)) {
    checkArgument(at, prop, text);
  }
}

/**
 * Refuses what would reach a program in a container as something else: Kubernetes replaces `$(NAME)` and `$$` in
 * arguments.
 *
 * @param at - the thing that has the text
 * @param prop - the prop that holds it
 * @param text - the text
 * @throws ValidationError
 * @see https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/
 */
export function checkArgument(at: string, prop: string, text: string | undefined): void {
  if (text !== undefined && /\$[($]|\0/.test(text)) {
    throw new ValidationError({ at, prop, got: text, want: 'text without `$(` and `$$`, which Kubernetes replaces' });
  }
}

/** Names of Secrets in `flux-system` that this library writes for something else. */
const RESERVED_SECRETS = ['flux-bootstrap-token', 'flux-cli-saved-credentials', 'git-credentials'];

function checkSecretName(at: string, prop: string, name: string | undefined): void {
  if (name === undefined) {
    return;
  }
  checkDnsSubdomain(at, prop, name);
  if (RESERVED_SECRETS.includes(name)) {
    throw new ValidationError({ at, prop, got: name, want: 'another name: this library writes a Secret of that name' });
  }
}

/** The texts of people that become arguments, by their props. */
function textsOf(settings: FluxBootstrapSettings): readonly (readonly [string, string | undefined])[] {
  const { tolerationKeys = [], teams = [] } = settings;
  return [
    ['registry', settings.registry],
    ['clusterDomain', settings.clusterDomain],
    ['author.name', settings.author?.name],
    ['author.email', settings.author?.email],
    ['commitMessageAppendix', settings.commitMessageAppendix],
    ...tolerationKeys.map((key, index) => [`tolerationKeys[${index}]`, key] as const),
    ...teams.map((team, index) => [`teams[${index}]`, team] as const),
  ];
}

/**
 * Name of the Secret in `flux-system` with which Flux reads the GitOps repository.
 *
 * @param settings - how Flux is installed
 */
export function sourceSecretNameOf(settings: Pick<FluxBootstrapSettings, 'secretName'>): string {
  return settings.secretName ?? FLUX_NAMESPACE;
}
