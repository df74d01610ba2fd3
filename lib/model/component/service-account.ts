import { type ErrorThing } from '../error-place';
import { checkDnsSubdomain } from '../manifest/kubernetes-name';
import { type KubernetesObject } from '../manifest/kubernetes-object';
import { roleBinding } from '../manifest/rbac';

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
  const { name, clusterRole = 'cluster-admin', clusterWide = false } = account;
  const binding = clusterWide ? { name: `${name}-${namespace}`, annotations } : { name, namespace, annotations };
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace, annotations } },
    roleBinding(binding, { kind: 'ClusterRole', name: clusterRole }, [{ kind: 'ServiceAccount', name, namespace }]),
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
