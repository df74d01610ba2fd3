import { type Cluster } from '../cluster/cluster';
import { type RootSync } from '../flux/root-sync';
import { cloneUrl, type ProjectBranch } from '../manifest/project-branch';

/** What the root of a cluster with a Flux of its own follows. */
export function rootSyncOf(cluster: Cluster, project: ProjectBranch): RootSync {
  return { url: cloneUrl(project), branch: project.branch, path: `clusters/${cluster.name}` };
}
