import { checkAll } from '../check-all';
import { type Cluster } from '../cluster/cluster';
import { DEFAULT_CONTROLLERS } from '../flux/controller-settings';
import { componentRecipientsOf } from '../flux/decryption';
import { FluxPatch } from '../flux/flux-patch';
import { checkPatchesOfFlux, type FluxInstallationSettings, sourceSecretNameOf } from '../flux/installation-settings';
import { FLUX_NAMESPACE } from '../flux/metadata';
import { checkSettings } from '../flux/setting';
import { ValidationError } from '../validation-error';
import { type FluxTarget } from './flux-target';
import { checkKeysOfType, type FluxType, SETTINGS_OF_TYPE } from './flux-type';
import { type ReadCredentialSettings } from './read-credential';

/** The account that this library writes into each component's namespace when Flux is locked down. */
export const LOCKDOWN_ACCOUNT = 'flux-reconciler';

/** A Flux that runs on the cluster that it serves: an immutable value, checked when it is made. */
export abstract class InstallationBase<
  W extends FluxType,
  S extends FluxInstallationSettings & ReadCredentialSettings,
> {
  /** @param checks - what else has to hold for this type */
  protected constructor(
    /** The way to run Flux. */
    public readonly type: W,
    /** How Flux is installed. */
    public readonly settings: S,
    checks: readonly (() => unknown)[],
  ) {
    checkAll(
      () => checkKeysOfType(type, settings),
      () => checkSettings('Flux', SETTINGS_OF_TYPE[type], settings),
      () => checkPatchesOfFlux('Flux', settings),
      ...checks,
    );
  }

  /** Version of Flux, or a range; undefined when somebody else decides. */
  public get version(): string | undefined {
    return undefined;
  }

  /** Whether every Flux object has to name a service account, because the default one may nothing. */
  public get isLockedDown(): boolean {
    return FluxPatch.combine(this.settings.patches ?? []).requiresServiceAccounts;
  }

  /**
   * Where the Flux objects of the cluster's components go.
   *
   * @throws ValidationError when Flux would not see them, or nothing would keep others from its receivers
   */
  public targetFor(cluster: Cluster): FluxTarget {
    this.checkCluster(cluster);
    const { settings, isLockedDown } = this;
    const patches = FluxPatch.combine(settings.patches ?? []);
    return {
      directory: cluster.name,
      rootNamespace: FLUX_NAMESPACE,
      namespaceOf: (component) => component.namespace,
      sourceSecretName: sourceSecretNameOf(settings),
      serviceAccountName: isLockedDown ? LOCKDOWN_ACCOUNT : undefined,
      shards: patches.shards,
      decryption: patches.decryption,
      componentRecipients: componentRecipientsOf(patches.decryption),
      restrictsReceivers: patches.restrictsReceivers,
      version: this.version,
      controllers: settings.controllers ?? DEFAULT_CONTROLLERS,
    };
  }

  /** The settings with further changes to Flux. */
  protected settingsWith(patches: readonly FluxPatch[]): S {
    return { ...this.settings, patches: [...(this.settings.patches ?? []), ...patches] };
  }

  private checkCluster({ name, trigger: { type, layout, webhook } }: Cluster): void {
    const { networkPolicy, watchAllNamespaces } = this.settings;
    const at = { cluster: name };
    if (networkPolicy === false && webhook?.callers !== undefined) {
      const want = 'nothing with `flux.networkPolicy: false`: Flux then has no NetworkPolicy that keeps others out';
      throw new ValidationError({ at, prop: ['trigger', 'webhook', 'callers'], want });
    }
    if (watchAllNamespaces === false && layout === 'per-cluster') {
      const want = `true: with the trigger ${type} the Flux objects live in the components' namespaces`;
      throw new ValidationError({ at, prop: 'watchAllNamespaces', got: false, want });
    }
  }
}
