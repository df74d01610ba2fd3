import { type Cluster } from '../cluster/cluster';
import { type BootstrapTarget, gitLabHostname } from '../flux/bootstrap-settings';
import { checkArgument } from '../flux/cli-arguments';
import { checkJobVersion } from '../flux/flux-cli-values';
import { type FluxPatch } from '../flux/flux-patch';
import { checkGotkSettings, gotkFilesOf } from '../flux/gotk-files';
import { rootKustomizationFiles } from '../flux/root-kustomization';
import { type FileTree } from '../manifest/file-tree';
import { type ProjectBranch } from '../manifest/project-branch';
import { InstallationBase } from './installation-base';
import { type BootstrapInstallationProps } from './installation-props';
import { rootPatches } from './root-patches';
import { rootSyncOf } from './root-sync';

/** Flux on a cluster, installed by the flux CLI. */
export class BootstrapInstallation extends InstallationBase<'bootstrap', BootstrapInstallationProps> {
  /** @throws ValidationError when the CLI would fail, or leave a cluster that does not work */
  constructor(settings: BootstrapInstallationProps) {
    super('bootstrap', settings, [() => checkJobVersion('Flux', settings), () => checkGotkSettings('Flux', settings)]);
  }

  /** Version of Flux. */
  public override get version(): string {
    return this.settings.version;
  }

  /** The same with further changes to Flux. */
  public withPatches(patches: readonly FluxPatch[]): BootstrapInstallation {
    return new BootstrapInstallation(this.settingsWith(patches));
  }

  /** Whether Flux's own files come to Git by the CLI, which pushes to the branch itself. */
  public get pushes(): boolean {
    return this.settings.gotkFiles !== 'terraform';
  }

  /**
   * The files of Flux itself that have to be in Git before it is installed. Where the CLI pushes, it adds
   * `gotk-components.yaml` and fills `gotk-sync.yaml`.
   *
   * @throws ValidationError when Terraform writes these files and the manifests of the release are not there, or altered
   */
  public filesFor(cluster: Cluster, project: ProjectBranch): FileTree {
    const root = rootSyncOf(cluster, project);
    const gotk = this.pushes ? undefined : gotkFilesOf({ cluster: cluster.name }, this.settings, root);
    return rootKustomizationFiles({ patches: rootPatches(cluster, this.settings.patches), gotk }).below(root.path);
  }

  /**
   * What the CLI is told of the project.
   *
   * @internal
   * @throws ValidationError when it would not find the project
   */
  public cliTarget(cluster: Cluster, { url, path: projectPath, branch }: ProjectBranch): BootstrapTarget {
    checkArgument('Flux', ['project', 'branch'], branch);
    const hostname = this.pushes ? gitLabHostname('Flux', ['project', 'url'], url) : new URL(url).host;
    return { projectPath, hostname, branch, path: `clusters/${cluster.name}` };
  }
}
