import { type Component } from '../component/component';
import { type RootDecryption } from '../flux/decryption';
import { type KubeConfigReference } from '../flux/kustomization';
import { type FluxController } from '../flux/patches/controllers';

/**
 * Where the Flux objects of a cluster's components go. Every way to run Flux says it about itself; renderers need this
 * and nothing more.
 */
export interface FluxTarget {
  /** Directory of the cluster: `clusters/<directory>`. */
  readonly directory: string;
  /** Namespace of the root `Kustomization`, which applies that directory, and of its source. */
  readonly rootNamespace: string;
  /** Namespace of a component's Flux objects: the component's own, or that of the spoke on its hub. */
  namespaceOf(component: Component): string;
  /** Name of the Secret in `flux-system` with which Flux reads the GitOps repository. */
  readonly sourceSecretName: string;
  /**
   * Directory of the cluster that Flux runs on, the hub.
   *
   * @default - Flux runs on the cluster
   */
  readonly hubDirectory?: string;
  /**
   * How Flux reaches the cluster, when it runs on another one.
   *
   * @default - Flux runs on the cluster
   */
  readonly kubeConfig?: KubeConfigReference;
  /**
   * Name of the account that applies a component which says nothing itself. Under multi-tenancy lockdown every
   * component needs one.
   *
   * @default - the account of the controller
   */
  readonly serviceAccountName?: string;
  /**
   * The shard of Flux's controllers that serves the cluster.
   *
   * @default - the main controllers
   */
  readonly shard?: string;
  /** The shards that there are. */
  readonly shards?: readonly string[];
  /**
   * How Flux decrypts what SOPS encrypted below `clusters/<directory>`.
   *
   * @default - it does not
   */
  readonly decryption?: RootDecryption;
  /**
   * Public keys of age of the keys with which components decrypt that name no Secret.
   *
   * @default - nobody knows
   */
  readonly componentRecipients?: readonly string[];
  /**
   * Whether only named Pods reach Flux's receivers.
   *
   * @default false
   */
  readonly restrictsReceivers?: boolean;
  /**
   * The version of Flux, or a range of versions.
   *
   * @default - it is not known
   */
  readonly version?: string;
  /** The controllers that Flux has. */
  readonly controllers?: readonly FluxController[];
}
