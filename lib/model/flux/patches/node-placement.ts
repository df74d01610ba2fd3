import { checkDnsSubdomain } from '../../manifest/kubernetes-name';
import { checkToleration, type Toleration } from '../../manifest/toleration';
import { ValidationError } from '../../validation-error';
import { type FluxPatchData } from './flux-patch-data';
import { mergePatch, PART_OF_FLUX } from './kustomize-patches';

/** Where the pods of all controllers run. */
export interface NodePlacementProps {
  /**
   * Labels that a node must have, besides `kubernetes.io/os: linux`.
   *
   * @default - any node
   */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /**
   * Taints that the pods put up with. They take the place of what `flux bootstrap --toleration-keys` says.
   *
   * @default - as `--toleration-keys` says, else none
   */
  readonly tolerations?: readonly Toleration[];
  /** Affinity, by the names of the Kubernetes API. */
  readonly affinity?: Readonly<Record<string, unknown>>;
  /**
   * Name of a PriorityClass.
   *
   * @default - Flux's own: `system-cluster-critical`, except for the image controllers and the notification-controller
   */
  readonly priorityClassName?: string;
}

const AT = 'FluxPatch.nodePlacement';

/**
 * Nodes for Flux.
 *
 * @throws ValidationError when nothing is given, or a toleration is one that Kubernetes refuses
 * @see https://fluxcd.io/flux/installation/configuration/vertical-scaling/#node-affinity-and-tolerations
 */
export function nodePlacement(props: NodePlacementProps): FluxPatchData {
  const { nodeSelector, tolerations, affinity, priorityClassName } = props;
  const given = [nodeSelector, tolerations, affinity, priorityClassName];
  if (given.every((value) => value === undefined || Object.keys(value).length === 0)) {
    throw new ValidationError({ at: AT, got: props, want: 'nodeSelector, tolerations, affinity or priorityClassName' });
  }

  if (priorityClassName !== undefined) checkDnsSubdomain(AT, 'priorityClassName', priorityClassName);
  tolerations?.forEach((toleration, index) => checkToleration(AT, ['tolerations', index], toleration));
  return {
    patches: [
      mergePatch(
        { kind: 'Deployment', labelSelector: PART_OF_FLUX },
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          spec: { template: { spec: { nodeSelector, tolerations, affinity, priorityClassName } } },
        },
      ),
    ],
    settles: ['nodePlacement'],
  };
}
