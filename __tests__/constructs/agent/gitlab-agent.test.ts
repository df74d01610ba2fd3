import { Annotations, type App, TerraformStack } from 'cdktf';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

import { GitLabAgent, type GitLabAgentProps } from '../../../lib/constructs/agent/gitlab-agent';
import { ClusterAccess } from '../../../lib/constructs/cluster/cluster-access';
import { ClusterComponents } from '../../../lib/constructs/flux/cluster-components';
import { FluxBootstrap, type FluxBootstrapProps } from '../../../lib/constructs/flux/flux-bootstrap';
import { GitLabProject } from '../../../lib/constructs/repository/gitlab-project';
import { Cluster } from '../../../lib/model/cluster/cluster';
import { ClusterConnection } from '../../../lib/model/cluster/cluster-connection';
import { Trigger } from '../../../lib/model/cluster/trigger';
import { KustomizeBase } from '../../../lib/model/component/kustomize-base';
import { KustomizeComponent } from '../../../lib/model/component/kustomize-component';
import { FluxPatch } from '../../../lib/model/flux/flux-patch';
import { Template, testApp } from '../../support/template';

type Given = Partial<GitLabAgentProps> & {
  readonly app?: App;
  readonly trigger?: Trigger;
  readonly withoutFlux?: boolean;
  readonly bootstrap?: Partial<FluxBootstrapProps>;
  readonly second?: Partial<GitLabAgentProps>;
};

const URL = { url: 'https://gitlab.example.com', path: 'platform/fleet' };
const connection = ClusterConnection.kubeconfig({ context: 'uni-dev' });
const banner = new KustomizeComponent({
  name: 'banner',
  base: KustomizeBase.objects([{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'banner' } }]),
});

function stackWith(given: Given = {}): TerraformStack {
  const { app = testApp(), trigger = Trigger.agent(), withoutFlux, bootstrap, second, ...settings } = given;
  const stack = new TerraformStack(app, 'dev-uni-dev');
  const components = withoutFlux ? [] : [banner];
  const cluster = new Cluster({ name: 'uni-dev', environment: 'dev', connection, trigger, components });
  const project = GitLabProject.fromPath(stack, 'Project', URL);
  const access = ClusterAccess.of(stack, connection);
  if (withoutFlux) {
    new GitLabAgent(stack, 'Agent', { cluster, project, access, ...settings });
    return stack;
  }
  const flux = new FluxBootstrap(stack, 'Flux', { cluster, project, access, version: 'v2.9.4', ...bootstrap });
  new ClusterComponents(stack, 'Components', { cluster, project, access, flux });
  new GitLabAgent(stack, 'Agent', { cluster, project, access, flux, ...settings });
  if (second) new GitLabAgent(stack, 'Second', { cluster, project, access, flux, ...second });
  return stack;
}
const templateOf = (given?: Given) => Template.of(stackWith(given));
const treeOf = (template: Template, path: string) =>
  readFileSync(join(template.directory, '../../repository/platform/fleet', path), 'utf8');
const releaseOf = (template: Template, name: string) =>
  template.resources('helm_release').find((release) => release['name'] === name)!;
const valuesOf = (release: any, index = 0) => parse(release['values'][index]);
const tokenSecret = (template: Template) =>
  template.resources('kubernetes_secret_v1').find(({ metadata }) => metadata.name === 'gitlab-agent-token')!;

/** Everything that a resource depends on, directly or not. */
function ancestors(template: Template, address: string): Set<string> {
  const json = template.toJSON();
  const found = new Set<string>();
  const visit = (one: string): void => {
    const [type = '', name = ''] = one.split('.');
    const text = JSON.stringify(json['resource'][type]?.[name] ?? {});
    for (const other of template.addresses) {
      if (other !== one && !found.has(other) && new RegExp(`${other.replace('.', '\\.')}(?![\\w-])`).test(text)) {
        found.add(other);
        visit(other);
      }
    }
  };
  visit(address);
  return found;
}

