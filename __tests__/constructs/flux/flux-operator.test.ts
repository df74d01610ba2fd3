import { TerraformStack } from 'cdktf';
import { parse } from 'yaml';

import { ClusterAccess } from '../../../lib/constructs/cluster/cluster-access';
import { FluxOperator, type FluxOperatorProps } from '../../../lib/constructs/flux/flux-operator';
import { GitLabProject } from '../../../lib/constructs/repository/gitlab-project';
import { Cluster } from '../../../lib/model/cluster/cluster';
import { ClusterConnection } from '../../../lib/model/cluster/cluster-connection';
import { Trigger } from '../../../lib/model/cluster/trigger';
import { KustomizeBase } from '../../../lib/model/component/kustomize-base';
import { KustomizeComponent } from '../../../lib/model/component/kustomize-component';
import { FluxInstallation } from '../../../lib/model/installation/flux-installation';
import { type SynthesizedResource, Template, testApp } from '../../support/template';

function templateOf(props: Partial<FluxOperatorProps> = {}): Template {
  const stack = new TerraformStack(testApp(), 'dev-uni-hub');
  const connection = ClusterConnection.kubeconfig({ context: 'uni-hub' });
  const cluster = new Cluster({ name: 'uni-hub', environment: 'dev', connection });
  const project = GitLabProject.fromPath(stack, 'Project', {
    url: 'https://gitlab.example.com',
    path: 'platform/fleet',
  });
  const access = ClusterAccess.of(stack, connection);
  new FluxOperator(stack, 'Flux', { cluster, project, access, version: 'v2.9.4', ...props });
  return Template.of(stack);
}

const release = (template: Template, name: string): SynthesizedResource =>
  template.resources('helm_release').find((each) => each['name'] === name)!;

describe('FluxOperator', () => {
  test('is a namespace, a Secret, the operator and then its FluxInstance', () => {
    const template = templateOf();
    const [namespace, secret] = [
      template.resource('kubernetes_namespace_v1'),
      template.resource('kubernetes_secret_v1'),
    ];
    const [operator, instance] = [release(template, 'flux-operator'), release(template, 'flux-instance')];
    expect(operator).toMatchObject({
      chart: 'flux-operator',
      repository: 'oci://ghcr.io/controlplaneio-fluxcd/charts',
      version: '0.58.1',
      namespace: 'flux-system',
      upgrade_install: true,
      wait: true,
      depends_on: [namespace.address],
    });
    expect(parse(operator['values'][0])).toEqual({ web: { enabled: false } });
    // The FluxInstance goes first, while the operator still runs.
    const commit = template.resources('terraform_data').find(({ address }) => address.includes('Commit'))!;
    expect(instance['depends_on']).toEqual([namespace.address, secret.address, operator.address, commit.address]);
    // Without a component there would be no directory for the root to follow.
    expect(Object.keys(commit['triggers_replace'].files)).toEqual(['clusters/uni-hub/flux-system/README.md']);
    expect(instance).toMatchObject({ upgrade_install: true, wait: true, timeout: 1020 });
    expect(parse(instance['values'].join(''))).toMatchObject({
      ready: { root: 'flux-system' },
      deadlineSeconds: 900,
      instance: {
        kind: 'FluxInstance',
        spec: { sync: { path: 'clusters/uni-hub', ref: 'refs/heads/main', pullSecret: 'flux-system' } },
      },
    });
    expect(secret).toMatchObject({ metadata: { name: 'flux-system', namespace: 'flux-system' } });
    expect(secret['data_wo']).toEqual({ username: '${var.git_username}', password: '${var.git_password}' });
  });

  test('a deploy ends when Flux has applied what it brought', () => {
    const template = templateOf();
    const commit = template.resources('terraform_data').find(({ address }) => address.includes('Commit'))!;
    expect(template.release('flux-root')['depends_on']).toEqual([
      template.release('flux-instance').address,
      commit.address,
    ]);
  });

  test.each<[string, Trigger, readonly string[]]>([
    ['components have files there', Trigger.interval(), []],
    ['receivers have files there', Trigger.webhook(), []],
    ['GitLab CI applies the components', Trigger.pipeline(), ['clusters/uni-hub/flux-system/README.md']],
  ])('writes nothing of its own to Git when %s, else one file', (_, trigger, paths) => {
    const component = new KustomizeComponent({ name: 'app', base: KustomizeBase.inRepository() });
    const connection = ClusterConnection.kubeconfig({ context: 'uni-hub' });
    const components = trigger.type === 'webhook' ? [] : [component];
    const cluster = new Cluster({ name: 'uni-hub', environment: 'dev', connection, trigger, components });
    expect(FluxInstallation.operator({ version: 'v2.9.4' }).filesFor(cluster).paths).toEqual(paths);
  });

  test('has the namespace and the Secret of FluxBootstrap under the same addresses, so that one can follow the other', () => {
    const addresses = templateOf().addresses.filter((address) => address.startsWith('kubernetes_'));
    expect(addresses).toEqual([
      expect.stringMatching(/^kubernetes_namespace_v1\.Flux_Namespace_/),
      expect.stringMatching(/^kubernetes_secret_v1\.Flux_SourceSecret_/),
    ]);
  });

  test('takes further values of the chart, which count last, and a chart from a path', () => {
    const operator = release(
      templateOf({
        operator: {
          chartPath: '/charts/flux-operator',
          image: 'mirror/flux-operator',
          values: { web: { enabled: true }, x: '${y}' },
        },
      }),
      'flux-operator',
    );
    expect(operator['chart']).toBe('/charts/flux-operator');
    expect(operator).not.toHaveProperty('repository');
    expect(parse(operator['values'][0])).toMatchObject({ image: { repository: 'mirror/flux-operator' } });
    expect(operator['values'][1]).toContain('x: $${y}');
  });

  test('tells its Job where to run, and with what to pull its image', () => {
    const jobOf = (settings: Partial<FluxOperatorProps>) => {
      const { instance, ready, deadlineSeconds, ...job } = parse(
        release(templateOf(settings), 'flux-instance')['values'].join(''),
      );
      return job;
    };
    const tolerations = [{ key: 'system', operator: 'Exists' as const }];
    const placement = { imagePullSecrets: ['mirror'], nodeSelector: { pool: 'system' }, tolerations };
    expect(jobOf({ jobImage: 'mirror/cli:v1', ...placement })).toEqual({ image: 'mirror/cli:v1', ...placement });
    expect(jobOf({ imagePullSecret: 'regcred' })).toEqual({ imagePullSecrets: ['regcred'] });
    expect(jobOf({})).toEqual({});
    expect(() => templateOf({ tolerations: [{ operator: 'Equal' }] })).toThrow('tolerations[0]');
  });

  test('refuses what the operator would refuse', () => {
    expect(() => templateOf({ version: '1.0.0' })).toThrow('version: got "1.0.0", want a version of Flux');
  });
});
