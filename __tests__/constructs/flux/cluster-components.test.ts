import { TerraformStack, type App } from 'cdktf';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

import { ClusterAccess } from '../../../lib/constructs/cluster/cluster-access';
import { ClusterComponents } from '../../../lib/constructs/flux/cluster-components';
import { FluxBootstrap } from '../../../lib/constructs/flux/flux-bootstrap';
import { GitReadCredentialSource } from '../../../lib/constructs/flux/git-read-credential';
import { GitLabProject } from '../../../lib/constructs/repository/gitlab-project';
import { Cluster } from '../../../lib/model/cluster/cluster';
import { ClusterConnection } from '../../../lib/model/cluster/cluster-connection';
import { Trigger } from '../../../lib/model/cluster/trigger';
import { ChartSource } from '../../../lib/model/component/chart/chart-source';
import { type Component } from '../../../lib/model/component/component';
import { GitCredential } from '../../../lib/model/component/git-credential';
import { GitSource } from '../../../lib/model/component/git-source';
import { HelmComponent } from '../../../lib/model/component/helm-component';
import { KustomizeBase } from '../../../lib/model/component/kustomize-base';
import { KustomizeComponent, type KustomizeComponentProps } from '../../../lib/model/component/kustomize-component';
import { SecretReference } from '../../../lib/model/component/secret-reference';
import { Template, testApp } from '../../support/template';

const plain = (name: string, rest: Partial<KustomizeComponentProps> = {}) =>
  new KustomizeComponent({ name, base: KustomizeBase.inRepository(), ...rest });

const foreign = (name: string, credential = GitCredential.terraform()) =>
  plain(name, {
    base: KustomizeBase.path('./deploy'),
    source: GitSource.git({ url: `https://gitlab.example.com/teams/${name}.git`, ref: { branch: 'main' }, credential }),
  });

interface Given {
  readonly app?: App;
  readonly trigger?: Trigger;
  readonly readCredential?: ReturnType<typeof GitReadCredentialSource.variables>;
}

function stackWith(components: readonly Component[], given: Given = {}) {
  const stack = new TerraformStack(given.app ?? testApp(), 'dev-uni-dev');
  const connection = ClusterConnection.kubeconfig({ context: 'uni-dev' });
  const cluster = new Cluster({ name: 'uni-dev', environment: 'dev', connection, trigger: given.trigger, components });
  const project = GitLabProject.fromPath(stack, 'Project', {
    url: 'https://gitlab.example.com',
    path: 'platform/fleet',
  });
  const access = ClusterAccess.of(stack, connection);
  const { readCredential } = given;
  const flux = new FluxBootstrap(stack, 'Flux', { cluster, project, access, version: 'v2.9.4', readCredential });
  new ClusterComponents(stack, 'Components', { cluster, project, access, flux });
  return stack;
}

const templateOf = (components: readonly Component[], given?: Given) => Template.of(stackWith(components, given));
const credentialsOf = (template: Template) =>
  template.resources('kubernetes_secret_v1').find(({ metadata }) => metadata.name === 'git-credentials');
const revisionOf = (components: readonly Component[], given?: Given) =>
  credentialsOf(templateOf(components, given))!['data_wo_revision'];
const treeOf = (template: Template, path: string) =>
  readFileSync(join(template.directory, '../../repository/platform/fleet', path), 'utf8');

