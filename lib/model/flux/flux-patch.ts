import { type KustomizationFile, type KustomizePatch } from '../manifest/kustomize';
import { checkKustomizePatch } from '../manifest/kustomize-patch';
import { ValidationError } from '../validation-error';
import { type RootDecryptionProps } from './decryption';
import { concurrency, type ConcurrencyProps } from './patches/concurrency';
import { type FluxPatchData } from './patches/flux-patch-data';
import { multiTenancyLockdown, type MultiTenancyLockdownProps } from './patches/multi-tenancy-lockdown';
import { nodePlacement, type NodePlacementProps } from './patches/node-placement';
import { RECEIVER_ACCESS, receiverAccess, type ReceiverCaller } from './patches/receiver-access';
import { resources, type ResourcesProps } from './patches/resources';
import { rootDecryption, rootSubstitution, type RootSubstitutionOptions, substitutionPatches } from './patches/root';
import { sharding, type ShardingProps } from './patches/sharding';

/**
 * A change to Flux itself, made by kustomize when Flux is bootstrapped and whenever Flux applies itself.
 *
 * A patch for a controller that is not installed changes nothing.
 *
 * @see https://fluxcd.io/flux/installation/configuration/bootstrap-customization/
 */
export class FluxPatch {
  /**
   * Flux shared by tenants: no references into other namespaces, no remote bases, and no permissions for what names no
   * service account. Every `Kustomization` and `HelmRelease` must then name one.
   *
   * @throws ValidationError when an account has no valid name
   * @see https://fluxcd.io/flux/installation/configuration/multitenancy/
   */
  public static multiTenancyLockdown(props: MultiTenancyLockdownProps = {}): FluxPatch {
    return new FluxPatch(multiTenancyLockdown(props));
  }

  /**
   * How many objects the controllers reconcile at the same time.
   *
   * @throws ValidationError when a number is not a whole one above zero, or none is given
   * @see https://fluxcd.io/flux/installation/configuration/vertical-scaling/
   */
  public static concurrency(props: ConcurrencyProps): FluxPatch {
    return new FluxPatch(concurrency(props));
  }

  /**
   * Requests and limits. Of several, the later one counts, so one for all can be followed by one for some.
   *
   * @throws ValidationError when a quantity is none, nothing is given, or more is asked for than may be taken
   * @see https://fluxcd.io/flux/installation/configuration/vertical-scaling/
   */
  public static resources(props: ResourcesProps): FluxPatch {
    return new FluxPatch(resources(props));
  }

  /**
   * The nodes that all controllers run on.
   *
   * @throws ValidationError when nothing is given, or a toleration is one that Kubernetes refuses
   * @see https://fluxcd.io/flux/installation/configuration/vertical-scaling/#node-affinity-and-tolerations
   */
  public static nodePlacement(props: NodePlacementProps): FluxPatch {
    return new FluxPatch(nodePlacement(props));
  }

  /**
   * More instances of the controllers, each for the objects with its label.
   *
   * @throws ValidationError when a name is no DNS label or given twice, or there is no shard or no controller
   * @see https://fluxcd.io/flux/installation/configuration/sharding/
   */
  public static sharding(props: ShardingProps): FluxPatch {
    return new FluxPatch(sharding(props));
  }

  /**
   * SOPS decryption of what the root `Kustomization` applies: everything below `clusters/<cluster>`.
   *
   * @param props - the Secret with the keys, or the account that reaches a cloud's key service
   * @throws ValidationError when neither is given, both are, or something about them is not possible
   * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#decryption
   */
  public static rootDecryption(props: RootDecryptionProps): FluxPatch {
    return new FluxPatch(rootDecryption(props));
  }

  /**
   * Values from a Secret for `${…}` in what the root `Kustomization` applies. Several add up; where two Secrets have
   * one key, the later one counts. Without the Secret the root applies nothing, unless it is optional.
   *
   * @param secretName - name of the Secret, in `flux-system`
   * @throws ValidationError when the name is not valid
   * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution
   */
  public static rootSubstitution(secretName: string, options: RootSubstitutionOptions = {}): FluxPatch {
    return new FluxPatch(rootSubstitution(secretName, options));
  }

