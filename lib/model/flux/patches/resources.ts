import { below, type PropPath } from '../../error-place';
import { amountOf, type ResourceQuantities } from '../../manifest/quantity';
import { ValidationError } from '../../validation-error';
import { FLUX_CONTROLLERS, type FluxController } from './controllers';
import { type FluxPatchData } from './flux-patch-data';
import { deploymentsOf, mergePatch } from './kustomize-patches';

/** How much a controller's pod asks for and may take. */
export interface ResourcesProps {
  /**
   * Which controllers.
   *
   * @default - all that are installed
   */
  readonly controllers?: readonly FluxController[];
  /**
   * What the pod asks for.
   *
   * @default - Flux's own: 50m to 100m CPU, 64Mi
   */
  readonly requests?: ResourceQuantities;
  /**
   * What the pod may take. Go's garbage collector aims at the memory limit.
   *
   * @default - Flux's own: 1000m CPU, 1Gi
   */
  readonly limits?: ResourceQuantities;
}

const AT = 'FluxPatch.resources';

/**
 * Other requests and limits than Flux's own. What is not given stays as it is.
 *
 * @throws ValidationError when a quantity is none, nothing is given, or more is asked for than may be taken
 * @see https://fluxcd.io/flux/installation/configuration/vertical-scaling/
 */
export function resources(props: ResourcesProps): FluxPatchData {
  const controllers = props.controllers ?? FLUX_CONTROLLERS;
  if (controllers.length === 0) {
    throw new ValidationError({ at: AT, prop: 'controllers', got: controllers, want: 'at least one controller' });
  }

  const requests = quantities('requests', props.requests);
  const limits = quantities('limits', props.limits);
  if (requests === undefined && limits === undefined) {
    throw new ValidationError({ at: AT, got: props, want: 'at least one quantity in requests or limits' });
  }

  for (const [name, request] of Object.entries(requests ?? {})) {
    const limit = limits?.[name];
    if (limit !== undefined && (amountOf(request) ?? 0) > (amountOf(limit) ?? 0)) {
      throw new ValidationError({
        at: AT,
        prop: ['requests', name],
        got: request,
        want: `no more than the limit, ${limit}`,
      });
    }
  }
  const manager = { name: 'manager', resources: { requests, limits } };
  return {
    patches: [
      mergePatch(deploymentsOf(controllers), {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        spec: { template: { spec: { containers: [manager] } } },
      }),
    ],
  };
}

function quantities(prop: PropPath, given: ResourceQuantities = {}): Readonly<Record<string, string>> | undefined {
  const byName = Object.entries({ cpu: given.cpu, memory: given.memory, 'ephemeral-storage': given.ephemeralStorage });
  const present = byName.filter((entry): entry is [string, string] => entry[1] !== undefined);
  for (const [name, quantity] of present) {
    if (amountOf(quantity) === undefined) {
      throw new ValidationError({
        at: AT,
        prop: below(prop, name),
        got: quantity,
        want: 'a quantity such as 500m, 2 or 1Gi',
      });
    }
  }
  return present.length === 0 ? undefined : Object.fromEntries(present);
}
