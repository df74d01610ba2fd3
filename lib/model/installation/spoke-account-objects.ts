import { type KubernetesObject } from '../manifest/kubernetes-object';
import { SPOKE_ACCOUNT } from './spoke-files';

const RBAC = 'rbac.authorization.k8s.io';

/**
 * The account that deploys on a spoke. It is in a namespace named like the one on the hub, because Flux looks for the
 * account of an object in the object's own namespace, on either cluster.
 *
 * @param isLockedDown - whether Flux names the account for whatever it applies: with a token it then speaks for itself
 */
export function spokeAccountObjects(
  namespace: string,
  clusterRole = 'cluster-admin',
  isLockedDown = false,
): readonly KubernetesObject[] {
  const subjects = [{ kind: 'ServiceAccount', name: SPOKE_ACCOUNT, namespace }];
  const metadata = { name: SPOKE_ACCOUNT, namespace };
  const itself = [
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'Role',
      metadata,
      rules: [
        { apiGroups: [''], resources: ['serviceaccounts'], resourceNames: [SPOKE_ACCOUNT], verbs: ['impersonate'] },
      ],
    },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: RBAC, kind: 'Role', name: SPOKE_ACCOUNT },
      subjects,
    },
  ];
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: `${SPOKE_ACCOUNT}-${namespace}` },
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: clusterRole },
      subjects,
    },
    ...(isLockedDown ? itself : []),
  ];
}
