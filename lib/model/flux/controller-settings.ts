import { type FluxController } from './patches/controllers';

/** The controllers that Flux installs unless told otherwise. */
export const DEFAULT_CONTROLLERS: readonly FluxController[] = [
  'source-controller',
  'kustomize-controller',
  'helm-controller',
  'notification-controller',
];

/**
 * The controllers of Flux: what decides about `gotk-components.yaml` besides the version. Names and defaults are those of
 * the flux CLI.
 *
 * @see https://fluxcd.io/flux/cmd/flux_install/
 */
export interface FluxControllerSettings {
  /**
   * Controllers to install (`--components`), in the order in which Flux's own file has them. source-controller and
   * kustomize-controller are needed.
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
  /** Name of a Secret in the namespace of Flux to pull the controllers' images with (`--image-pull-secret`). */
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
  /** Keys of taints that the controllers tolerate (`--toleration-keys`). */
  readonly tolerationKeys?: readonly string[];
}

/** Arguments of the flux CLI for its controllers, but for which ones they are. */
export function controllerFlags(settings: Omit<FluxControllerSettings, 'components'>): FluxCliFlags {
  return {
    registry: settings.registry,
    'image-pull-secret': settings.imagePullSecret,
    'network-policy': settings.networkPolicy,
    'watch-all-namespaces': settings.watchAllNamespaces,
    'log-level': settings.logLevel,
    'cluster-domain': settings.clusterDomain,
    'toleration-keys': settings.tolerationKeys?.join(','),
  };
}

/** Flags of the flux CLI by name; undefined: not given. */
export type FluxCliFlags = Readonly<Record<string, string | boolean | undefined>>;

/** Flags as arguments, `--name=value` each. */
export function fluxCliArguments(flags: FluxCliFlags): readonly string[] {
  return Object.entries(flags).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${String(value)}`]));
}
