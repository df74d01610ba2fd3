import { type Cluster } from './cluster';
import { type ClusterConnectionData } from './cluster-connection';

/**
 * Clusters that Terraform reaches as it reaches another one: most likely one of the two was copied. Both would write to
 * the same API server.
 *
 * @returns for each of them the one that comes first
 */
export function sharedConnections(clusters: readonly Cluster[]): ReadonlyMap<Cluster, Cluster> {
  const first = new Map<string, Cluster>();
  const shared = new Map<Cluster, Cluster>();
  for (const cluster of clusters) {
    const server = serverOf(cluster.connection.data);
    const other = first.get(server);
    if (other === undefined) first.set(server, cluster);
    else shared.set(cluster, other);
  }
  return shared;
}

function serverOf(data: ClusterConnectionData): string {
  return data.type === 'kubeconfig' ? `${data.path ?? ''} ${data.context}` : data.server.replace(/\/+$/, '');
}
