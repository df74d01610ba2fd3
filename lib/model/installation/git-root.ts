import { type Cluster } from '../cluster/cluster';
import { gotkSync } from '../flux/gotk/gotk-sync';
import { installArguments } from '../flux/gotk-files';
import { type FluxInstallationSettings, sourceSecretNameOf } from '../flux/installation-settings';
import { FLUX_NAMESPACE } from '../flux/metadata';
import { rootKustomizationFiles } from '../flux/root-kustomization';
import { type ProjectBranch } from '../manifest/project-branch';
import { rootPatches } from './root-patches';
import { rootSyncOf } from './root-sync';

/** The root and its source as Git has them, for a Job that writes them to the cluster. */
export interface GitRoot {
  /** Content of `gotk-sync.yaml`. */
  readonly sync: string;
  /** Content of `kustomization.yaml` beside it. */
  readonly kustomization: string;
  /** Path of the root. */
  readonly path: string;
  /** Arguments of `flux install --export`. */
  readonly arguments: readonly string[];
}

/** The root and its source as Git has them. */
export function gitRoot(cluster: Cluster, settings: FluxInstallationSettings, project: ProjectBranch): GitRoot {
  const root = rootSyncOf(cluster, project);
  const { interval, recurseSubmodules } = settings;
  const files = rootKustomizationFiles({ patches: rootPatches(cluster, settings.patches) });
  return {
    sync: gotkSync({ ...root, secretName: sourceSecretNameOf(settings), interval, recurseSubmodules }),
    kustomization: String(files.get(`${FLUX_NAMESPACE}/kustomization.yaml`)?.content),
    path: `./${root.path}`,
    // What a patch may name. Another setting of the controllers need not run the Job again.
    arguments: installArguments({ controllers: settings.controllers }),
  };
}

/** The paths of Flux's own files, whoever writes them. */
export function gotkPaths(cluster: Cluster): readonly string[] {
  return ['gotk-components.yaml', 'gotk-sync.yaml', 'kustomization.yaml'].map(
    (name) => `clusters/${cluster.name}/flux-system/${name}`,
  );
}
