import { type Cluster } from '../cluster/cluster';
import { type FluxPatch } from '../flux/flux-patch';
import { rootKustomizationFiles } from '../flux/root-kustomization';
import { FileTree } from '../manifest/file-tree';
import { InstallationBase } from './installation-base';
import { type ProviderInstallationProps } from './installation-props';
import { rootPatches } from './root-patches';

/** Flux on a cluster, installed by the Terraform provider `fluxcd/flux`, which writes Flux's own files itself. */
export class ProviderInstallation extends InstallationBase<'provider', ProviderInstallationProps> {
  /** @throws ValidationError when the provider would fail, or leave a cluster that does not work */
  constructor(settings: ProviderInstallationProps) {
    super('provider', settings, []);
  }

  /** Version of Flux; undefined for that of the provider. */
  public override get version(): string | undefined {
    return this.settings.downloadVersion;
  }

  /** The same with further changes to Flux. */
  public withPatches(patches: readonly FluxPatch[]): ProviderInstallation {
    return new ProviderInstallation(this.settingsWith(patches));
  }

  /** The directories of the patches. */
  public filesFor(cluster: Cluster): FileTree {
    const all = [...rootKustomizationFiles({ patches: rootPatches(cluster, this.settings.patches) })];
    return FileTree.of(all.filter(({ path }) => !path.startsWith('flux-system/'))).below(`clusters/${cluster.name}`);
  }

  /** Content of `flux-system/kustomization.yaml`; undefined for the provider's own. */
  public kustomizationFor(cluster: Cluster): string | undefined {
    const patches = rootPatches(cluster, this.settings.patches);
    if (patches.length === 0) return undefined;
    return String(rootKustomizationFiles({ patches }).get('flux-system/kustomization.yaml')?.content);
  }
}
