import { type ErrorThing, type PropPath } from '../error-place';
import { checkRegistry } from '../manifest/container-image';
import { ValidationError } from '../validation-error';
import { FLUX_CONTROLLERS, type FluxController } from './patches/controllers';
import { checkSecretName } from './secret-name';
import { matching, type SettingsOf } from './setting';

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
  readonly controllers?: readonly FluxController[];
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

/** The controllers' settings. */
// prettier-ignore
export const CONTROLLER_SETTINGS = {
  controllers: { doc: 'Controllers to install. By default source, kustomize, helm and notification-controller.', type: 'list', of: { doc: 'A controller of Flux.', type: 'choice', words: FLUX_CONTROLLERS }, flag: 'components', instance: ['spec', 'components'], check: checkControllers },
  registry: { doc: "Registry and path of the controllers' images.", type: 'text', default: 'ghcr.io/fluxcd', flag: 'registry', instance: ['distribution', 'registry'], check: checkRegistry },
  imagePullSecret: { doc: "Name of a Secret in `flux-system` to pull the controllers' images with.", type: 'text', flag: 'image-pull-secret', instance: ['distribution', 'imagePullSecret'], check: checkSecretName },
  networkPolicy: { doc: 'NetworkPolicies close the controllers to other namespaces.', type: 'flag', default: true, flag: 'network-policy', instance: ['cluster', 'networkPolicy'] },
  watchAllNamespaces: { doc: 'Flux serves all namespaces.', type: 'flag', default: true, flag: 'watch-all-namespaces' },
  logLevel: { doc: 'How much the controllers log.', type: 'choice', words: ['debug', 'info', 'error'], default: 'info', flag: 'log-level', instance: 'argument' },
  clusterDomain: { doc: 'DNS domain of the cluster.', type: 'text', default: 'cluster.local', flag: 'cluster-domain', instance: ['cluster', 'domain'], check: matching(/^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/, 'a DNS domain') },
  tolerationKeys: { doc: 'Keys of taints that the controllers tolerate.', type: 'list', of: { type: 'text', check: matching(/^[A-Za-z0-9]([A-Za-z0-9._/-]*[A-Za-z0-9])?$/, 'the key of a taint') }, flag: 'toleration-keys' },
} satisfies SettingsOf<FluxControllerSettings>;

function checkControllers(at: ErrorThing, prop: PropPath, controllers: readonly FluxController[]): void {
  const needed = (['source-controller', 'kustomize-controller'] as const).find((each) => !controllers.includes(each));
  if (needed !== undefined) {
    throw new ValidationError({ at, prop, got: controllers, want: `${needed} among the controllers` });
  }
  if (new Set(controllers).size < controllers.length) {
    throw new ValidationError({ at, prop, got: controllers, want: 'each controller once' });
  }
}
