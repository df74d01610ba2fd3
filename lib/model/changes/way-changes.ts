import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { type ClusterWithFlux } from '../installation/flux-installation';
import { gotkPaths } from '../installation/git-root';
import { ValidationError } from '../validation-error';

/**
 * Refuses flux-operator and a hub for clusters whose Flux is still in Git. In one deploy that Flux would be removed while
 * the other one is installed, and as long as its files are in Git the two would undo each other's work.
 *
 * @param directory - an earlier state of the GitOps repository
 * @throws ValidationError for the first such cluster
 */
export function checkWayChanges(clusters: readonly ClusterWithFlux[], directory: string): void {
  for (const { cluster, flux } of clusters) {
    if (flux.way !== 'operator' && flux.way !== 'spoke') continue;
    const found = gotkPaths(cluster).find((path) => existsSync(join(directory, path)));
    if (found !== undefined) {
      throw new ValidationError({
        at: { cluster: cluster.name },
        ...(flux.way === 'spoke'
          ? { prop: 'hub', got: flux.hub.cluster.name }
          : { prop: ['flux', 'way'], got: flux.way }),
        want: `no ${found} in the repository, which is of \`flux bootstrap\`: destroy the cluster's stack as it was deployed, delete the file if it stays, and deploy then`,
      });
    }
  }
}
