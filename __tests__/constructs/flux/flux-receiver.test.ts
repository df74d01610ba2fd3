import { Lazy, TerraformStack } from 'cdktf';

import { ClusterAccess } from '../../../lib/constructs/cluster/cluster-access';
import { FluxBootstrap } from '../../../lib/constructs/flux/flux-bootstrap';
import { FluxReceiver } from '../../../lib/constructs/flux/flux-receiver';
import { GitLabProject } from '../../../lib/constructs/repository/gitlab-project';
import { Cluster } from '../../../lib/model/cluster/cluster';
import { ClusterConnection } from '../../../lib/model/cluster/cluster-connection';
import { SpokeAuthentication } from '../../../lib/model/cluster/spoke-authentication';
import { Trigger } from '../../../lib/model/cluster/trigger';
import { KustomizeBase } from '../../../lib/model/component/kustomize-base';
import { KustomizeComponent } from '../../../lib/model/component/kustomize-component';
import { FluxPatch } from '../../../lib/model/flux/flux-patch';
import { FluxInstallation } from '../../../lib/model/installation/flux-installation';
import { ClusterStack, SpokeStack } from '../../../stacks';
import { type SynthesizedResource, Template, testApp } from '../../support/template';

const PROJECT = { url: 'https://gitlab.example.com', path: 'platform/fleet' };
const url = 'https://flux.uni-dev.example.com';
const lockdown = [FluxPatch.multiTenancyLockdown()];
const app = new KustomizeComponent({
  name: 'app',
  base: KustomizeBase.objects([{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } }]),
});

function templateOf(trigger: Trigger, patches: readonly FluxPatch[] = [], token?: string): Template {
  const stack = new TerraformStack(testApp(), 'dev-uni-dev');
  const connection = ClusterConnection.kubeconfig({ context: 'uni-dev' });
  const cluster = new Cluster({ name: 'uni-dev', environment: 'dev', connection, trigger, components: [app] });
  const project = GitLabProject.fromPath(stack, 'Project', PROJECT);
  const access = ClusterAccess.of(stack, connection);
  const flux = new FluxBootstrap(stack, 'Flux', { cluster, project, access, version: 'v2.9.4', patches });
  new FluxReceiver(stack, 'Receiver', { cluster, project, access, flux, token });
  return Template.of(stack);
}

const path = (namespace: string): string =>
  `/hook/\${sha256(join("", [var.flux_webhook_token, "webhook", "${namespace}"]))}`;

const secretOf = (template: Template, name: string): SynthesizedResource =>
  template.resources('kubernetes_secret_v1').find(({ metadata }) => metadata.name === name)!;

function spokeTemplate(components: readonly KustomizeComponent[]): Template {
  const connection = ClusterConnection.kubeconfig({ context: 'hub' });
  const trigger = Trigger.webhook({ url });
  const hub = new Cluster({ name: 'hub', environment: 'dev', connection, trigger });
  const cluster = new Cluster({ name: 'shop', environment: 'dev', connection, trigger, components });
  const authentication = SpokeAuthentication.existingSecret({ secretName: 'somebodys' });
  const onHub = { cluster: hub, flux: FluxInstallation.operator({ version: 'v2.9.4' }) };
  const flux = FluxInstallation.spoke({ hub: onHub, authentication });
  return Template.of(new SpokeStack(testApp(), 'dev-shop', { project: PROJECT, cluster, flux }));
}

const { operator, provider } = FluxInstallation;

