import { type PolicyRule } from '../manifest/rbac';
import { type AgentConfiguration } from './agent-configuration';
import { type Impersonation } from './ci-access';

const CORE = [''];
const NOTIFICATION = ['notification.toolkit.fluxcd.io'];
const IMPERSONATE = ['impersonate'];

/** What every agent needs in its own namespace: its replicas elect one that works, and it reports events. */
export const OWN_RULES: readonly PolicyRule[] = [
  { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'create', 'update', 'patch'] },
  { apiGroups: [...CORE, 'events.k8s.io'], resources: ['events'], verbs: ['create', 'patch'] },
];

/**
 * What the agent needs in the whole cluster to tell Flux about pushes: it looks for two CRDs when it starts, and then
 * watches all sources and receivers.
 */
export const FLUX_CLUSTER_RULES: readonly PolicyRule[] = [
  {
    apiGroups: ['apiextensions.k8s.io'],
    resources: ['customresourcedefinitions'],
    resourceNames: ['gitrepositories.source.toolkit.fluxcd.io', 'receivers.notification.toolkit.fluxcd.io'],
    verbs: ['get'],
  },
  { apiGroups: ['source.toolkit.fluxcd.io'], resources: ['gitrepositories'], verbs: ['list', 'watch'] },
  { apiGroups: NOTIFICATION, resources: ['receivers'], verbs: ['list', 'watch'] },
];

/**
 * What the agent needs in a namespace to make a receiver for each source in it: the objects that it names after them.
 *
 * @param sources - names of the GitRepositories in the namespace; undefined for whatever there is
 */
export function receiverRules(sources: readonly string[] | undefined): readonly PolicyRule[] {
  const named = (prefix: string): Pick<PolicyRule, 'resourceNames'> =>
    sources === undefined ? {} : { resourceNames: sources.map((name) => `${prefix}${name}`) };
  return [
    // Kubernetes knows the name of a new object only when it is applied, not when it is created.
    { apiGroups: NOTIFICATION, resources: ['receivers'], verbs: ['create'] },
    { apiGroups: NOTIFICATION, resources: ['receivers'], ...named('gitlab-'), verbs: ['patch'] },
    { apiGroups: CORE, resources: ['secrets'], verbs: ['create'] },
    { apiGroups: CORE, resources: ['secrets'], ...named('gitlab-receiver-'), verbs: ['get', 'patch', 'delete'] },
  ];
}

/** What the agent needs to act as CI jobs, as people, or as somebody who is written in the configuration. */
export interface ImpersonationRules {
  /** In the whole cluster. */
  readonly cluster: readonly PolicyRule[];
  /** In the namespaces of service accounts. */
  readonly namespaces: ReadonlyMap<string, readonly PolicyRule[]>;
}

/** What GitLab tells Kubernetes about everybody who comes through the agent. */
const COMMON_EXTRA = ['id', 'username', 'config_project_id'];
const JOB_EXTRA = ['project_id', 'ci_pipeline_id', 'ci_job_id', 'environment_slug', 'environment_tier'];
const USER_EXTRA = ['access_type'];

/**
 * What the modes of impersonation need. The names of jobs and people are not known, so the agent may act as any user
 * and any group then; Kubernetes cannot tell names that begin alike.
 */
export function impersonationRules({ ciAccess, userAccess }: AgentConfiguration): ImpersonationRules {
  const modes = [...(ciAccess?.projects ?? []), ...(ciAccess?.groups ?? [])].map(({ accessAs }) => accessAs ?? {});
  const asJob = modes.some(({ ciJob }) => ciJob === true);
  const asUser = userAccess?.accessAs === 'user';
  const extra = [...(asJob ? JOB_EXTRA : []), ...(asUser ? USER_EXTRA : [])];
  const anybody: readonly PolicyRule[] =
    asJob || asUser
      ? [
          { apiGroups: CORE, resources: ['users', 'groups'], verbs: IMPERSONATE },
          {
            apiGroups: ['authentication.k8s.io'],
            resources: [...COMMON_EXTRA, ...extra].map((key) => `userextras/agent.gitlab.com/${key}`),
            verbs: IMPERSONATE,
          },
        ]
      : [];
  const identities = modes.flatMap(({ impersonate }) => impersonate ?? []);
  const namespaces = new Map<string, PolicyRule[]>();
  for (const { username } of identities) {
    const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(username) ?? [];
    if (namespace !== undefined && name !== undefined) {
      const rule = { apiGroups: CORE, resources: ['serviceaccounts'], resourceNames: [name], verbs: IMPERSONATE };
      namespaces.set(namespace, [...(namespaces.get(namespace) ?? []), rule]);
    }
  }
  return { cluster: [...anybody, ...identities.flatMap(identityRules)], namespaces };
}

/** Exactly this identity; that of a service account is a right in its namespace. */
function identityRules({ username, groups = [], uid, extra = {} }: Impersonation): readonly PolicyRule[] {
  const rule = (apiGroups: readonly string[], resource: string, resourceNames: readonly string[]): PolicyRule[] =>
    resourceNames.length === 0 ? [] : [{ apiGroups, resources: [resource], resourceNames, verbs: IMPERSONATE }];
  const authentication = ['authentication.k8s.io'];
  return [
    ...rule(CORE, 'users', username.startsWith('system:serviceaccount:') ? [] : [username]),
    ...rule(CORE, 'groups', groups),
    ...rule(authentication, 'uids', uid === undefined ? [] : [uid]),
    ...Object.entries(extra).flatMap(([key, values]) =>
      // Kubernetes compares keys in lower case.
      rule(authentication, `userextras/${key.toLowerCase()}`, values),
    ),
  ];
}
