import { checkAll, mapAll } from '../check-all';
import { type ErrorThing } from '../error-place';
import { checkDnsSubdomain } from '../manifest/kubernetes-name';
import { checkToleration, type Toleration } from '../manifest/toleration';

/** With what the image of Jobs is pulled, and where they may run. */
export interface JobPlacement {
  /** Names of Secrets in the namespace of the Jobs to pull their image with. */
  readonly imagePullSecrets?: readonly string[];
  /**
   * Labels of the nodes that the Jobs may run on.
   *
   * @default - Linux nodes
   */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /** Taints that the Jobs tolerate. */
  readonly tolerations?: readonly Toleration[];
}

/**
 * Refuses what Kubernetes would refuse.
 *
 * @param at - the thing that has the Jobs
 * @param placement - with what their image is pulled, and where they may run
 */
export function checkJobPlacement(at: ErrorThing, { imagePullSecrets = [], tolerations = [] }: JobPlacement): void {
  checkAll(
    () => mapAll(imagePullSecrets, (name, index) => checkDnsSubdomain(at, ['imagePullSecrets', index], name)),
    () => mapAll(tolerations, (toleration, index) => checkToleration(at, ['tolerations', index], toleration)),
  );
}
