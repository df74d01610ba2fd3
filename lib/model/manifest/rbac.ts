import { type KubernetesObject, type ObjectMeta } from './kubernetes-object';

/** The API group of roles and their bindings, and of the people in these. */
export const RBAC = 'rbac.authorization.k8s.io';

/** A rule of a Role or ClusterRole. */
export interface PolicyRule {
  /** API groups; `''` is the core's. */
  readonly apiGroups: readonly string[];
  /** Kinds of objects, in the plural. */
  readonly resources: readonly string[];
  /**
   * Names of objects.
   *
   * @default - all
   */
  readonly resourceNames?: readonly string[];
  /** What is allowed. */
  readonly verbs: readonly string[];
}

/** A Role or, without a namespace, a ClusterRole. */
export function role(metadata: ObjectMeta, rules: readonly PolicyRule[]): KubernetesObject {
  const kind = metadata.namespace === undefined ? 'ClusterRole' : 'Role';
  return { apiVersion: `${RBAC}/v1`, kind, metadata, rules };
}

/** A RoleBinding or, without a namespace, a ClusterRoleBinding: gives a role to subjects. */
export function roleBinding(
  metadata: ObjectMeta,
  roleRef: { readonly kind: 'ClusterRole' | 'Role'; readonly name: string },
  subjects: readonly object[],
): KubernetesObject {
  const kind = metadata.namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding';
  return { apiVersion: `${RBAC}/v1`, kind, metadata, roleRef: { apiGroup: RBAC, ...roleRef }, subjects };
}
