import { type KubernetesObject } from '../manifest/kubernetes-object';
import { role, roleBinding } from '../manifest/rbac';
import { SPOKE_ACCOUNT } from './spoke-files';

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
  const itself = { apiGroups: [''], resources: ['serviceaccounts'], resourceNames: [SPOKE_ACCOUNT] };
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    roleBinding({ name: `${SPOKE_ACCOUNT}-${namespace}` }, { kind: 'ClusterRole', name: clusterRole }, subjects),
    ...(isLockedDown
      ? [
          role(metadata, [{ ...itself, verbs: ['impersonate'] }]),
          roleBinding(metadata, { kind: 'Role', name: SPOKE_ACCOUNT }, subjects),
        ]
      : []),
  ];
}
