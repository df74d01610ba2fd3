// Each mode of access on a real API server with the real CRDs of Flux: what the agent may, and what it may not.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { agentNamespaceObjects, agentRights } from '../../../lib/model/agent/agent-objects';
import { type AgentSettings } from '../../../lib/model/agent/agent-settings';
import { type FluxSource } from '../../../lib/model/layout/flux-source';
import { ApiServer } from '../../support/api-server';
import { type ControlPlane, describeWithRig, sharedDirectory, startControlPlane } from '../../support/rig';

const CRDS = join(sharedDirectory, 'data/flux-v2.9.4');
const source = (name: string, namespace = name): FluxSource => ({
  name,
  namespace,
  url: 'https://gitlab.example.com/platform/fleet.git',
  isGitOps: true,
  isPrivate: true,
});
const sources = [source('flux-system'), source('shop')];
/** What GitLab tells Kubernetes about who comes through the agent. */
const GITLAB_EXTRA = (...keys: readonly string[]) =>
  Object.fromEntries(keys.map((key) => [`agent.gitlab.com/${key}`, '1']));

describeWithRig('the rights of an agent', () => {
  let cluster: ControlPlane;
  let api: ApiServer;
  beforeAll(async () => {
    cluster = await startControlPlane();
    api = ApiServer.of(cluster);
    const crds = readdirSync(CRDS).filter((file) => /^(source|notification)-controller.*\.yaml$/.test(file));
    for (const file of crds) {
      const documents = readFileSync(join(CRDS, file), 'utf8').split(/^---$/m);
      const definitions = documents.filter((text) => /^kind: CustomResourceDefinition$/m.test(text));
      await cluster.kubectl(['apply', '--server-side', '-f', '-'], definitions.join('\n---\n'));
    }
    await cluster.kubectl(['wait', '--for=condition=Established', 'crd', '--all', '--timeout=60s']);
    for (const namespace of ['flux-system', 'shop', 'other']) await cluster.kubectl(['create', 'namespace', namespace]);
  });

  /** An agent of its own for each mode; all its objects are as they are in Git. */
  async function agent(namespace: string, settings: AgentSettings, notified?: readonly FluxSource[]): Promise<string> {
    const objects = [
      ...agentNamespaceObjects(namespace, settings, undefined),
      ...agentRights({ namespace, settings, sources: notified }),
    ];
    for (const object of objects) await api.apply(object);
    return `system:serviceaccount:${namespace}:${namespace}`;
  }

  /** Whether somebody may do something: `verb resource.group/name`, with `-n namespace` or `-A` behind. */
  async function can(who: string, question: string, groups: readonly string[] = []): Promise<boolean> {
    const [verb, what = '', option, namespace = option === '-A' ? '' : 'default'] = question.split(' ');
    const [, resource, group = '', name] = /^([^./]+)(?:\.([^/]+))?(?:\/(.+))?$/.exec(what)!;
    const { body } = await api.send(
      'POST',
      '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes: { verb, resource, group, name, namespace } },
      },
      impersonated(who, groups),
    );
    return body.status.allowed;
  }

  /** Asks several questions. */
  async function answers(who: string, questions: readonly string[]): Promise<Record<string, boolean>> {
    const all = await Promise.all(questions.map(async (question) => [question, await can(who, question)] as const));
    return Object.fromEntries(all);
  }
  const all = (questions: readonly string[], value: boolean) =>
    Object.fromEntries(questions.map((one) => [one, value]));
  async function expectExactly(who: string, may: readonly string[], mayNot: readonly string[]): Promise<void> {
    expect(await answers(who, [...may, ...mayNot])).toEqual({ ...all(may, true), ...all(mayNot, false) });
  }

  const own = (namespace: string) =>
    ['get', 'create', 'update']
      .map((verb) => `${verb} leases.coordination.k8s.io -n ${namespace}`)
      .concat(`create events -n ${namespace}`);
  const CRD = 'customresourcedefinitions.apiextensions.k8s.io';
  const GITREPOSITORY_CRD = `${CRD}/gitrepositories.source.toolkit.fluxcd.io`;
  const RECEIVERS = 'receivers.notification.toolkit.fluxcd.io';
  const GIT = 'gitrepositories.source.toolkit.fluxcd.io';
  const never = [
    'list secrets -A',
    'get secrets -n kube-system',
    'create pods -n shop',
    'create deployments.apps -n flux-system',
    'impersonate users',
    'impersonate groups/system:masters',
    'create clusterrolebindings.rbac.authorization.k8s.io',
    '* *',
  ];

  test('without any mode: its lease and its events', async () => {
    const who = await agent('agent-none', {});
    await expectExactly(who, own('agent-none'), [
      ...never,
      `get ${GITREPOSITORY_CRD}`,
      `list ${GIT} -A`,
      `create ${RECEIVERS} -n flux-system`,
      'create secrets -n flux-system',
      'get leases.coordination.k8s.io -n kube-system',
    ]);
  });

  test('to tell Flux: the receivers and Secrets that it makes for known sources', async () => {
    const who = await agent('agent-flux', {}, sources);
    const may = [
      ...own('agent-flux'),
      `get ${GITREPOSITORY_CRD}`,
      `get ${CRD}/${RECEIVERS}`,
      `list ${GIT} -A`,
      `watch ${GIT} -A`,
      `list ${RECEIVERS} -A`,
      `watch ${RECEIVERS} -A`,
      ...['flux-system', 'shop'].flatMap((name) => [
        `create ${RECEIVERS} -n ${name}`,
        `patch ${RECEIVERS}/gitlab-${name} -n ${name}`,
        `create secrets -n ${name}`,
        ...['get', 'patch', 'delete'].map((verb) => `${verb} secrets/gitlab-receiver-${name} -n ${name}`),
      ]),
    ];
    await expectExactly(who, may, [
      ...never,
      `get ${CRD}/kustomizations.kustomize.toolkit.fluxcd.io`,
      `patch ${GIT} -n flux-system`,
      'get secrets/flux-system -n flux-system',
      'get secrets/git-credentials -n flux-system',
      'list secrets -n flux-system',
      `patch ${RECEIVERS}/mine -n shop`,
      `delete ${RECEIVERS}/gitlab-shop -n shop`,
      'create secrets -n other',
      `create ${RECEIVERS} -n other`,
    ]);
  });

  test('it makes its receiver by server-side apply, as agentk does, and no other', async () => {
    const who = await agent('agent-apply', {}, sources);
    const agentk = await accountOf(api, who);
    const apply = async (name: string, namespace: string) => {
      await agentk.apply({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: `gitlab-receiver-${name}`, namespace },
        data: { token: '' },
      });
      await agentk.apply({
        apiVersion: 'notification.toolkit.fluxcd.io/v1',
        kind: 'Receiver',
        metadata: { name: `gitlab-${name}`, namespace },
        spec: {
          type: 'generic',
          secretRef: { name: `gitlab-receiver-${name}` },
          resources: [{ kind: 'GitRepository', name }],
        },
      });
    };
    await apply('shop', 'shop');
    await apply('shop', 'shop');
    await expect(apply('another', 'shop')).rejects.toThrow(/forbidden/);
    await expect(apply('shop', 'other')).rejects.toThrow(/forbidden/);
  });

  test('to tell Flux about whatever there is: Secrets everywhere', async () => {
    const who = await agent('agent-cluster', { sources: 'cluster' }, sources);
    await expectExactly(
      who,
      ['create secrets -n other', 'get secrets -n other', `patch ${RECEIVERS} -n other`],
      ['list secrets -A', 'create pods -n shop', 'impersonate users'],
    );
  });

  test('ci_access and user_access as the agent: what the permissions say', async () => {
    const who = await agent('agent-ci', {
      configuration: {
        ciAccess: { projects: [{ id: 'a/b', accessAs: { agent: true } }] },
        userAccess: { groups: ['a'] },
      },
      permissions: [{ clusterRole: 'edit', namespaces: ['shop'] }, { clusterRole: 'view' }],
    });
    await expectExactly(
      who,
      [...own('agent-ci'), 'create deployments.apps -n shop', 'get pods -n other', 'list pods -A'],
      [...never.filter((one) => !one.startsWith('create pods')), 'create deployments.apps -n other', `list ${GIT} -A`],
    );
  });

  test('ci_access as the job: the agent acts as jobs, which may what their groups may', async () => {
    const who = await agent('agent-job', {
      configuration: { ciAccess: { groups: [{ id: 'a', accessAs: { ciJob: true } }] } },
      permissions: [{ to: { group: 'gitlab:ci_job' }, clusterRole: 'edit', namespaces: ['shop'] }],
    });
    const mayNot = ['create pods -n shop', 'impersonate serviceaccounts -n kube-system', 'list secrets -A'];
    await expectExactly(who, ['impersonate users', 'impersonate groups'], mayNot);
    const job = 'gitlab:ci_job:1';
    const groups = ['gitlab:ci_job', 'gitlab:group:23', 'gitlab:project:150', 'gitlab:project_env_tier:150:production'];
    const extra = {
      ...GITLAB_EXTRA('id', 'config_project_id', 'username'),
      ...GITLAB_EXTRA('project_id', 'ci_pipeline_id', 'ci_job_id', 'environment_slug', 'environment_tier'),
    };
    expect(await actAs(api, who, impersonated(job, groups, extra))).toBe(201);
    expect(await actAs(api, who, impersonated(job, groups, { 'example.com/team': 'a' }))).toBe(403);
    expect(await actAs(api, who, impersonated(job, groups, GITLAB_EXTRA('access_type')))).toBe(403);
    expect(await can(job, 'create deployments.apps -n shop', ['gitlab:ci_job'])).toBe(true);
    expect(await can(job, 'create deployments.apps -n other', ['gitlab:ci_job'])).toBe(false);
  });

  test('ci_access as somebody who is written: that one alone', async () => {
    const impersonate = { username: 'deployer', uid: '7', groups: ['deployers'], extra: { 'Example.com/Team': ['a'] } };
    const account = { username: 'system:serviceaccount:shop:deployer' };
    const who = await agent('agent-as', {
      configuration: {
        ciAccess: {
          projects: [impersonate, account].map((one, index) => ({ id: `a/${index}`, accessAs: { impersonate: one } })),
        },
      },
      permissions: [{ to: { user: 'deployer' }, clusterRole: 'view', namespaces: ['shop'] }],
    });
    await expectExactly(
      who,
      ['impersonate users/deployer', 'impersonate groups/deployers', 'impersonate serviceaccounts/deployer -n shop'],
      [
        'impersonate users',
        'impersonate users/other',
        'impersonate groups/system:masters',
        'impersonate serviceaccounts/default -n shop',
        'impersonate serviceaccounts/deployer -n other',
      ],
    );
    expect(await can('deployer', 'get pods -n shop')).toBe(true);
    const asks = (...identity: Parameters<typeof impersonated>) => actAs(api, who, impersonated(...identity));
    expect(await asks('deployer', ['deployers'], { 'example.com/team': 'a' }, '7')).toBe(201);
    expect(await asks('system:serviceaccount:shop:deployer')).toBe(201);
    expect(await asks('deployer', ['deployers'], { 'example.com/team': 'b' }, '7')).toBe(403);
    expect(await asks('deployer', ['deployers'], {}, '8')).toBe(403);
    expect(await asks('other')).toBe(403);
    expect(await asks('system:serviceaccount:shop:default')).toBe(403);
  });

  test('user_access as the person', async () => {
    const who = await agent('agent-user', {
      configuration: { userAccess: { accessAs: 'user', projects: ['a/b'] } },
      permissions: [{ to: { group: 'gitlab:user' }, clusterRole: 'view' }],
    });
    await expectExactly(who, ['impersonate users', 'impersonate groups'], ['get pods -n shop', 'list secrets -A']);
    const groups = ['gitlab:user', 'gitlab:project_role:1:developer'];
    const extra = GITLAB_EXTRA('id', 'username', 'config_project_id', 'access_type');
    expect(await actAs(api, who, impersonated('gitlab:user:ada', groups, extra))).toBe(201);
    expect(await actAs(api, who, impersonated('gitlab:user:ada', groups, GITLAB_EXTRA('ci_job_id')))).toBe(403);
    expect(await can('gitlab:user:ada', 'get pods -n shop', ['gitlab:user'])).toBe(true);
    expect(await can('gitlab:user:ada', 'delete pods -n shop', ['gitlab:user'])).toBe(false);
  });

  test("the namespace refuses Pods that are not 'restricted'", async () => {
    await agent('agent-security', {});
    await cluster.kubectl(['-n', 'agent-security', 'get', 'serviceaccount', 'agent-security']);
    const pod = ['-n', 'agent-security', 'run', 'bad', '--image=x', '--dry-run=server'];
    await expect(cluster.kubectl(pod)).rejects.toThrow(/violates PodSecurity "restricted/);
  });
});

/** A ServiceAccount: `system:serviceaccount:<namespace>:<name>`. */
function accountOf(api: ApiServer, who: string): Promise<ApiServer> {
  const [, , namespace = '', name = ''] = who.split(':');
  return api.asAccount(namespace, name);
}

/**
 * Asks the API server who one is, with the agent's own token and the headers that GitLab sends: the status of the answer.
 */
async function actAs(
  api: ApiServer,
  who: string,
  headers: Readonly<Record<string, string | readonly string[]>>,
): Promise<number> {
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
  const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
  return (await (await accountOf(api, who)).send('POST', path, body, headers)).status;
}

/** The headers of an impersonation. */
function impersonated(
  user: string,
  groups: readonly string[] = [],
  extra: Readonly<Record<string, string>> = {},
  uid?: string,
): Record<string, string | string[]> {
  const pairs = Object.entries(extra).map(([key, value]) => [`Impersonate-Extra-${encodeURIComponent(key)}`, value]);
  return {
    'Impersonate-User': user,
    ...(groups.length === 0 ? {} : { 'Impersonate-Group': [...groups] }),
    ...(uid === undefined ? {} : { 'Impersonate-Uid': uid }),
    ...(Object.fromEntries(pairs) as Record<string, string>),
  };
}
