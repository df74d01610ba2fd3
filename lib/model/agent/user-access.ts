import { type ErrorThing } from '../error-place';
import { ValidationError } from '../validation-error';
import { checkPaths } from './access-list';

/**
 * Which people may reach the cluster through GitLab: with the dashboard, and with `kubectl` and a token.
 *
 * @see https://docs.gitlab.com/user/clusters/agent/user_access/
 */
export interface UserAccess {
  /**
   * As whom they act. `agent`: with the agent's own rights, all editions. `user`: as `gitlab:user:<name>` in groups such
   * as `gitlab:project_role:<id>:<role>`, Premium.
   *
   * @default 'agent'
   */
  readonly accessAs?: 'agent' | 'user';
  /** Full paths of the projects whose members may, 500 at most. */
  readonly projects?: readonly string[];
  /** Full paths of the groups whose members may, 500 at most. */
  readonly groups?: readonly string[];
}

/** Refuses what GitLab would refuse, and access for nobody. */
export function checkUserAccess(at: ErrorThing, access: UserAccess): void {
  checkPaths(at, ['configuration', 'userAccess', 'projects'], access.projects);
  checkPaths(at, ['configuration', 'userAccess', 'groups'], access.groups);
  if ((access.projects ?? []).length + (access.groups ?? []).length === 0) {
    throw new ValidationError({
      at,
      prop: ['configuration', 'userAccess'],
      got: access,
      want: 'a project or a group whose members may',
    });
  }
}

/** `user_access` of the file. GitLab before 18.3 wants `access_as`, so it is always there. */
export function userAccessFields({ accessAs = 'agent', projects, groups }: UserAccess): object {
  const named = (ids: readonly string[] | undefined): object | undefined => ids?.map((id) => ({ id }));
  return { access_as: { [accessAs]: {} }, projects: named(projects), groups: named(groups) };
}
