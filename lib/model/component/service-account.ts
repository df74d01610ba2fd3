import { type ErrorThing } from '../error-place';
import { checkDnsSubdomain } from '../manifest/kubernetes-name';
import { type KubernetesObject } from '../manifest/kubernetes-object';

/**
 * The account with whose rights Flux applies a component.
 *
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#role-based-access-control
 */
export interface ComponentServiceAccount {
  /** Name of the ServiceAccount, in the namespace of the component's Flux objects. */
  readonly name: string;
  /**
   * Whether this library writes the account and its binding. Otherwise they exist already.
   *
   * @default true
   */
  readonly create?: boolean;
  /**
   * ClusterRole that the account is bound to.
   *
   * @default 'cluster-admin'
   */
  readonly clusterRole?: string;
  /**
   * Whether the role counts in the whole cluster. Otherwise it counts in the component's namespace only, and the
   * component cannot bring objects without a namespace, such as a ClusterRole.
   *
   * @default false
   */
  readonly clusterWide?: boolean;
}

/** The account and its binding. */
export function serviceAccountObjects(
  account: ComponentServiceAccount,
  namespace: string,
  annotations: Readonly<Record<string, string>>,
): readonly KubernetesObject[] {
  if (account.create === false) return [];
  const clusterWide = account.clusterWide ?? false;
  const binding: KubernetesObject = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: clusterWide ? 'ClusterRoleBinding' : 'RoleBinding',
    metadata: clusterWide
      ? { name: `${account.name}-${namespace}`, annotations }
      : { name: account.name, namespace, annotations },
    roleRef: {
      apiGroup: 'rbac.authorization.k8s.io',
      kind: 'ClusterRole',
      name: account.clusterRole ?? 'cluster-admin',
    },
    subjects: [{ kind: 'ServiceAccount', name: account.name, namespace }],
  };
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: account.name, namespace, annotations } },
    binding,
  ];
}

/**
 * Refuses an account whose names Kubernetes would refuse.
 *
 * @param at - the thing that has the account
 */
export function checkServiceAccount(at: ErrorThing, account: ComponentServiceAccount | undefined): void {
  if (account !== undefined) checkDnsSubdomain(at, ['serviceAccount', 'name'], account.name);
}
