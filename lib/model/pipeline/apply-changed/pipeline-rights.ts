import { type Cluster } from '../../cluster/cluster';
import { FLUX_NAMESPACE } from '../../flux/metadata';
import { type KubernetesObject } from '../../manifest/kubernetes-object';
import { type PolicyRule, role, roleBinding } from '../../manifest/rbac';

/** Name of the account with which GitLab CI applies what changed, and of its roles. */
export const PIPELINE_ACCOUNT = 'gitlab-flux-pipeline';

/** The rights of GitLab CI on a cluster. */
export interface PipelineRights {
  /** In `flux-system`. */
  readonly namespaced: readonly PolicyRule[];
  /** On the whole cluster. */
  readonly clusterWide: readonly PolicyRule[];
}

const OBJECT_VERBS = ['get', 'list', 'watch', 'create', 'patch', 'delete'];

/**
 * What GitLab CI needs to apply a cluster's files, and nothing more: the objects of Flux in `flux-system` and the
 * ConfigMaps there, new Namespaces, and the Namespaces of the cluster's components by name.
 */
export function pipelineRights(cluster: Cluster): PipelineRights {
  const resourceNames = [...new Set(cluster.components.map(({ namespace }) => namespace))].sort();
  return {
    namespaced: [
      { apiGroups: [''], resources: ['configmaps'], verbs: OBJECT_VERBS },
      {
        apiGroups: ['source.toolkit.fluxcd.io'],
        resources: ['gitrepositories', 'helmcharts', 'helmrepositories', 'ocirepositories'],
        verbs: OBJECT_VERBS,
      },
      { apiGroups: ['kustomize.toolkit.fluxcd.io'], resources: ['kustomizations'], verbs: OBJECT_VERBS },
      { apiGroups: ['helm.toolkit.fluxcd.io'], resources: ['helmreleases'], verbs: OBJECT_VERBS },
    ],
    clusterWide: [
      { apiGroups: [''], resources: ['namespaces'], verbs: ['create'] },
      // No names would mean all of them.
      ...(resourceNames.length === 0
        ? []
        : [{ apiGroups: [''], resources: ['namespaces'], resourceNames, verbs: ['get', 'patch'] }]),
    ],
  };
}

/** The account, its roles and their bindings as Kubernetes objects, for whoever sets them up without Terraform. */
export function pipelineAccountObjects(cluster: Cluster): readonly KubernetesObject[] {
  const { namespaced, clusterWide } = pipelineRights(cluster);
  const metadata = { name: PIPELINE_ACCOUNT };
  const inFlux = { ...metadata, namespace: FLUX_NAMESPACE };
  const subjects = [{ kind: 'ServiceAccount', ...inFlux }];
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: inFlux },
    role(inFlux, namespaced),
    roleBinding(inFlux, { kind: 'Role', ...metadata }, subjects),
    role(metadata, clusterWide),
    roleBinding(metadata, { kind: 'ClusterRole', ...metadata }, subjects),
  ];
}
