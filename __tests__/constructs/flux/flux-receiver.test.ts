import { TerraformStack } from 'cdktf';

import { ClusterAccess } from '../../../lib/constructs/cluster/cluster-access';
import { FluxBootstrap } from '../../../lib/constructs/flux/flux-bootstrap';
import { FluxReceiver } from '../../../lib/constructs/flux/flux-receiver';
import { GitLabProject } from '../../../lib/constructs/repository/gitlab-project';
import { Cluster } from '../../../lib/model/cluster/cluster';
import { ClusterConnection } from '../../../lib/model/cluster/cluster-connection';
import { Trigger } from '../../../lib/model/cluster/trigger';
import { KustomizeBase } from '../../../lib/model/component/kustomize-base';
import { KustomizeComponent } from '../../../lib/model/component/kustomize-component';
import { FluxPatch } from '../../../lib/model/flux/flux-patch';
import { Template, testApp } from '../../support/template';

const url = 'https://flux.uni-dev.example.com';
const app = new KustomizeComponent({
  name: 'app',
  base: KustomizeBase.objects([{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } }]),
});

function templateOf(trigger: Trigger, patches: readonly FluxPatch[] = []): Template {
  const stack = new TerraformStack(testApp(), 'dev-uni-dev');
  const connection = ClusterConnection.kubeconfig({ context: 'uni-dev' });
  const cluster = new Cluster({ name: 'uni-dev', environment: 'dev', connection, trigger, components: [app] });
  const project = GitLabProject.fromPath(stack, 'Project', {
    url: 'https://gitlab.example.com',
    path: 'platform/fleet',
  });
  const access = ClusterAccess.of(stack, connection);
  const flux = new FluxBootstrap(stack, 'Flux', { cluster, project, access, version: 'v2.9.4', patches });
  new FluxReceiver(stack, 'Receiver', { cluster, project, access, flux });
  return Template.of(stack);
}

const path = (namespace: string): string =>
  `/hook/\${sha256(join("", [var.flux_webhook_token, "webhook", "${namespace}"]))}`;

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
      depends_on: [template.resource('helm_release').address],
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
    expect(template.resource('helm_release')['depends_on']).toContain(secret.address);
  });

  test('under lockdown a hook for each namespace with a source', () => {
    const template = templateOf(Trigger.webhook({ url }), [FluxPatch.multiTenancyLockdown()]);
    expect(template.resources('gitlab_project_hook').map((hook) => [hook['name'], hook['url']])).toEqual([
      ['Flux on uni-dev, app', `${url}${path('app')}`],
      ['Flux on uni-dev', `${url}${path('flux-system')}`],
    ]);
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