describe('FluxReceiver', () => {
  test('the hook, literally', () => {
    const template = templateOf(Trigger.webhook({ url }));
    const { address, '//': _, ...hook } = template.resource('gitlab_project_hook');
    expect(address).toBe('gitlab_project_hook.Receiver_Hook_2522523D');
    expect(hook).toEqual({
      project: 'platform/fleet',
      name: 'Flux on uni-dev',
      url: `${url}${path('flux-system')}`,
      token: '${var.flux_webhook_token}',
      push_events: true,
      push_events_branch_filter: 'main',
      tag_push_events: false,
      enable_ssl_verification: true,
      depends_on: [template.release('flux-cli').address],
      provider: 'gitlab',
    });
  });

  test('the token is no literal, is long enough, and reaches the cluster write-only', () => {
    const template = templateOf(Trigger.webhook({ url }));
    expect(template.toJSON()['variable'].flux_webhook_token).toEqual({
      type: 'string',
      sensitive: true,
      description: 'Token that GitLab shows to the Flux receivers: openssl rand -hex 32',
      validation: [
        { condition: '${length(var.flux_webhook_token) >= 20}', error_message: 'Want at least 20 characters.' },
      ],
    });
    const secret = template
      .resources('kubernetes_secret_v1')
      .find(({ metadata }) => metadata.name === 'webhook-receiver')!;
    expect(secret['metadata']).toEqual({
      name: 'webhook-receiver',
      namespace: 'flux-system',
      labels: { 'reconcile.fluxcd.io/watch': 'Enabled' },
    });
    expect(secret['data_wo']).toEqual({
      WEBHOOK_TOKEN: '${jsonencode(var.flux_webhook_token)}',
      WEBHOOK_REVISION: '${jsonencode(substr(sha256(var.flux_webhook_token), 0, 12))}',
      WEBHOOK_PATH_FLUX_SYSTEM: path('flux-system'),
    });
    expect(secret['data_wo_revision']).toBe(
      '${parseint(substr(sha256(join(",", [var.flux_webhook_token, "WEBHOOK_PATH_FLUX_SYSTEM"])), 0, 7), 16)}',
    );
    expect(secret).not.toHaveProperty('data');
    expect(template.release('flux-cli')['depends_on']).toContain(secret.address);
  });

  test('a token of yours is refused as text, which would be in the JSON', () => {
    const token = Lazy.stringValue({ produce: () => '${random_password.hook.result}' });
    expect(templateOf(Trigger.webhook({ url }), [], token).resource('gitlab_project_hook')).toMatchObject({
      token: '${random_password.hook.result}',
    });
    // What looks like a template is text too: it would reach GitLab as it stands.
    for (const text of ['canary-of-20-characters', '${random_password.canary.result}']) {
      const literal = () => templateOf(Trigger.webhook({ url }), [], text);
      expect(literal).toThrow('dev-uni-dev/Receiver: token: want a value that only Terraform knows');
      expect(literal).not.toThrow(/canary/);
    }
  });

  test('under lockdown a hook for each namespace with a source', () => {
    const template = templateOf(Trigger.webhook({ url }), lockdown);
    expect(template.resources('gitlab_project_hook').map((hook) => [hook['name'], hook['url']])).toEqual([
      ['Flux on uni-dev, app', `${url}${path('app')}`],
      ['Flux on uni-dev', `${url}${path('flux-system')}`],
    ]);
  });

  test.each<[string, FluxInstallation, readonly string[]]>([
    ['flux-operator', operator({ version: 'v2.9.4' }), ['flux-system']],
    ['flux-operator under lockdown', operator({ version: 'v2.9.4', multiTenancyLockdown: {} }), ['app', 'flux-system']],
    ['flux-terraform', provider(), ['flux-system']],
    ['flux-terraform under lockdown', provider({ patches: lockdown }), ['app', 'flux-system']],
  ])('with %s: hooks, and what Flux fills in before it looks at Git', (_, flux, namespaces) => {
    const connection = ClusterConnection.kubeconfig({ context: 'uni-dev' });
    const trigger = Trigger.webhook({ url });
    const cluster = new Cluster({ name: 'uni-dev', environment: 'dev', connection, trigger, components: [app] });
    const template = Template.of(
      new ClusterStack(testApp(), 'dev-uni-dev', { project: PROJECT, definition: { cluster, flux } }),
    );
    expect(template.resources('gitlab_project_hook').map((hook) => hook['url'])).toEqual(
      namespaces.map((namespace) => `${url}${path(namespace)}`),
    );
    const secret = secretOf(template, 'webhook-receiver');
    const [installation] = [
      ...template.resources('flux_bootstrap_git'),
      ...template.resources('helm_release').filter(({ address }) => address.includes('Instance')),
    ];
    expect(installation?.['depends_on']).toContain(secret.address);
    expect(JSON.stringify(installation)).toContain('substituteFrom');
    expect(JSON.stringify(installation)).toContain('name: webhook-receiver');
  });

  test('of a spoke: a hook, and a Secret on the hub, before the files that need it', () => {
    const template = spokeTemplate([app]);
    const hook = template.resource('gitlab_project_hook');
    expect(hook).toMatchObject({ name: 'Flux on shop', url: `${url}${path('shop')}` });
    expect(hook.address).toMatch(/^gitlab_project_hook\.Receiver_Hook_[0-9A-F]{8}$/);
    const secret = secretOf(template, 'webhook-spoke-shop');
    expect(secret).toMatchObject({
      provider: 'kubernetes.hub',
      metadata: { namespace: 'flux-system' },
      data_wo: { WEBHOOK_PATH_SHOP: path('shop') },
    });
    const commit = template.resources('terraform_data').find(({ address }) => address.includes('_Commit_'))!;
    expect(commit['depends_on']).toContain(secret.address);
    const removal = template
      .resources('helm_release')
      .find(({ address }) => address.startsWith('helm_release.Flux_Removal'))!;
    expect(removal['depends_on']).toContain(secret.address);
    expect(hook['depends_on']).toEqual([removal.address]);
  });

  test('of a spoke without components is not there', () => {
    const template = spokeTemplate([]);
    expect(template.resources('gitlab_project_hook')).toEqual([]);
    expect(template.toJSON()['variable']).not.toHaveProperty('flux_webhook_token');
  });

  test('without an address there is no hook, and a warning', () => {
    const template = templateOf(Trigger.webhook());
    expect(template.resources('gitlab_project_hook')).toEqual([]);
    expect(template.resources('kubernetes_secret_v1')).toHaveLength(3);
  });

  test('refuses another trigger', () => {
    expect(() => templateOf(Trigger.interval())).toThrow(
      'dev-uni-dev/Receiver: cluster.trigger: got "interval", want webhook',
    );
  });
});
