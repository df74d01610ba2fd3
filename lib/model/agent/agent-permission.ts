import { below, type ErrorThing, type PropPath } from '../error-place';
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

/** Who gets the rights, as names of bindings say it: they may hold anything but what would break a path. */
export function granteeOf({ to = 'agent' }: AgentPermission): string {
  const name = to === 'agent' ? to : 'group' in to ? to.group : to.user;
  return name.replace(/[/%\s]/g, '_');
}

/**
 * Refuses permissions that Kubernetes would refuse, and one that is there twice: its binding would be too, and Flux
 * applies nothing of a cluster then.
 */
export function checkPermissions(at: ErrorThing, permissions: readonly AgentPermission[]): void {
  const bindings = new Set<string>();
  permissions.forEach((permission, index) => {
    const prop = ['permissions', index];
    checkPermission(at, prop, permission);
    for (const namespace of permission.namespaces ?? ['']) {
      const binding = [granteeOf(permission), permission.clusterRole, namespace].join('/');
      if (bindings.has(binding)) throw new ValidationError({ at, prop, got: permission, want: 'each permission once' });
      bindings.add(binding);
    }
  });
}

function checkPermission(at: ErrorThing, prop: PropPath, permission: AgentPermission): void {
  if (!/^[^/%\s]+$/.test(permission.clusterRole)) {
    throw new ValidationError({
      at,
      prop: below(prop, 'clusterRole'),
      got: permission.clusterRole,
      want: 'the name of a ClusterRole, such as view',
    });
  }
  if (permission.namespaces?.length === 0) {
    throw new ValidationError({
      at,
      prop: below(prop, 'namespaces'),
      got: [],
      want: 'a namespace, or no list for the whole cluster',
    });
  }
  permission.namespaces?.forEach((name, index) => checkDnsLabel(at, below(prop, 'namespaces', index), name));
}
