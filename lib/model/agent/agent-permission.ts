import { checkDnsLabel } from '../manifest/kubernetes-name';
import { ValidationError } from '../validation-error';

/** Rights that somebody gets who comes through the agent. */
export interface AgentPermission {
  /**
   * Who gets them: the agent's own account (which `agent` modes act as), a group such as `gitlab:ci_job`, or a user.
   *
   * @default 'agent'
   * @see https://docs.gitlab.com/user/clusters/agent/ci_cd_workflow/#impersonate-the-cicd-job-that-accesses-the-cluster
   */
  readonly to?: 'agent' | { readonly group: string } | { readonly user: string };
  /** Name of the ClusterRole, for example `view` or `edit`. It exists on the cluster. */
  readonly clusterRole: string;
  /**
   * Namespaces in which the rights count. They exist.
   *
   * @default - the whole cluster
   */
  readonly namespaces?: readonly string[];
}

/**
 * Refuses a permission that Kubernetes would refuse.
 *
 * @param at - the agent
 * @param prop - the prop that holds it
 * @param permission - the permission
 * @throws ValidationError
 */
export function checkPermission(at: string, prop: string, permission: AgentPermission): void {
  if (!/^[^/%\s]+$/.test(permission.clusterRole)) {
    throw new ValidationError({
      at,
      prop: `${prop}.clusterRole`,
      got: permission.clusterRole,
      want: 'the name of a ClusterRole, such as view',
    });
  }
  if (permission.namespaces?.length === 0) {
    throw new ValidationError({
      at,
      prop: `${prop}.namespaces`,
      got: [],
      want: 'a namespace, or no list for the whole cluster',
    });
  }
  permission.namespaces?.forEach((name, index) => checkDnsLabel(at, `${prop}.namespaces[${index}]`, name));
}