describe('GitLabAgent', () => {
  test('registers the agent, with one token', () => {
    const template = templateOf();
    const agent = template.resource('gitlab_cluster_agent');
    expect(agent).toMatchObject({ name: 'uni-dev', project: 'platform/fleet' });
    const token = template.resource('gitlab_cluster_agent_token');
    expect(token).toMatchObject({
      name: 'slot a',
      agent_id: `\${${agent.address}.agent_id}`,
      lifecycle: { create_before_destroy: true },
    });
    expect(tokenSecret(template)).toMatchObject({
      metadata: { name: 'gitlab-agent-token', namespace: 'gitlab-agent' },
      data_wo: { token: `\${${token.address}.token}` },
      data_wo_revision: `\${${token.address}.token_id}`,
    });
    expect(tokenSecret(template)).not.toHaveProperty('data');
  });

  test('gives Flux what only Terraform knows, in a watched ConfigMap that the HelmRelease waits for', () => {
    const template = templateOf();
    const config = template.resource('kubernetes_config_map_v1');
    const token = template.resource('gitlab_cluster_agent_token').address;
    const metadata = template.dataSources('gitlab_metadata')[0]!.address;
    expect(config['metadata']).toEqual({
      name: 'gitlab-agent-terraform',
      namespace: 'gitlab-agent',
      labels: { 'reconcile.fluxcd.io/watch': 'Enabled' },
    });
    const values = config['data']['values.yaml'];
    expect(values).toContain(`${metadata}.kas.external_url`);
    expect(values).toContain(`"gitlab.com/agent-token-id" = tostring(${token}.token_id)`);
    expect(values).not.toMatch(/\.token\b(?!_id)/);
    expect(config['lifecycle']['precondition'][0]['condition']).toBe(`\${${metadata}.kas.enabled}`);
    const release = parse(treeOf(template, 'clusters/uni-dev/gitlab-agent/gitlab-agent-helm-release.yaml'));
    expect(release.spec.valuesFrom).toEqual([
      { kind: 'ConfigMap', name: 'gitlab-agent-config' },
      { kind: 'ConfigMap', name: 'gitlab-agent-terraform' },
    ]);
  });

  test('with a given address nobody asks GitLab', () => {
    const template = templateOf({ kasAddress: 'wss://kas.example.com' });
    expect(template.dataSources('gitlab_metadata')).toEqual([]);
    const config = template.resource('kubernetes_config_map_v1');
    expect(config['data']['values.yaml']).toContain('"kasAddress" = "wss://kas.example.com"');
    expect(config).not.toHaveProperty('lifecycle');
  });

  test('comes after Flux and goes before it: environment, agent, Flux, token', () => {
    const template = templateOf();
    const environment = template.resource('gitlab_project_environment').address;
    const removal = releaseOf(template, 'gitlab-agent-removal').address;
    const values = template.resource('kubernetes_config_map_v1').address;
    const flux = releaseOf(template, 'flux-cli').address;
    const namespace = releaseOf(template, 'gitlab-agent-namespace').address;
    const secret = tokenSecret(template).address;
    const token = template.resource('gitlab_cluster_agent_token').address;
    const commit = template.addresses.find((address) => address.includes('Commit'))!;
    const order = [environment, removal, values, flux, namespace];
    order.slice(1).forEach((address, index) => expect(ancestors(template, order[index]!)).toContain(address));
    expect([...ancestors(template, removal)]).toEqual(expect.arrayContaining([secret, token, commit]));
    // The token goes after what refers to it, the agent last of all.
    expect(ancestors(template, secret)).toContain(token);
    expect([...ancestors(template, token)]).toEqual([template.resource('gitlab_cluster_agent').address]);
    expect(ancestors(template, flux)).not.toContain(values);
  });

  test('runs where it is told to, and so does the Job that removes it', () => {
    const tolerations = [{ key: 'system', operator: 'Exists' as const }];
    const placement = { nodeSelector: { pool: 'system' }, tolerations };
    const template = templateOf({ jobImage: 'mirror/cli:v1', imagePullSecrets: ['mirror'], ...placement });
    expect(parse(releaseOf(template, 'gitlab-agent-removal')['values'].join(''))).toEqual({
      image: 'mirror/cli:v1',
      imagePullSecrets: ['mirror'],
      ...placement,
      removeAgent: { helmRelease: 'gitlab-agent' },
      deadlineSeconds: 300,
    });
    const config = parse(treeOf(template, 'clusters/uni-dev/gitlab-agent/gitlab-agent-config.yaml'));
    expect(parse(config.data['values.yaml'])).toMatchObject({ imagePullSecrets: [{ name: 'mirror' }], ...placement });
  });

  test('shows the cluster in GitLab', () => {
    const template = templateOf();
    expect(template.resource('gitlab_project_environment')).toMatchObject({
      project: 'platform/fleet',
      name: 'dev/uni-dev',
      tier: 'development',
      cluster_agent_id: `\${${template.resource('gitlab_cluster_agent').address}.agent_id}`,
      kubernetes_namespace: 'flux-system',
      flux_resource_path: 'kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations/flux-system',
      stop_before_destroy: true,
    });
    expect(templateOf({ dashboard: false }).resources('gitlab_project_environment')).toEqual([]);
  });

  test('namespace and account are adopted where they are, and stay', () => {
    const release = releaseOf(templateOf(), 'gitlab-agent-namespace');
    expect(release).toMatchObject({
      namespace: 'flux-system',
      take_ownership: true,
      upgrade_install: true,
      version: '0.1.0',
    });
    const { objects } = valuesOf(release);
    expect(objects.map(({ kind }: any) => kind)).toEqual(['Namespace', 'ServiceAccount']);
    for (const { metadata } of objects) {
      expect(metadata.annotations).toEqual({
        'helm.sh/resource-policy': 'keep',
        'kustomize.toolkit.fluxcd.io/prune': 'disabled',
      });
    }
    expect(objects[0].metadata.labels).toEqual({ 'pod-security.kubernetes.io/enforce': 'restricted' });
  });

  test('under lockdown an account of the namespace installs it', () => {
    const template = templateOf({ bootstrap: { patches: [FluxPatch.multiTenancyLockdown()] } });
    const text = (role: string) => treeOf(template, `clusters/uni-dev/gitlab-agent/gitlab-agent-${role}.yaml`);
    expect(parse(text('helm-release')).spec.serviceAccountName).toBe('flux-reconciler');
    expect(text('namespace')).toContain('name: flux-reconciler');
  });

  describe('installed by Terraform', () => {
    test('with Flux: rights and chart, after Flux, and no file for Flux', () => {
      const template = templateOf({ installation: 'terraform' });
      const release = releaseOf(template, 'gitlab-agent');
      expect(release).toMatchObject({
        repository: 'https://charts.gitlab.io',
        chart: 'gitlab-agent',
        version: '2.29.0',
        namespace: 'gitlab-agent',
        wait: true,
        upgrade_install: true,
      });
      expect(valuesOf(release)).toMatchObject({
        rbac: { create: false },
        config: { secretName: 'gitlab-agent-token' },
      });
      expect(release['values'][1]).toContain('gitlab.com/agent-token-id');
      const { objects } = valuesOf(releaseOf(template, 'gitlab-agent-rights'));
      expect(objects.map(({ metadata }: any) => metadata.name)).toContain('gitlab-agent-flux');
      expect(ancestors(template, release.address)).toContain(releaseOf(template, 'flux-cli').address);
      expect(() => treeOf(template, 'clusters/uni-dev/gitlab-agent/kustomization.yaml')).toThrow(/ENOENT/);
    });

    test('for CI jobs only, on a cluster without Flux', () => {
      const template = templateOf({
        withoutFlux: true,
        trigger: Trigger.interval(),
        installation: 'terraform',
        permissions: [{ to: { group: 'gitlab:ci_job' }, clusterRole: 'edit', namespaces: ['apps'] }],
        configuration: { ciAccess: { projects: [{ id: 'platform/shop', accessAs: { ciJob: true } }] } },
      });
      const { objects } = valuesOf(releaseOf(template, 'gitlab-agent-rights'));
      expect(objects.map(({ kind, metadata }: any) => `${kind} ${metadata.name}`)).toEqual([
        'Role gitlab-agent',
        'RoleBinding gitlab-agent',
        'ClusterRole gitlab-agent-impersonation',
        'ClusterRoleBinding gitlab-agent-impersonation',
        'RoleBinding gitlab-agent:gitlab:ci_job:edit',
      ]);
      expect(template.resource('gitlab_project_environment')).not.toHaveProperty('flux_resource_path');
    });

    test.each<[string, Given, RegExp]>([
      ['by Flux', { withoutFlux: true, trigger: Trigger.interval() }, /installation: want 'terraform'/],
      [
        'with the trigger agent',
        { withoutFlux: true, installation: 'terraform' },
        /flux: want the Flux of cluster "uni-dev"/,
      ],
    ])('without Flux it cannot be installed %s', (_, given, message) => {
      expect(() => stackWith(given)).toThrow(message);
    });
  });

  test('with another trigger it tells Flux nothing and may not', () => {
    const rights = treeOf(
      templateOf({ trigger: Trigger.interval() }),
      'clusters/uni-dev/gitlab-agent/gitlab-agent-rbac.yaml',
    );
    expect(rights).not.toMatch(/receivers|gitrepositories|secrets/);
  });

  test('has each permission once', () => {
    const permissions = [{ clusterRole: 'view' }, { clusterRole: 'view' }];
    expect(() => stackWith({ permissions })).toThrow(/permissions\[1\]: got .*"view".*, want each permission once/);
  });

  describe('several agents on a cluster', () => {
    test('have a namespace each', () => {
      const template = templateOf({ second: { name: 'uni-dev-ci', namespace: 'gitlab-agent-ci' } });
      expect(template.resources('gitlab_cluster_agent').map(({ name }) => name)).toEqual(['uni-dev', 'uni-dev-ci']);
      expect(treeOf(template, 'clusters/uni-dev/gitlab-agent-ci/gitlab-agent-ci-helm-release.yaml')).toContain(
        'gitlab-agent-ci',
      );
    });

    test('cannot share one', () => {
      expect(() => stackWith({ second: { name: 'other' } })).toThrow(
        /^dev-uni-dev\/Second: namespace: got "gitlab-agent", want a namespace of its own on cluster "uni-dev": dev-uni-dev\/Agent has this one$/,
      );
    });
  });

  test('cannot have the namespace of a component, nor that of Flux', () => {
    expect(() => stackWith({ namespace: 'banner' })).toThrow(/agent\.namespace: got "banner", .*component "banner"/);
    expect(() => stackWith({ namespace: 'flux-system' })).toThrow(/belongs to Flux/);
  });

  describe('warns', () => {
    const warnings = (given: Given): string => {
      const add = jest.fn();
      const original = Annotations.of.bind(Annotations);
      const spy = jest
        .spyOn(Annotations, 'of')
        .mockImplementation((scope) => Object.assign(original(scope), { addWarning: add }));
      stackWith(given);
      spy.mockRestore();
      return add.mock.calls.flat().join('\n');
    };

    test.each<[string, Given, RegExp]>([
      [
        'when GitLab has another host',
        { externalUrl: 'https://git.example.com' },
        /clones from gitlab\.example\.com, but GitLab calls itself git\.example\.com/,
      ],
      [
        'without notification-controller',
        { bootstrap: { controllers: ['source-controller', 'kustomize-controller', 'helm-controller'] } },
        /notification-controller is not among/,
      ],
      [
        'when something else calls Flux',
        { otherReceivers: ['the webhook'] },
        /beside the agent, the webhook tells Flux/,
      ],
      [
        'when two agents call Flux',
        { second: { name: 'b', namespace: 'agent-b' } },
        /beside the agent, agent "uni-dev" tells Flux/,
      ],
      ['when everybody reaches the receivers', {}, /everybody on the cluster reaches Flux's receivers: give the Flux/],
    ])('%s', (_, given, message) => {
      expect(warnings(given)).toMatch(message);
    });

    test('not when everything fits, or with another trigger', () => {
      const patches = [FluxPatch.receiverAccess([{ namespace: 'gitlab-agent' }])];
      expect(warnings({ bootstrap: { patches } })).toBe('');
      expect(warnings({ restrictReceivers: false })).toBe('');
      expect(warnings({ trigger: Trigger.interval(), externalUrl: 'https://git.example.com' })).toBe('');
    });
  });

  test('its configuration can be in another project', () => {
    const app = testApp();
    const stack = new TerraformStack(app, 'dev-uni-dev');
    const cluster = new Cluster({ name: 'uni-dev', environment: 'dev', connection });
    const project = GitLabProject.fromPath(stack, 'Project', URL);
    const configProject = GitLabProject.fromPath(stack, 'Agents', { ...URL, path: 'platform/agents' });
    const access = ClusterAccess.of(stack, connection);
    new GitLabAgent(stack, 'Agent', { cluster, project, configProject, access, installation: 'terraform' });
    const template = Template.of(stack);
    expect(template.resource('gitlab_cluster_agent')['project']).toBe('platform/agents');
    expect(template.resource('gitlab_project_environment')['project']).toBe('platform/fleet');
    const file = join(template.directory, '../../repository/platform/agents/.gitlab/agents/uni-dev/config.yaml');
    expect(readFileSync(file, 'utf8')).toBe('---\n{}\n');
  });

  test('of somebody else is found by its name', () => {
    const stack = new TerraformStack(testApp(), 'dev-uni-dev');
    const agent = GitLabAgent.fromAttributes(stack, 'Agent', {
      name: 'uni-dev',
      configProject: 'platform/agents',
      agentId: 7,
    });
    expect(agent).toMatchObject({ agentName: 'uni-dev', agentId: 7, kubernetesContext: 'platform/agents:uni-dev' });
    expect(agent.connection.data).toEqual({ type: 'kubeconfig', path: undefined, context: 'platform/agents:uni-dev' });
    expect(Template.of(stack).addresses).toEqual([]);
    expect(() => GitLabAgent.fromAttributes(stack, 'Bad', { name: 'A', configProject: 'a/b' })).toThrow(/DNS label/);
  });
});
