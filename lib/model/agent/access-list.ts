import { below, type ErrorThing, type PropPath } from '../error-place';
import { isGroupOrProjectPath } from '../manifest/project-path';
import { ValidationError } from '../validation-error';

/** How many projects, and how many groups, one list of an agent's configuration may name. */
const MOST_ENTRIES = 500;

/**
 * Refuses a list of projects or groups that GitLab would refuse: more than 500 entries, one twice, or something that is
 * no full path.
 *
 * @param prop - the prop that holds the list
 * @see https://docs.gitlab.com/user/clusters/agent/ci_cd_workflow/#authorize-agent-access
 */
export function checkPaths(at: ErrorThing, prop: PropPath, ids: readonly string[] = []): void {
  if (ids.length > MOST_ENTRIES) {
    throw new ValidationError({ at, prop, got: `${ids.length} entries`, want: `${MOST_ENTRIES} at most` });
  }

  ids.forEach((id, index) => {
    if (!isGroupOrProjectPath(id)) {
      throw new ValidationError({
        at,
        prop: below(prop, index, 'id'),
        got: id,
        want: 'a full path, such as platform/fleet',
      });
    }
    if (ids.indexOf(id) !== index) {
      throw new ValidationError({ at, prop: below(prop, index, 'id'), got: id, want: 'each path once' });
    }
  });
}

/**
 * Refuses paths outside of the top-level group of the project with the configuration. Only a self-managed GitLab with
 * authorization for the whole instance allows them.
 *
 * @param prop - the prop that holds the list
 * @param configProject - full path of the project with the configuration
 */
export function checkTopLevelGroup(
  at: ErrorThing,
  prop: PropPath,
  ids: readonly string[] = [],
  configProject: string,
): void {
  const group = topLevel(configProject);
  ids.forEach((id, index) => {
    if (topLevel(id) !== group) {
      throw new ValidationError({
        at,
        prop: below(prop, index, 'id'),
        got: id,
        want: `a path below ${group}, the top-level group of ${configProject}; set instanceWide when this GitLab authorizes agents for the whole instance`,
      });
    }
  });
}

function topLevel(path: string): string {
  return path.toLowerCase().split('/')[0] ?? '';
}
