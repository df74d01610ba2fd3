import { mapAll } from '../check-all';
import { type Cluster } from '../cluster/cluster';
import { type Fleet } from '../cluster/fleet';
import { type Component } from '../component/component';
import { type FluxTarget, type RepositoryAddress } from '../installation/flux-target';
import { FileTree } from '../manifest/file-tree';
import { fluxCommonLayout } from './flux-common-layout';
import { perClusterLayout } from './per-cluster-layout';
import { checkSopsFiles } from './sops-files';

const LAYOUTS = { 'per-cluster': perClusterLayout, 'flux-common': fluxCommonLayout } as const;

/**
 * The files of a cluster's components: their Flux objects and their overlays. Every path holds the cluster's name; the
 * cluster's stack owns them.
 *
 * @throws ValidationError when a component cannot be deployed in this way
 */
export function clusterComponentFiles(cluster: Cluster, target: FluxTarget, repository: RepositoryAddress): FileTree {
  const layout = LAYOUTS[cluster.trigger.layout];
  return FileTree.merge(
    mapAll(cluster.components, (component) => {
      checkSopsFiles(component, { cluster, target, repository });
      return [
        layout.render(component, { cluster, target, repository }),
        component.clusterFiles(cluster).below(systemDirectory(component)),
      ];
    }).flat(),
  );
}

/** The files that clusters share: bases and own charts. The stack `repository` owns them. */
export function sharedComponentFiles(fleet: Fleet): FileTree {
  return FileTree.merge(fleet.components.map((component) => component.sharedFiles().below(systemDirectory(component))));
}

function systemDirectory(component: Component): string {
  return `systems/${component.name}`;
}
