/**
 * A controller of Flux, by the name of its Deployment.
 *
 * @see https://fluxcd.io/flux/components/
 */
export type FluxController =
  | 'source-controller'
  | 'kustomize-controller'
  | 'helm-controller'
  | 'notification-controller'
  | 'image-reflector-controller'
  | 'image-automation-controller'
  | 'source-watcher';

/** Every controller of Flux, whether it is installed or not. */
export const FLUX_CONTROLLERS: readonly FluxController[] = [
  'source-controller',
  'kustomize-controller',
  'helm-controller',
  'notification-controller',
  'image-reflector-controller',
  'image-automation-controller',
  'source-watcher',
];
