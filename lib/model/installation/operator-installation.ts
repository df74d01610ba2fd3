import { type Cluster } from '../cluster/cluster';
import { type FluxPatch } from '../flux/flux-patch';
import { FLUX_NAMESPACE } from '../flux/metadata';
import { fluxInstance } from '../flux/operator/flux-instance';
import { checkOperatorSettings } from '../flux/operator/operator-table';
import { FileTree } from '../manifest/file-tree';
import { type KubernetesObject } from '../manifest/kubernetes-object';
import { type ProjectBranch } from '../manifest/project-branch';
import { type FluxTarget } from './flux-target';
import { InstallationBase } from './installation-base';
import { type OperatorInstallationProps } from './installation-props';
import { withSubstitution } from './root-patches';
import { rootSyncOf } from './root-sync';

/** Flux on a cluster, installed and looked after by flux-operator. It can be a hub. */
export class OperatorInstallation extends InstallationBase<'operator', OperatorInstallationProps> {
  /** @throws ValidationError when the operator would refuse it, or Flux would not see the components */
  constructor(settings: OperatorInstallationProps) {
    super('operator', settings, [() => checkOperatorSettings('Flux', settings)]);
  }

  /** Version of Flux, or a range. */
  public override get version(): string {
    return this.settings.version;
  }

  /** The same with further changes to Flux. */
  public withPatches(patches: readonly FluxPatch[]): OperatorInstallation {
    return new OperatorInstallation(this.settingsWith(patches));
  }

  /** Whether every Flux object has to name a service account, because the default one may nothing. */
  public override get isLockedDown(): boolean {
    return this.settings.multiTenancyLockdown !== undefined || super.isLockedDown;
  }

  /** Names of the shards of its controllers. */
  public get shards(): readonly string[] {
    return this.settings.sharding?.shards ?? [];
  }

  /** Where the Flux objects of the cluster's components go. */
  public override targetFor(cluster: Cluster): FluxTarget {
    return { ...super.targetFor(cluster), shards: this.shards };
  }

  /** The `FluxInstance`. */
  public instanceFor(cluster: Cluster, project: ProjectBranch): KubernetesObject {
    const { settings } = this;
    return fluxInstance(settings, rootSyncOf(cluster, project), withSubstitution(cluster, settings.patches));
  }

  /**
   * What is below `clusters/<cluster>` where nothing else is: the root cannot follow a directory that is not there. Flux
   * itself is not in Git.
   *
   * @returns no file where components or receivers have some
   */
  public filesFor({ name, trigger, components }: Cluster): FileTree {
    const hasComponents = trigger.layout === 'per-cluster' && components.length > 0;
    if (hasComponents || trigger.type === 'webhook') return FileTree.EMPTY;
    const content = `# ${name}\n\nFlux applies what is in \`clusters/${name}\` to this cluster. flux-operator installs Flux itself.\n`;
    return FileTree.of([{ path: `clusters/${name}/${FLUX_NAMESPACE}/README.md`, content }]);
  }
}