  /**
   * Only these Pods reach the receivers, whose addresses may be known to everybody. Flux lets in the whole cluster.
   *
   * @throws ValidationError when there is none, or a namespace has no valid name
   * @see https://fluxcd.io/flux/components/notification/receivers/
   */
  public static receiverAccess(callers: readonly ReceiverCaller[]): FluxPatch {
    return new FluxPatch(receiverAccess(callers));
  }

  /**
   * Any other patch, as it is in `kustomization.yaml`. Without a target, its object must exist or nothing can be built.
   *
   * @param patch - a strategic merge patch or a JSON 6902 patch
   * @throws ValidationError when the patch is not YAML, is empty, or is a JSON 6902 patch without target
   * @see https://fluxcd.io/flux/installation/configuration/bootstrap-customization/
   */
  public static custom(patch: KustomizePatch): FluxPatch {
    checkKustomizePatch({ at: 'FluxPatch.custom' }, patch);
    return new FluxPatch({ patches: [patch] });
  }

  /**
   * One patch of several, in their order.
   *
   * @throws ValidationError when two of them settle one thing, such as two lockdowns
   */
  public static combine(patches: readonly FluxPatch[]): FluxPatch {
    const settled = new Set<string>();
    for (const [index, patch] of patches.entries()) {
      for (const thing of patch.data.settles ?? []) {
        if (settled.has(thing)) {
          throw new ValidationError({
            at: 'Flux',
            prop: ['patches', index],
            got: thing,
            want: 'each thing settled by one patch',
          });
        }
        settled.add(thing);
      }
    }
    const data = patches.map((patch) => patch.data);
    return new FluxPatch({
      patches: data.flatMap((one) => one.patches ?? []),
      directories: Object.fromEntries(data.flatMap((one) => Object.entries(one.directories ?? {}))),
      requiresServiceAccounts: data.some((one) => one.requiresServiceAccounts === true),
      shards: data.flatMap((one) => one.shards ?? []),
      clusterDomain: data.find((one) => one.clusterDomain !== undefined)?.clusterDomain,
      decryption: data.find((one) => one.decryption !== undefined)?.decryption,
      substituteFrom: [
        ...new Map(data.flatMap((one) => one.substituteFrom ?? []).map((secret) => [secret.name, secret])).values(),
      ],
      settles: [...settled],
    });
  }

  /** Patches for `clusters/<cluster>/flux-system/kustomization.yaml`. */
  public readonly patches: readonly KustomizePatch[];
  /** The `kustomization.yaml` of further directories below `clusters/<cluster>`, beside `flux-system`, by directory. */
  public readonly directories: Readonly<Record<string, KustomizationFile>>;
  /** Whether every `Kustomization` and `HelmRelease` must name a service account, because the default one may nothing. */
  public readonly requiresServiceAccounts: boolean;
  /** Names of the shards that a Flux object can be given to. */
  public readonly shards: readonly string[];
  /** Domain of the cluster, which has to be that of the installation; undefined when nothing depends on it. */
  public readonly clusterDomain?: string;
  /** How the root `Kustomization` decrypts what it applies; undefined when it does not. */
  public readonly decryption?: RootDecryptionProps;
  /** Whether only named Pods reach the receivers. */
  public readonly restrictsReceivers: boolean;

  private readonly data: FluxPatchData;

  private constructor(data: FluxPatchData) {
    this.data = data;
    this.patches = [...(data.patches ?? []), ...substitutionPatches(data.substituteFrom ?? [])];
    this.directories = data.directories ?? {};
    this.shards = data.shards ?? [];
    this.clusterDomain = data.clusterDomain;
    this.decryption = data.decryption;
    this.restrictsReceivers = data.settles?.includes(RECEIVER_ACCESS) ?? false;
    this.requiresServiceAccounts = data.requiresServiceAccounts ?? false;
  }
}
