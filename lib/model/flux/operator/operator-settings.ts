import { type FluxInstallationSettings } from '../installation-settings';
import { type JobPlacement } from '../job-placement';
import { type FluxOperatorChart } from './operator-chart';

/** How flux-operator locks Flux down for tenants who share it. */
export interface OperatorLockdown {
  /**
   * Service account that applies what names none, in the namespace of the Flux object. It should have no permissions.
   *
   * @default 'default'
   */
  readonly defaultServiceAccount?: string;
  /**
   * Object-level workload identity, locked down as well: objects reach a cloud only as an account of their namespace.
   *
   * @default - off: objects reach a cloud as the controller does
   */
  readonly workloadIdentity?: {
    /**
     * Account that decrypts with a cloud's key service.
     *
     * @default 'default'
     */
    readonly defaultDecryptionServiceAccount?: string;
    /**
     * Account that reaches other clusters.
     *
     * @default 'default'
     */
    readonly defaultKubeConfigServiceAccount?: string;
  };
}

/** How the controllers are spread over shards. */
export interface OperatorSharding {
  /** Names of the shards. An object belongs to the shard that its label `sharding.fluxcd.io/key` names. */
  readonly shards: readonly string[];
  /**
   * Where a shard's source-controller keeps what it fetched; `persistent` needs `storage`.
   *
   * @default 'ephemeral'
   */
  readonly storage?: 'ephemeral' | 'persistent';
}

/** How often flux-operator looks after Flux. */
export interface OperatorReconciliation {
  /**
   * How often the state of the cluster is compared with the `FluxInstance`.
   *
   * @default '1h'
   */
  readonly every?: string;
  /**
   * How often the operator asks for new manifests of Flux.
   *
   * @default '10m'
   */
  readonly artifactEvery?: string;
  /**
   * How long one reconciliation may take.
   *
   * @default '5m'
   */
  readonly timeout?: string;
}

/**
 * How flux-operator installs Flux on a cluster: what a `FluxInstance` can say, as far as it does not follow from the
 * project and the cluster.
 *
 * @see https://fluxoperator.dev/docs/crd/fluxinstance/
 */
export interface FluxOperatorSettings
  extends
    JobPlacement,
    Omit<
      FluxInstallationSettings,
      'watchAllNamespaces' | 'tolerationKeys' | 'recurseSubmodules' | 'author' | 'commitMessageAppendix'
    > {
  /** Version of Flux: `v2.9.4`, or a range such as `2.9.x` in which the operator upgrades by itself. */
  readonly version: string;
  /**
   * Flavour of the images in the registry. A mirror needs it.
   *
   * @default - that of the registry
   */
  readonly variant?: 'upstream-alpine' | 'enterprise-alpine' | 'enterprise-distroless' | 'enterprise-distroless-fips';
  /**
   * Address of the OCI artifact with the manifests of Flux.
   *
   * @default - the manifests that the operator's image brings, which need no network
   */
  readonly artifact?: string;
  /** Name of a Secret in `flux-system` to pull the artifact with. */
  readonly artifactPullSecret?: string;
  /**
   * The kind of Kubernetes.
   *
   * @default 'kubernetes'
   */
  readonly platform?: 'kubernetes' | 'openshift' | 'aws' | 'azure' | 'gcp';
  /**
   * How much the controllers do at the same time, and what they get for it: for tens, hundreds, or up to a thousand
   * components. `gitlab-flux validate` says which one fits a hub.
   *
   * @default - Flux's own settings
   */
  readonly size?: 'small' | 'medium' | 'large';
  /** Lockdown for tenants. */
  readonly multiTenancyLockdown?: OperatorLockdown;
  /**
   * Whether a Flux object may name an account of its namespace for its way to a cloud.
   *
   * @default - only with `multiTenancyLockdown.workloadIdentity`
   */
  readonly objectLevelWorkloadIdentity?: boolean;
  /** Shards of the controllers. */
  readonly sharding?: OperatorSharding;
  /**
   * A volume in which source-controller keeps what it fetched.
   *
   * @default - none, it fetches anew after a restart
   */
  readonly storage?: {
    /** Storage class. */
    readonly class: string;
    /** Size, as Kubernetes writes it: `10Gi`. */
    readonly size: string;
  };
  /** Labels and annotations of everything that the operator installs. */
  readonly commonMetadata?: {
    /** Labels. */
    readonly labels?: Readonly<Record<string, string>>;
    /** Annotations. */
    readonly annotations?: Readonly<Record<string, string>>;
  };
  /**
   * Whether the operator waits until the controllers are ready.
   *
   * @default true
   */
  readonly wait?: boolean;
  /**
   * Whether the operator moves Flux's objects to the newest version of their API.
   *
   * @default true
   */
  readonly migrateResources?: boolean;
  /**
   * How often the operator looks after Flux.
   *
   * @default - its own times
   */
  readonly reconciliation?: OperatorReconciliation;
  /**
   * The operator itself.
   *
   * @default - version 0.58.1 of its chart, without the web interface
   */
  readonly operator?: FluxOperatorChart;
  /**
   * Names of Secrets in `flux-system` to pull the image of the Jobs with.
   *
   * @default - `imagePullSecret`
   */
  readonly imagePullSecrets?: readonly string[];
  /**
   * Image with `kubectl` and `sh` for the Jobs that wait and remove.
   *
   * @default 'ghcr.io/fluxcd/flux-cli:v2.9.4'
   */
  readonly jobImage?: string;
  /**
   * How long Flux may take to be ready: at least 2m.
   *
   * @default '15m'
   */
  readonly deadline?: string;
}

/** What the charts with the Jobs that wait and remove are told of these. */
export function operatorJobValues(
  settings: JobPlacement & Pick<FluxOperatorSettings, 'jobImage' | 'imagePullSecret'>,
): OperatorJobValues {
  const { jobImage: image, imagePullSecret, nodeSelector, tolerations } = settings;
  const { imagePullSecrets = imagePullSecret === undefined ? undefined : [imagePullSecret] } = settings;
  return { image, imagePullSecrets, nodeSelector, tolerations };
}

/** What a chart with a Job is told of it; what is undefined is the chart's own. */
export interface OperatorJobValues extends JobPlacement {
  /**
   * Image with `kubectl` and `sh`.
   *
   * @default - the chart's
   */
  readonly image?: string;
}
