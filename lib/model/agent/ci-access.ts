import { below, type ErrorThing, type PropPath } from '../error-place';
import { ValidationError } from '../validation-error';
import { checkPaths } from './access-list';

/**
 * As whom a CI job acts on the cluster: exactly one of the fields.
 *
 * @see https://docs.gitlab.com/user/clusters/agent/ci_cd_workflow/#restrict-project-and-group-access-by-using-impersonation
 */
export interface CiAccessAs {
  /**
   * As the agent, with the agent's own rights. All editions.
   *
   * @default - unless another field is given, GitLab takes this one
   */
  readonly agent?: true;
  /**
   * As the job: user `gitlab:ci_job:<id>` in groups such as `gitlab:ci_job` and `gitlab:project:<id>`. Premium.
   *
   * @default - not as the job
   */
  readonly ciJob?: true;
  /**
   * As a user or account that is written here. Premium.
   *
   * @default - not as somebody else
   */
  readonly impersonate?: Impersonation;
}

/** A user or account of the cluster. */
export interface Impersonation {
  /** Name of the user, or `system:serviceaccount:<namespace>:<name>`. */
  readonly username: string;
  /** Its groups. */
  readonly groups?: readonly string[];
  /** Its UID. */
  readonly uid?: string;
  /** More about it, by key. */
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** Who may use the agent in CI jobs, and how. */
export interface CiAccessEntry {
  /** Full path of a project, or of a group with all its projects. */
  readonly id: string;
  /** Namespace of the context that jobs get. It is no border: jobs may name others. All editions. */
  readonly defaultNamespace?: string;
  /**
   * Only jobs for these environments, for example `['prod', 'review/*']`. All editions.
   *
   * @default - all jobs
   */
  readonly environments?: readonly string[];
  /**
   * Only jobs on protected branches. All editions, GitLab 17.3 and newer; behind a feature flag at first.
   *
   * @default false
   */
  readonly protectedBranchesOnly?: boolean;
  /**
   * As whom jobs act.
   *
   * @default - as the agent
   */
  readonly accessAs?: CiAccessAs;
  /**
   * Whether GitLab creates objects for environments, such as their namespaces. Premium.
   *
   * @default false
   */
  readonly resourceManagement?: boolean;
}

/** Which CI jobs may use the agent. The jobs of the project with the configuration always may. */
export interface CiAccess {
  /** Projects, 500 at most. */
  readonly projects?: readonly CiAccessEntry[];
  /** Groups, 500 at most. */
  readonly groups?: readonly CiAccessEntry[];
}

/** Refuses what GitLab or Kubernetes would refuse. */
export function checkCiAccess(at: ErrorThing, access: CiAccess): void {
  for (const kind of ['projects', 'groups'] as const) {
    const entries = access[kind] ?? [];
    checkPaths(
      at,
      ['configuration', 'ciAccess', kind],
      entries.map(({ id }) => id),
    );
    entries.forEach(({ accessAs }, index) =>
      checkAccessAs(at, ['configuration', 'ciAccess', kind, index, 'accessAs'], accessAs),
    );
  }
}

function checkAccessAs(at: ErrorThing, prop: PropPath, accessAs: CiAccessAs | undefined): void {
  if (accessAs === undefined) return;
  const given = [accessAs.agent, accessAs.ciJob, accessAs.impersonate].filter((value) => value !== undefined);
  if (given.length !== 1) {
    throw new ValidationError({ at, prop, got: accessAs, want: 'exactly one of agent, ciJob and impersonate' });
  }

  if (accessAs.impersonate?.username.trim() === '') {
    throw new ValidationError({
      at,
      prop: below(prop, 'impersonate', 'username'),
      got: '',
      want: 'the name of a user',
    });
  }
}

/** `ci_access` of the file. */
export function ciAccessFields(access: CiAccess): object {
  return { projects: access.projects?.map(entryFields), groups: access.groups?.map(entryFields) };
}

function entryFields(entry: CiAccessEntry): object {
  return {
    id: entry.id,
    default_namespace: entry.defaultNamespace,
    environments: entry.environments,
    protected_branches_only: entry.protectedBranchesOnly,
    access_as: entry.accessAs && accessAsFields(entry.accessAs),
    resource_management: entry.resourceManagement === undefined ? undefined : { enabled: entry.resourceManagement },
  };
}

function accessAsFields({ ciJob, impersonate }: CiAccessAs): object {
  if (ciJob) return { ci_job: {} };
  if (impersonate === undefined) return { agent: {} };
  const { username, groups, uid, extra } = impersonate;
  const pairs = extra && Object.entries(extra).map(([key, val]) => ({ key, val }));
  return { impersonate: { username, groups, uid, extra: pairs } };
}
