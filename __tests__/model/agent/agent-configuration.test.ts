import { parse } from 'yaml';

import {
  type AgentConfiguration,
  agentConfigurationFields,
  agentConfigurationText,
} from '../../../lib/model/agent/agent-configuration';
import { AgentDefinition } from '../../../lib/model/agent/agent-definition';
import { Cluster } from '../../../lib/model/cluster/cluster';
import { ClusterConnection } from '../../../lib/model/cluster/cluster-connection';

const cluster = new Cluster({
  name: 'uni-dev',
  environment: 'dev',
  connection: ClusterConnection.kubeconfig({ context: 'uni-dev' }),
});
const textFor = (configuration: AgentConfiguration, project = 'platform/fleet'): string =>
  String(
    new AgentDefinition({ configuration }).configurationFile(cluster, project).get('.gitlab/agents/uni-dev/config.yaml')
      ?.content,
  );

/** Everything that there is, each field with a value. */
const everything: Required<AgentConfiguration> = {
  ciAccess: {
    projects: [
      {
        id: 'platform/shop',
        defaultNamespace: 'shop',
        environments: ['prod', 'review/*'],
        protectedBranchesOnly: true,
        resourceManagement: true,
        accessAs: {
          impersonate: {
            username: 'deployer',
            uid: '1',
            groups: ['deployers'],
            extra: { 'example.com/team': ['a', 'b'] },
          },
        },
      },
      { id: 'platform/agent', accessAs: { agent: true } },
    ],
    groups: [{ id: 'platform/teams', accessAs: { ciJob: true } }],
  },
  userAccess: { accessAs: 'user', projects: ['platform/fleet'], groups: ['platform'] },
  instanceWide: false,
  webhookReceiverUrl: 'http://webhook-receiver.flux-system.svc.cluster.local',
  observability: {
    logLevel: 'debug',
    grpcLogLevel: 'warn',
    googleProfiler: { enabled: true, projectId: 'p', credentialsFile: '/c', debugLogging: true },
  },
  containerScanning: {
    cadence: '0 0 * * *',
    namespaces: ['shop'],
    resourceTypes: ['Deployment'],
    resourceRequirements: {
      requests: { cpu: '200m', memory: '200Mi', ephemeralStorage: '1Gi' },
      limits: { cpu: '1', memory: '1Gi', ephemeralStorage: '2Gi' },
    },
    scannerImage: 'registry.example.com/trivy',
    scannerTimeout: '3600s',
    reportMaxSize: 300_000_000,
    deleteReportArtifact: true,
    severityThreshold: 'HIGH',
  },
  remoteDevelopment: {
    enabled: true,
    dnsZone: 'workspaces.example.com',
    proxyNamespace: 'gitlab-workspaces',
    networkPolicy: { enabled: true, egress: [{ allow: '0.0.0.0/0', except: ['10.0.0.0/8'] }] },
    defaultResourcesPerWorkspaceContainer: {
      requests: { cpu: '1', memory: '1Gi' },
      limits: { cpu: '2', memory: '2Gi' },
    },
    maxResourcesPerWorkspace: { requests: { cpu: '1', memory: '1Gi' }, limits: { cpu: '4', memory: '8Gi' } },
    workspacesQuota: 10,
    workspacesPerUserQuota: 2,
    useKubernetesUserNamespaces: true,
    defaultRuntimeClass: 'gvisor',
    allowPrivilegeEscalation: false,
    imagePullSecrets: [{ name: 'pull', namespace: 'default' }],
    annotations: { 'example.com/camelCase': 'a' },
    labels: { snakeCase: 'b' },
    maxActiveHoursBeforeStop: 12,
    maxStoppedHoursBeforeTermination: 100,
    sharedNamespace: 'workspaces',
  },
};

/** Paths of all keys, `[]` for the items of a list. */
function keysOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => keysOf(item, `${path}[]`));
  if (typeof value !== 'object' || value === null) return [path];
  const entries = Object.entries(value);
  return entries.length === 0
    ? [path]
    : entries.flatMap(([key, child]) => keysOf(child, path === '' ? key : `${path}.${key}`));
}

