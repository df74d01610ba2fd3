import { type KustomizePatch } from '../../manifest/kustomize';
import { checkWholeNumber } from '../../manifest/whole-number';
import { ValidationError } from '../../validation-error';
import { type FluxController } from './controllers';
import { type FluxPatchData } from './flux-patch-data';
import { appendArguments, deploymentsOf, mergePatch } from './kustomize-patches';

/** How many objects each controller reconciles at the same time. */
export interface ConcurrencyProps {
  /**
   * source-controller.
   *
   * @default - Flux's own: 2
   */
  readonly source?: number;
  /**
   * kustomize-controller. Above 10 its `/tmp` is in memory, or the node's disk is the limit; what it holds counts
   * towards the memory limit of the pod, 1Gi unless `FluxPatch.resources` says otherwise.
   *
   * @default - Flux's own: 4
   */
  readonly kustomize?: number;
  /**
   * helm-controller. Flux's benchmark gained nothing above 10.
   *
   * @default - Flux's own: 4
   */
  readonly helm?: number;
  /**
   * notification-controller.
   *
   * @default - Flux's own: 4
   */
  readonly notification?: number;
  /**
   * image-reflector-controller.
   *
   * @default - Flux's own: 4
   */
  readonly imageReflector?: number;
  /**
   * image-automation-controller.
   *
   * @default - Flux's own: 4
   */
  readonly imageAutomation?: number;
  /**
   * source-watcher.
   *
   * @default - Flux's own: 10
   */
  readonly sourceWatcher?: number;
}

const CONTROLLER_OF: Readonly<Record<keyof ConcurrencyProps, FluxController>> = {
  source: 'source-controller',
  kustomize: 'kustomize-controller',
  helm: 'helm-controller',
  notification: 'notification-controller',
  imageReflector: 'image-reflector-controller',
  imageAutomation: 'image-automation-controller',
  sourceWatcher: 'source-watcher',
};

const NEEDS_MEMORY_ABOVE = 10;

/**
 * More, or fewer, objects at the same time.
 *
 * @throws ValidationError when a number is not a whole one above zero, or none is given
 * @see https://fluxcd.io/flux/installation/configuration/vertical-scaling/
 */
export function concurrency(props: ConcurrencyProps): FluxPatchData {
  const given = (Object.keys(CONTROLLER_OF) as (keyof ConcurrencyProps)[]).flatMap((key) => {
    const workers = props[key];
    return workers === undefined ? [] : [{ key, workers, controller: CONTROLLER_OF[key] }];
  });
  if (given.length === 0) {
    throw new ValidationError({
      at: 'FluxPatch.concurrency',
      got: props,
      want: 'a number for at least one controller',
    });
  }
  for (const { key, workers } of given) {
    checkWholeNumber('FluxPatch.concurrency', key, workers, { from: 1 });
  }
  return {
    patches: [
      ...given.map(({ controller, workers }) => appendArguments([controller], [`--concurrent=${workers}`])),
      ...((props.kustomize ?? 0) > NEEDS_MEMORY_ABOVE ? [temporaryFilesInMemory('kustomize-controller')] : []),
    ],
    settles: given.map(({ key }) => `concurrency.${key}`),
  };
}

function temporaryFilesInMemory(controller: FluxController): KustomizePatch {
  // Strategic merge finds the volume by its name; a JSON pointer would trust its place in the list.
  return mergePatch(deploymentsOf([controller]), {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    spec: { template: { spec: { volumes: [{ name: 'temp', emptyDir: { medium: 'Memory' } }] } } },
  });
}
