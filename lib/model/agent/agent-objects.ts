import { type ComponentServiceAccount, serviceAccountObjects } from '../component/service-account';
import { PRUNE_DISABLED } from '../flux/metadata';
import { type FluxSource } from '../layout/flux-source';
import { type KubernetesObject } from '../manifest/kubernetes-object';
import { type PolicyRule, RBAC, role, roleBinding } from '../manifest/rbac';
import { type AgentPermission, granteeOf } from './agent-permission';
import { FLUX_CLUSTER_RULES, impersonationRules, OWN_RULES, receiverRules } from './agent-rules';
import { type AgentSettings } from './agent-settings';

/** What the rights of an agent depend on. */
export interface AgentRightsProps {
  /** Name of its namespace and account. */
  readonly namespace: string;
  /** How the agent is. */
  readonly settings: AgentSettings;
  /** The sources that it tells Flux about; undefined when it tells Flux nothing. */
  readonly sources: readonly FluxSource[] | undefined;
}

/** The rights of an agent, and of those who come through it, instead of the chart's cluster-admin. */
export function agentRights(props: AgentRightsProps): readonly KubernetesObject[] {
  const { namespace, settings, sources } = props;
  const subject = { kind: 'ServiceAccount', name: namespace, namespace };
  const impersonation = impersonationRules(settings.configuration ?? {});
  return [
    ...granted(namespace, namespace, OWN_RULES, subject),
    ...(sources === undefined ? [] : notificationRights(props, sources, subject)),
    ...granted(`${namespace}-impersonation`, undefined, impersonation.cluster, subject),
    ...[...impersonation.namespaces].flatMap(([place, rules]) =>
      granted(`${namespace}-impersonation`, place, rules, subject),
    ),
    ...(settings.permissions ?? []).flatMap((permission) => permissionBindings(namespace, permission, subject)),
  ];
}

function notificationRights(
  { namespace, settings }: AgentRightsProps,
  sources: readonly FluxSource[],
  subject: object,
): readonly KubernetesObject[] {
  const name = `${namespace}-flux`;
  if (settings.sources === 'cluster') {
    return granted(name, undefined, [...FLUX_CLUSTER_RULES, ...receiverRules(undefined)], subject);
  }

  const places = [...new Set(sources.map((source) => source.namespace))].sort();
  return [
    ...granted(name, undefined, FLUX_CLUSTER_RULES, subject),
    ...places.flatMap((place) => {
      const names = sources.filter((source) => source.namespace === place).map((source) => source.name);
      return granted(name, place, receiverRules(names.sort()), subject);
    }),
  ];
}

/** A role and its binding, in a namespace or in the whole cluster. */
function granted(
  name: string,
  namespace: string | undefined,
  rules: readonly PolicyRule[],
  subject: object,
): readonly KubernetesObject[] {
  if (rules.length === 0) return [];
  const kind = namespace === undefined ? 'ClusterRole' : 'Role';
  return [role({ name, namespace }, rules), roleBinding({ name, namespace }, { kind, name }, [subject])];
}

function permissionBindings(agent: string, permission: AgentPermission, account: object): readonly KubernetesObject[] {
  const { to = 'agent', clusterRole, namespaces } = permission;
  const subject =
    to === 'agent'
      ? account
      : 'group' in to
        ? { apiGroup: RBAC, kind: 'Group', name: to.group }
        : { apiGroup: RBAC, kind: 'User', name: to.user };
  const name = `${agent}:${granteeOf(permission)}:${clusterRole}`;
  return (namespaces ?? [undefined]).map((namespace) =>
    roleBinding({ name, namespace }, { kind: 'ClusterRole', name: clusterRole }, [subject]),
  );
}

/**
 * What must outlive the agent's Flux objects: its namespace and account, and under lockdown the account that installs it.
 *
 * @param namespace - name of the namespace and of the account
 * @param installer - the account with which Flux installs the agent; undefined for that of helm-controller
 */
export function agentNamespaceObjects(
  namespace: string,
  settings: AgentSettings,
  installer: ComponentServiceAccount | undefined,
  annotations: Readonly<Record<string, string>> = {},
): readonly KubernetesObject[] {
  const kept = { ...PRUNE_DISABLED, ...annotations };
  return [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace, labels: podSecurityLabels(settings), annotations: kept },
    },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: namespace, namespace, annotations: kept } },
    ...(installer === undefined ? [] : serviceAccountObjects(installer, namespace, kept)),
  ];
}

/** The labels by which the agent's namespace enforces a Pod Security Standard. */
function podSecurityLabels({ podSecurity = 'restricted' }: AgentSettings): Readonly<Record<string, string>> {
  return { 'pod-security.kubernetes.io/enforce': podSecurity };
}
