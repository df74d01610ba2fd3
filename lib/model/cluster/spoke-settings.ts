import { checkAll } from '../check-all';
import { type ErrorThing } from '../error-place';
import { checkRootDecryption, type RootDecryption } from '../flux/decryption';
import { checkDeadline } from '../flux/job-deadline';
import { checkJobPlacement } from '../flux/job-placement';
import { checkImage } from '../manifest/container-image';
import { checkInterval } from '../manifest/duration';
import { checkDnsSubdomain } from '../manifest/kubernetes-name';
import { type Toleration } from '../manifest/toleration';
import { type SpokeAuthentication } from './spoke-authentication';

/** How a hub deploys to a spoke. */
export interface FluxSpokeSettings {
  /** How the hub proves to the spoke who it is. */
  readonly authentication: SpokeAuthentication;
  /**
   * ClusterRole on the spoke of the account that deploys, where Terraform makes this account: for a token, and under
   * lockdown.
   *
   * @default 'cluster-admin'
   */
  readonly clusterRole?: string;
  /**
   * What happens to what Flux deployed when the spoke is removed. `keep`: it stays, also when the spoke cannot be
   * reached any more. `delete`: it is deleted first, in the reverse order of dependencies.
   *
   * @default 'keep'
   */
  readonly removalPolicy?: 'keep' | 'delete';
  /**
   * The shard of the hub that serves the spoke.
   *
   * @default - one that follows from the spoke's name alone, when the hub has shards
   */
  readonly shard?: string;
  /**
   * How the hub decrypts what SOPS encrypted below `clusters/<spoke>`. The Secret is in the spoke's namespace on the hub.
   *
   * @default - it does not
   */
  readonly decryption?: RootDecryption;
  /**
   * How often the hub asks for news below `clusters/<spoke>`.
   *
   * @default - as the trigger says
   */
  readonly interval?: string;
  /**
   * Whether a deploy ends only when the hub has applied what it brought to Git, and fails with Flux's own words when it
   * cannot.
   *
   * @default true
   */
  readonly waitForRoot?: boolean;
  /**
   * Image with `kubectl` and `sh` for the Jobs that wait for the spoke's root and remove the spoke.
   *
   * @default - that of the hub
   */
  readonly jobImage?: string;
  /**
   * Names of Secrets in the spoke's namespace on the hub to pull the image of these Jobs with.
   *
   * @default - of the names that the hub has for its Jobs
   */
  readonly imagePullSecrets?: readonly string[];
  /**
   * Labels of the nodes of the hub that the Jobs may run on.
   *
   * @default - those of the hub's Jobs
   */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /**
   * Taints that the Jobs tolerate.
   *
   * @default - those that the hub's Jobs tolerate
   */
  readonly tolerations?: readonly Toleration[];
  /**
   * How long the removal, and what a deploy brought, may take: at least 2m.
   *
   * @default '15m'
   */
  readonly deadline?: string;
}

/** Refuses settings that Kubernetes or Flux would refuse. */
export function checkSpokeSettings(at: ErrorThing, settings: FluxSpokeSettings): void {
  const { clusterRole, decryption, interval, jobImage, deadline } = settings;
  checkAll(
    () => {
      if (clusterRole !== undefined) checkDnsSubdomain(at, 'clusterRole', clusterRole);
    },
    () => decryption && checkRootDecryption(at, ['decryption'], decryption),
    () => checkInterval(at, 'interval', interval),
    () => checkImage(at, 'jobImage', jobImage),
    () => checkJobPlacement(at, settings),
    () => checkDeadline(at, 'deadline', deadline, '2m'),
  );
}
