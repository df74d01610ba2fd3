import { type ErrorThing } from '../error-place';
import { checkImage } from '../manifest/container-image';
import { checkDnsSubdomain } from '../manifest/kubernetes-name';
import { checkToleration, type Toleration } from '../manifest/toleration';
import { checkSettings, type SettingOf, type SettingsOf } from './setting';

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

/** The image of Jobs. */
export const JOB_IMAGE: SettingOf<string> = {
  doc: 'Image with `flux`, `kubectl` and `sh` for the Jobs. With the type `bootstrap` its tag is the version of Flux, and may be left out; with the others the default has the tag `v2.9.4`.',
  type: 'text',
  default: 'ghcr.io/fluxcd/flux-cli',
  check: checkImage,
};

/** With what it is pulled, and where Jobs may run. */
// prettier-ignore
export const JOB_PLACEMENT = {
  imagePullSecrets: { doc: 'Names of Secrets in `flux-system` to pull the image of the Jobs with.', type: 'list', of: { type: 'text', check: checkDnsSubdomain } },
  nodeSelector: { doc: 'Labels of the nodes that the Jobs may run on.', type: 'map', of: { type: 'text' } },
  tolerations: { doc: 'Taints that the Jobs tolerate.', type: 'list', of: { type: 'other', name: 'toleration', check: checkToleration } },
} satisfies SettingsOf<JobPlacement>;

/**
 * Refuses what Kubernetes would refuse.
 *
 * @param at - the thing that has the Jobs
 */
export function checkJobPlacement(at: ErrorThing, placement: JobPlacement): void {
  checkSettings(at, JOB_PLACEMENT, placement);
}