describe('ClusterComponents', () => {
  test('gives Flux the credential for the Secret of each component, in one write-only Secret', () => {
    const template = templateOf([plain('fluentd'), plain('portal')]);
    expect(credentialsOf(template)).toMatchObject({
      metadata: {
        name: 'git-credentials',
        namespace: 'flux-system',
        labels: { 'reconcile.fluxcd.io/watch': 'Enabled' },
      },
      data_wo: {
        GIT_USERNAME: '${jsonencode(var.git_username)}',
        GIT_PASSWORD: '${jsonencode(var.git_password)}',
      },
      data_wo_revision: 1,
      lifecycle: { ignore_changes: ['metadata[0].annotations'] },
      depends_on: [template.resource('kubernetes_namespace_v1').address],
    });
    expect(credentialsOf(template)).not.toHaveProperty('data');
  });

  test('Secret and files are there before the flux CLI runs', () => {
    const template = templateOf([plain('fluentd')]);
    const { depends_on: dependsOn } = template.release('flux-cli');
    const commit = template.addresses.find((address) => address.includes('Commit'));
    expect(dependsOn).toContain(credentialsOf(template)!.address);
    expect(dependsOn).toContain(commit);
    expect(new Set(dependsOn).size).toBe(dependsOn.length);
  });

  test("files of the bootstrap and of the components are one delivery; a component's variables are what its Secret has", () => {
    const template = templateOf([plain('fluentd'), foreign('my-kiosk')]);
    expect(template.addresses.filter((address) => address.includes('Commit'))).toHaveLength(1);
    const { data_wo: data } = credentialsOf(template)!;
    for (const name of ['fluentd', 'my-kiosk']) {
      const secret = parse(treeOf(template, `clusters/uni-dev/${name}/${name}-secret.yaml`));
      for (const value of Object.values<string>(secret.stringData)) {
        expect(Object.keys(data)).toContain(/^\$\{(\w+)\}$/.exec(value)![1]);
      }
    }
    expect(treeOf(template, 'clusters/uni-dev/flux-system/kustomization.yaml')).toContain('git-credentials');
  });

  test('Flux has the values before it reads the files that need them', () => {
    const template = templateOf([plain('fluentd')]);
    const commit = template.resources('terraform_data').find(({ address }) => address.includes('Commit'))!;
    expect(commit['depends_on']).toContain(credentialsOf(template)!.address);
  });

  test('the credential of another repository has variables of its own', () => {
    const template = templateOf([foreign('my-kiosk')]);
    expect(credentialsOf(template)!['data_wo']).toEqual({
      GIT_USERNAME_MY_KIOSK: '${jsonencode(var.git_username_my_kiosk)}',
      GIT_PASSWORD_MY_KIOSK: '${jsonencode(var.git_password_my_kiosk)}',
    });
    expect(template.toJSON()['variable']['git_password_my_kiosk']).toEqual({
      type: 'string',
      description: 'Password or token with which Flux reads the Git repository of my-kiosk',
      sensitive: true,
      ephemeral: true,
    });
  });

  test('a public repository needs no Secret', () => {
    const template = templateOf([foreign('kiosk', GitCredential.none())]);
    expect(credentialsOf(template)).toBeUndefined();
    // The root would take values from one, and leaves `${…}` as it is without any.
    const root = treeOf(template, 'clusters/uni-dev/flux-system/kustomization.yaml');
    expect(root).toContain('name: git-credentials\n          optional: true');
    expect(root).not.toContain('substitute:');
  });

  test('with the trigger pipeline there is no Secret: the Flux objects use that of the root', () => {
    const template = templateOf([plain('fluentd')], { trigger: Trigger.pipeline() });
    expect(credentialsOf(template)).toBeUndefined();
    expect(treeOf(template, 'clusters/flux-common/uni-dev-fluentd.yaml')).toContain('name: flux-system');
  });

  test('with a deploy token that Terraform creates, its number is the revision', () => {
    const template = templateOf([plain('fluentd')], { readCredential: GitReadCredentialSource.deployToken() });
    const { address } = template.resource('gitlab_project_deploy_token');
    expect(credentialsOf(template)).toMatchObject({
      data_wo: { GIT_PASSWORD: `\${jsonencode(${address}.token)}` },
      data_wo_revision: `\${tonumber(element(split(":", ${address}.id), 1))}`,
    });
  });

  describe('the revision', () => {
    test('is raised with that of the read credential', () => {
      const readCredential = GitReadCredentialSource.variables({ revision: 5 });
      expect(revisionOf([plain('fluentd')], { readCredential })).toBe(5);
    });

    test.each<[string, KustomizeComponent[], KustomizeComponent[]]>([
      ['a revision is raised', [foreign('a')], [foreign('a', GitCredential.terraform({ revision: 2 }))]],
      ['one comes', [plain('p')], [plain('p'), foreign('a')]],
      ['one goes', [plain('p'), foreign('a')], [plain('p')]],
      ['one comes and one goes', [plain('p'), foreign('a')], [plain('p'), foreign('b')]],
      [
        'one goes and another is raised by as much',
        [foreign('a'), foreign('b')],
        [foreign('b', GitCredential.terraform({ revision: 2 }))],
      ],
      [
        'two swap theirs',
        [foreign('a'), foreign('b', GitCredential.terraform({ revision: 2 }))],
        [foreign('a', GitCredential.terraform({ revision: 2 })), foreign('b')],
      ],
    ])('changes when %s', (_, before, after) => {
      expect(revisionOf(after)).not.toBe(revisionOf(before));
    });

    test('does not change with the order, nor when a component comes that brings no value', () => {
      const [a, b] = [foreign('a'), foreign('b')];
      expect(revisionOf([b, a])).toBe(revisionOf([a, b]));
      expect(revisionOf([plain('p'), plain('q')])).toBe(revisionOf([plain('p')]));
    });
  });

  test('gives Flux the credential and the secret values of a chart', () => {
    const chart = (revision: number, values: number): Component =>
      new HelmComponent({
        name: 'log-store',
        chart: ChartSource.oci({
          url: 'oci://registry.example.com/log-store',
          tag: '1.0.0',
          credential: SecretReference.terraform({ revision }),
        }),
        valuesFrom: [{ secret: SecretReference.terraform({ revision: values }) }],
      });
    const template = templateOf([chart(1, 1)]);
    const { data_wo: data } = credentialsOf(template)!;
    expect(data).toEqual({
      CHART_USERNAME_LOG_STORE: '${jsonencode(var.chart_username_log_store)}',
      CHART_PASSWORD_LOG_STORE: '${jsonencode(var.chart_password_log_store)}',
      HELM_VALUES_LOG_STORE: '${jsonencode(var.helm_values_log_store)}',
    });
    for (const name of ['chart_username_log_store', 'chart_password_log_store', 'helm_values_log_store']) {
      expect(template.toJSON()['variable'][name]).toMatchObject({ ephemeral: true, sensitive: true });
    }

    const revisions = [chart(1, 1), chart(2, 1), chart(1, 2)].map((each) => revisionOf([each]));
    expect(new Set(revisions).size).toBe(3);
  });

  test('refuses a path that another construct writes, and names both', () => {
    const app = testApp();
    stackWith([plain('fluentd')], { app });
    const other = new TerraformStack(app, 'dev-other');
    const connection = ClusterConnection.kubeconfig({ context: 'uni-dev' });
    const cluster = new Cluster({ name: 'uni-dev', environment: 'dev', connection, components: [plain('fluentd')] });
    const project = GitLabProject.fromPath(other, 'Project', {
      url: 'https://gitlab.example.com',
      path: 'platform/fleet',
    });
    const access = ClusterAccess.of(other, connection);
    expect(() => new FluxBootstrap(other, 'Flux', { cluster, project, access, version: 'v2.9.4' })).toThrow(
      /^dev-other\/Flux: files: got ".*", want paths of platform\/fleet that nobody else writes: dev-uni-dev\/Flux writes this one$/,
    );
  });
});