describe("the agent's configuration", () => {
  test('has the keys that GitLab knows, and no other', () => {
    const keys = [...new Set(keysOf(parse(agentConfigurationText(everything))))].sort();
    expect(keys).toEqual(
      [
        ...['id', 'default_namespace', 'environments[]', 'protected_branches_only', 'resource_management.enabled'].map(
          (key) => `ci_access.projects[].${key}`,
        ),
        'ci_access.projects[].access_as.agent',
        ...['username', 'uid', 'groups[]', 'extra[].key', 'extra[].val[]'].map(
          (key) => `ci_access.projects[].access_as.impersonate.${key}`,
        ),
        'ci_access.groups[].id',
        'ci_access.groups[].access_as.ci_job',
        'user_access.access_as.user',
        'user_access.projects[].id',
        'user_access.groups[].id',
        'flux.webhook_receiver_url',
        'observability.logging.level',
        'observability.logging.grpc_level',
        ...['enabled', 'project_id', 'credentials_file', 'debug_logging'].map(
          (key) => `observability.google_profiler.${key}`,
        ),
        'container_scanning.cadence',
        'container_scanning.vulnerability_report.namespaces[]',
        'container_scanning.vulnerability_report.resource_types[]',
        ...['requests', 'limits'].flatMap((kind) =>
          ['cpu', 'memory', 'ephemeral_storage'].map(
            (key) => `container_scanning.resource_requirements.${kind}.${key}`,
          ),
        ),
        'container_scanning.trivy_k8s_wrapper_image.repository',
        ...['scanner_timeout', 'report_max_size', 'delete_report_artifact', 'severity_threshold'].map(
          (key) => `container_scanning.${key}`,
        ),
        'remote_development.enabled',
        'remote_development.dns_zone',
        'remote_development.gitlab_workspaces_proxy.namespace',
        'remote_development.network_policy.enabled',
        'remote_development.network_policy.egress[].allow',
        'remote_development.network_policy.egress[].except[]',
        ...['default_resources_per_workspace_container', 'max_resources_per_workspace'].flatMap((field) =>
          ['requests', 'limits'].flatMap((kind) =>
            ['cpu', 'memory'].map((key) => `remote_development.${field}.${kind}.${key}`),
          ),
        ),
        ...[
          'workspaces_quota',
          'workspaces_per_user_quota',
          'use_kubernetes_user_namespaces',
          'default_runtime_class',
        ].map((key) => `remote_development.${key}`),
        'remote_development.allow_privilege_escalation',
        'remote_development.image_pull_secrets[].name',
        'remote_development.image_pull_secrets[].namespace',
        'remote_development.annotations.example.com/camelCase',
        'remote_development.labels.snakeCase',
        'remote_development.max_active_hours_before_stop',
        'remote_development.max_stopped_hours_before_termination',
        'remote_development.shared_namespace',
      ].sort(),
    );
  });

  test('cannot be given another key, whatever the compiler was told', () => {
    const smuggled: any = structuredClone(everything);
    smuggled.gitops = {};
    smuggled.ciAccess.projects[0].foo = 1;
    smuggled.ciAccess.projects[0].accessAs.impersonate.foo = 1;
    smuggled.userAccess.foo = 1;
    smuggled.observability.foo = 1;
    smuggled.containerScanning.resourceRequirements.limits.foo = 1;
    smuggled.remoteDevelopment.networkPolicy.egress[0].foo = 1;
    expect(agentConfigurationText(smuggled)).toBe(agentConfigurationText(everything));
  });

  test('leaves out what is not said', () => {
    expect(textFor({})).toBe('---\n{}\n');
    expect(textFor({ ciAccess: { projects: [{ id: 'platform/fleet', environments: undefined }] } })).toBe(
      '---\nci_access:\n  projects:\n  - id: platform/fleet\n',
    );
    expect(JSON.stringify(agentConfigurationFields({}))).toBe('{}');
  });

  test('says access_as of people always, which GitLab before 18.3 needs', () => {
    expect(parse(textFor({ userAccess: { groups: ['platform'] } }))).toEqual({
      user_access: { access_as: { agent: {} }, groups: [{ id: 'platform' }] },
    });
  });

  const many = (count: number) => Array.from({ length: count }, (_, index) => `platform/p${index}`);
  test('takes 500 projects and 500 groups', () => {
    const entries = many(500).map((id) => ({ id }));
    expect(() => textFor({ ciAccess: { projects: entries, groups: entries } })).not.toThrow();
  });

  test.each<[string, AgentConfiguration, RegExp]>([
    [
      '501 projects',
      { ciAccess: { projects: many(501).map((id) => ({ id })) } },
      /ciAccess\.projects: got "501 entries", want 500/,
    ],
    ['501 groups of people', { userAccess: { groups: many(501) } }, /userAccess\.groups: got "501 entries"/],
    [
      'one twice',
      { ciAccess: { groups: [{ id: 'platform' }, { id: 'platform' }] } },
      /ciAccess\.groups\[1\]\.id: .*each path once/,
    ],
    ['no path', { ciAccess: { projects: [{ id: 'https://x' }] } }, /ciAccess\.projects\[0\]\.id: .*a full path/],
    [
      'another top-level group',
      { ciAccess: { projects: [{ id: 'other/shop' }] } },
      /a path below platform, the top-level group/,
    ],
    [
      'people of another one',
      { userAccess: { projects: ['other/shop'] } },
      /userAccess\.projects\[0\]\.id: .*instanceWide/,
    ],
    ['people, but nobody', { userAccess: {} }, /userAccess: .*a project or a group/],
    [
      'two modes',
      { ciAccess: { projects: [{ id: 'platform/a', accessAs: { agent: true, ciJob: true } }] } },
      /exactly one of agent, ciJob/,
    ],
    ['no mode', { ciAccess: { projects: [{ id: 'platform/a', accessAs: {} }] } }, /exactly one of agent, ciJob/],
    [
      'nobody to act as',
      { ciAccess: { projects: [{ id: 'platform/a', accessAs: { impersonate: { username: ' ' } } }] } },
      /impersonate\.username: .*name of a user/,
    ],
  ])('refuses %s', (_, configuration, message) => {
    expect(() => textFor(configuration)).toThrow(message);
  });

  test('may name other groups where GitLab authorizes the whole instance', () => {
    expect(textFor({ instanceWide: true, userAccess: { projects: ['other/shop'] } })).toContain('id: other/shop');
  });

  test.each(['', 'Uni', 'a_b', 'a.b', '-a', 'a'.repeat(64)])('refuses the name %p', (name) => {
    expect(() => new AgentDefinition({ name })).toThrow(/agent: name: .*DNS label/);
  });

  test('takes a name of 63 characters', () => {
    const name = 'a'.repeat(63);
    expect(new AgentDefinition({ name }).configurationFile(cluster, 'platform/fleet').paths).toEqual([
      `.gitlab/agents/${name}/config.yaml`,
    ]);
  });
});
