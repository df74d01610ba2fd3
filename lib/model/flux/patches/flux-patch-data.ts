import { type KustomizationFile, type KustomizePatch } from '../../manifest/kustomize';
import { type RootDecryptionProps } from '../decryption';

/** A Secret whose data the root substitutes. */
export interface RootSubstitution {
  /** Its name. */
  readonly name: string;
  /**
   * Whether the root applies what it has without the Secret.
   *
   * @default - it waits for the Secret
   */
  readonly optional?: true;
  /**
   * Whether a value that is missing is an error even where there is no value at all.
   *
   * @default - Flux leaves `${…}` as it is then
   */
  readonly strict?: true;
}

/** What a patch of Flux consists of. */
export interface FluxPatchData {
  /** Changes to the objects of `gotk-components.yaml` and `gotk-sync.yaml`. */
  readonly patches?: readonly KustomizePatch[];
  /** The `kustomization.yaml` of directories beside `flux-system`, by the name of the directory. */
  readonly directories?: Readonly<Record<string, KustomizationFile>>;
  /**
   * Whether every `Kustomization` and `HelmRelease` must name a service account.
   *
   * @default false
   */
  readonly requiresServiceAccounts?: boolean;
  /** Names of the shards. */
  readonly shards?: readonly string[];
  /**
   * Domain of the cluster, by which shards give out their addresses.
   *
   * @default - the patch does not depend on it
   */
  readonly clusterDomain?: string;
  /**
   * How the root decrypts what it applies.
   *
   * @default - it does not
   */
  readonly decryption?: RootDecryptionProps;
  /** Secrets whose data the root substitutes. */
  readonly substituteFrom?: readonly RootSubstitution[];
  /** What the patch sets and no second patch may set. */
  readonly settles?: readonly string[];
}
