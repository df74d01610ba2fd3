import { type Cluster } from '../cluster/cluster';

/** Name of the stack with the project and the files that clusters share. */
export const REPOSITORY_STACK = 'repository';

/** Name of a cluster's stack. */
export function stackNameOf(cluster: Cluster): string {
  return `${cluster.environment}-${cluster.name}`;
}
