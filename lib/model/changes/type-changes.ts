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
export function checkTypeChanges(clusters: readonly ClusterWithFlux[], directory: string): void {
  for (const { cluster, flux } of clusters) {
    if (flux.type !== 'operator' && flux.type !== 'spoke') continue;
    const found = gotkPaths(cluster).find((path) => existsSync(join(directory, path)));
    if (found !== undefined) {
      throw new ValidationError({
        at: { cluster: cluster.name },
        ...(flux.type === 'spoke'
          ? { prop: 'hub', got: flux.hub.cluster.name }
          : { prop: ['flux', 'type'], got: flux.type }),
        want: `no ${found} in the repository, which is of \`flux bootstrap\`: destroy the cluster's stack as it was deployed, delete the file if it stays, and deploy then`,
      });
    }
  }
}
