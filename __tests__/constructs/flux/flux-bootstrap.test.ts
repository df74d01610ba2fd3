import { TerraformStack } from 'cdktf';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

import { ClusterAccess } from '../../../lib/constructs/cluster/cluster-access';
import { BootstrapToken } from '../../../lib/constructs/flux/bootstrap-token';
import { FluxBootstrap, type FluxBootstrapProps } from '../../../lib/constructs/flux/flux-bootstrap';
import { GitReadCredentialSource } from '../../../lib/constructs/flux/git-read-credential';
import { GitLabProject } from '../../../lib/constructs/repository/gitlab-project';
import { RepositoryDelivery } from '../../../lib/constructs/repository/repository-delivery';
import { TerraformData } from '../../../lib/constructs/terraform/terraform-data';
import { Cluster, type ClusterProps } from '../../../lib/model/cluster/cluster';
import { ClusterConnection } from '../../../lib/model/cluster/cluster-connection';
import { FluxPatch } from '../../../lib/model/flux/flux-patch';
import { ValidationError } from '../../../lib/model/validation-error';
import { Template, testApp } from '../../support/template';

const CHART = join(__dirname, '../../../charts/flux-jobs');

interface Given extends Partial<FluxBootstrapProps> {
  readonly of?: Partial<ClusterProps>;
  readonly url?: string;
  readonly path?: string;
  readonly branch?: string;
}

function bootstrap({ of, url = 'https://gitlab.example.com', path = 'platform/fleet', branch, ...props }: Given = {}) {
  const stack = new TerraformStack(testApp(), 'dev-uni-dev');
  const connection = ClusterConnection.kubeconfig({ context: 'uni-dev' });
  const cluster = new Cluster({ name: 'uni-dev', environment: 'dev', connection, ...of });
  const project = GitLabProject.fromPath(stack, 'Project', { url, path, branch });
  const access = ClusterAccess.of(stack, connection);
  const flux = new FluxBootstrap(stack, 'Flux', { cluster, project, access, version: 'v2.9.4', ...props });
  return { stack, flux, project, access };
}

const templateOf = (given?: Given): Template => Template.of(bootstrap(given).stack);
const releaseOf = (given?: Given) => templateOf(given).release('flux-cli');
const valuesOf = (given?: Given): any => parse(releaseOf(given)['values'].join(''));
const argumentsOf = (given?: Given): readonly string[] => valuesOf(given).bootstrap.arguments;
const secretOf = (template: Template, name: string) =>
  template.resources('kubernetes_secret_v1').find(({ metadata }) => metadata.name === name);

describe('FluxBootstrap', () => {
  test('makes a namespace, two Secrets, the files and the releases, and nothing else', () => {
    expect(templateOf().addresses).toEqual([
      'helm_release.Flux_2595E608',
      'helm_release.Flux_GitRoot_5E641206',
      'helm_release.Flux_Root_D3E854C6',
      'kubernetes_namespace_v1.Flux_Namespace_AFF04D5B',
      'kubernetes_secret_v1.Flux_SourceSecret_748D9E82',
      'kubernetes_secret_v1.Flux_Token_0245D88F',
      'terraform_data.RepositoryFiles-platform--fleet_Commit_52AECA2E',
      'terraform_data.RepositoryFiles-platform--fleet_Inventory_E1A03906',
    ]);
  });

  describe('order', () => {
    test('namespace, then Secrets, then, with the files, the release', () => {
      const template = templateOf();
      const namespace = template.resource('kubernetes_namespace_v1').address;
      const secrets = template.resources('kubernetes_secret_v1');
      expect(secrets.map(({ metadata, depends_on }) => [metadata.name, depends_on])).toEqual([
        ['flux-system', [namespace]],
        ['flux-bootstrap-token', [namespace]],
      ]);
      const commit = template.addresses.find((address) => address.includes('Commit'));
      expect([...template.release('flux-cli')['depends_on']].sort()).toEqual(
        [namespace, ...secrets.map(({ address }) => address), commit, template.release('flux-git-root').address].sort(),
      );
    });

    test('the root is what Git says before the CLI waits for it, and a deploy ends when Flux has applied what it brought', () => {
      const template = templateOf({ deadline: '5m' });
      const [before, cli, after] = ['flux-git-root', 'flux-cli', 'flux-root'].map((name) => template.release(name));
      const commit = template.addresses.find((address) => address.includes('Commit'))!;
      expect(before!['depends_on']).toContain(commit);
      expect(cli!['depends_on']).toContain(before!.address);
      expect(after!['depends_on']).toEqual([cli!.address, commit]);
      expect(parse(after!['values'].join(''))).toMatchObject({
        image: 'ghcr.io/fluxcd/flux-cli:v2.9.4',
        root: { follow: ['flux-system/flux-system'], patienceSeconds: 60 },
        deadlineSeconds: 300,
      });
      expect(after).toMatchObject({
        timeout: 420,
        set: [{ name: 'revision', value: expect.stringMatching(/^sha256:/) }],
      });
      expect(parse(before!['values'].join('')).gitRoot).toEqual({
        arguments: ['--components=source-controller,kustomize-controller,helm-controller,notification-controller'],
        sync: expect.stringContaining('url: https://gitlab.example.com/platform/fleet.git\n'),
        kustomization: expect.stringMatching(/^apiVersion: kustomize.config.k8s.io/),
        path: './clusters/uni-dev',
      });
    });

    test('other files, and they alone, are another revision', () => {
      const revisionOf = (given?: Given): string => templateOf(given).release('flux-root')['set'][0].value;
      expect(revisionOf({ deadline: '5m' })).toBe(revisionOf());
      expect(revisionOf({ patches: [FluxPatch.concurrency({ kustomize: 10 })] })).not.toBe(revisionOf());
    });

    test('without waitForRoot nothing waits', () => {
      const template = templateOf({ waitForRoot: false });
      const names = template.resources('helm_release').map(({ name }) => name);
      expect(names).toEqual(['flux-cli', 'flux-git-root']);
    });

    test('with the delivery files(), the release waits for each file', () => {
      const stack = new TerraformStack(testApp(), 'dev-uni-dev');
      const connection = ClusterConnection.kubeconfig({ context: 'uni-dev' });
      const project = GitLabProject.fromPath(stack, 'Project', {
        url: 'https://gitlab.example.com',
        path: 'platform/fleet',
        delivery: RepositoryDelivery.files(),
      });
      const cluster = new Cluster({ name: 'uni-dev', environment: 'dev', connection });
      const access = ClusterAccess.of(stack, connection);
      new FluxBootstrap(stack, 'Flux', { cluster, project, access, version: 'v2.9.4' });
      const template = Template.of(stack);
      const all = template.resource('terraform_data');
      expect(template.release('flux-cli')['depends_on']).toContain(all.address);
      expect(all['depends_on']).toEqual(template.resources('gitlab_repository_file').map(({ address }) => address));
      expect(template.resources('gitlab_repository_file').map(({ file_path }) => file_path)).toEqual([
        'clusters/uni-dev/flux-system/gotk-sync.yaml',
        'clusters/uni-dev/flux-system/kustomization.yaml',
      ]);
    });

    test('what is required later is added, once', () => {
      const { stack, flux } = bootstrap();
      const first = new TerraformData(stack, 'First', {});
      flux.requires(first);
      flux.requires(first);
      const { depends_on: dependsOn } = Template.of(stack).release('flux-cli');
      expect(dependsOn.filter((address: string) => address === 'terraform_data.First')).toHaveLength(1);
      expect(dependsOn).toHaveLength(6);
    });

    test('without a namespace of its own it depends on none', () => {
      const { stack, flux } = bootstrap({ createNamespace: false });
      const template = Template.of(stack);
      expect(template.resources('kubernetes_namespace_v1')).toEqual([]);
      expect(secretOf(template, 'flux-bootstrap-token')!['depends_on']).toEqual([
        'terraform_data.Flux_NamespaceExists_3D3E99B0',
      ]);
      expect(flux.namespace).toBeDefined();
    });

    test('what depends on it depends on the release', () => {
      const { stack, flux } = bootstrap();
      new TerraformData(stack, 'After', { dependsOn: [flux.ready] });
      const template = Template.of(stack);
      const after = template.resources('terraform_data').find(({ address }) => address.endsWith('.After'));
      expect(after!['depends_on']).toEqual([template.release('flux-cli').address]);
    });
  });

  describe('the release', () => {
    test('plans offline, survives a failed first deploy, and waits longer than its Jobs may run', () => {
      const { version } = parse(readFileSync(join(CHART, 'Chart.yaml'), 'utf8'));
      const release = releaseOf();
      expect(release).toMatchObject({
        name: 'flux-cli',
        namespace: 'flux-system',
        version,
        upgrade_install: true,
        wait: true,
        timeout: 1020,
      });
      expect(valuesOf().deadlineSeconds).toBe(900);
      expect(release).not.toHaveProperty('atomic');
      expect(release).not.toHaveProperty('create_namespace');
    });

    test.each([
      ['5m', 300],
      ['2h', 7200],
      ['900.5s', 901],
    ])('timeout exceeds a deadline of %s', (deadline, seconds) => {
      const given = { deadline };
      expect(releaseOf(given)['timeout']).toBe(seconds + 120);
      expect(valuesOf(given)).toMatchObject({ deadlineSeconds: seconds });
    });

    test('has a copy of the chart beside the stack, byte for byte', () => {
      const template = templateOf();
      const { chart } = template.release('flux-cli');
      expect(chart).toMatch(/^\.\/assets\/Chart-flux-jobs\/[0-9A-Fa-f]{32}$/);
      for (const file of ['Chart.yaml', 'values.yaml', 'templates/bootstrap.yaml', 'files/bootstrap.sh']) {
        expect(readFileSync(join(template.directory, chart, file), 'utf8')).toBe(
          readFileSync(join(CHART, file), 'utf8'),
        );
      }
    });
  });

  describe('the namespace', () => {
    test('leaves labels and annotations to Flux', () => {
      expect(templateOf().resource('kubernetes_namespace_v1')).toMatchObject({
        metadata: { name: 'flux-system' },
        lifecycle: { ignore_changes: ['metadata[0].labels', 'metadata[0].annotations'] },
      });
    });
  });

  describe('the Secrets', () => {
    test('hold write-only values of ephemeral variables', () => {
      const template = templateOf();
      expect(secretOf(template, 'flux-bootstrap-token')).toMatchObject({
        metadata: { name: 'flux-bootstrap-token', namespace: 'flux-system' },
        data_wo: { token: '${var.gitlab_bootstrap_token}' },
        data_wo_revision: 1,
        // Without a refresh, a plan would show what the provider leaves out of the state.
        lifecycle: { ignore_changes: ['metadata[0].labels', 'metadata[0].annotations'] },
      });
      expect(secretOf(template, 'flux-system')).toMatchObject({
        metadata: { name: 'flux-system', namespace: 'flux-system' },
        data_wo: { username: '${var.git_username}', password: '${var.git_password}' },
        data_wo_revision: 1,
        lifecycle: { ignore_changes: ['metadata[0].labels', 'metadata[0].annotations'] },
      });
      const variables = template.toJSON()['variable'];
      expect(Object.keys(variables).sort()).toEqual(['git_password', 'git_username', 'gitlab_bootstrap_token']);
      for (const variable of Object.values<any>(variables)) {
        expect(variable).toMatchObject({ type: 'string', sensitive: true, ephemeral: true });
        expect(variable).not.toHaveProperty('default');
      }
      for (const secret of template.resources('kubernetes_secret_v1')) {
        expect(secret).not.toHaveProperty('data');
        expect(secret).not.toHaveProperty('string_data');
      }
    });

    test('are written again when a revision is raised', () => {
      const template = templateOf({
        token: BootstrapToken.variable({ revision: 7 }),
        readCredential: GitReadCredentialSource.variables({ revision: 3 }),
      });
      expect(secretOf(template, 'flux-bootstrap-token')!['data_wo_revision']).toBe(7);
      expect(secretOf(template, 'flux-system')!['data_wo_revision']).toBe(3);
    });

    test('a project access token that Terraform creates is replaced before the old one goes', () => {
      const template = templateOf({ token: BootstrapToken.projectAccessToken({ expiresAt: '2027-06-30' }) });
      const token = template.resource('gitlab_project_access_token');
      expect(token).toMatchObject({
        project: 'platform/fleet',
        name: 'flux bootstrap dev-uni-dev',
        scopes: ['api', 'write_repository'],
        access_level: 'maintainer',
        expires_at: '2027-06-30',
        lifecycle: { create_before_destroy: true },
      });
      expect(secretOf(template, 'flux-bootstrap-token')).toMatchObject({
        data_wo: { token: `\${${token.address}.token}` },
        data_wo_revision: `\${tonumber(element(split(":", ${token.address}.id), 1))}`,
      });
      expect(template.providers('gitlab')).toEqual([{ base_url: 'https://gitlab.example.com/api/v4/' }]);
    });

    test('a deploy token that Terraform creates may only read', () => {
      const template = templateOf({ readCredential: GitReadCredentialSource.deployToken() });
      const token = template.resource('gitlab_project_deploy_token');
      expect(token).toMatchObject({
        project: 'platform/fleet',
        name: 'Flux dev-uni-dev',
        scopes: ['read_repository'],
        lifecycle: { create_before_destroy: true },
      });
      expect(token).not.toHaveProperty('expires_at');
      expect(secretOf(template, 'flux-system')).toMatchObject({
        data_wo: { username: `\${${token.address}.username}`, password: `\${${token.address}.token}` },
        data_wo_revision: `\${tonumber(element(split(":", ${token.address}.id), 1))}`,
      });
    });

    test('a deploy token has the given name and end', () => {
      const readCredential = GitReadCredentialSource.deployToken({ name: 'x', expiresAt: '2027-06-30T00:00:00Z' });
      expect(templateOf({ readCredential }).resource('gitlab_project_deploy_token')).toMatchObject({
        name: 'x',
        expires_at: '2027-06-30T00:00:00Z',
      });
    });

    test.each(['token', 'deploy-token'] as const)(
      'authentication %s leaves the Secret to the CLI',
      (authentication) => {
        const template = templateOf({ authentication });
        expect(template.resources('kubernetes_secret_v1').map(({ metadata }) => metadata.name)).toEqual([
          'flux-bootstrap-token',
        ]);
        const values = parse(template.release('flux-cli')['values'].join(''));
        expect(values.bootstrap).not.toHaveProperty('restoreSecret');
        expect(values.bootstrap.arguments).toContain(
          authentication === 'token' ? '--token-auth=true' : '--deploy-token-auth=true',
        );
      },
    );
  });

  describe('the values of the chart', () => {
    test('by default', () => {
      expect(valuesOf()).toEqual({
        image: 'ghcr.io/fluxcd/flux-cli:v2.9.4',
        deadlineSeconds: 900,
        bootstrap: {
          arguments: [
            '--hostname=gitlab.example.com',
            '--owner=platform',
            '--repository=fleet',
            '--branch=main',
            '--path=clusters/uni-dev',
            '--token-auth=true',
          ],
          attemptSeconds: 180,
          restoreSecret: 'flux-system',
          tokenSecret: 'flux-bootstrap-token',
        },
        uninstall: { removalPolicy: 'keep' },
      });
    });

    test.each<[Given, string]>([
      [{ url: 'https://gitlab.example.com:8443' }, '--hostname=gitlab.example.com:8443'],
      [{ path: 'a/b/c/fleet' }, '--owner=a/b/c'],
      [{ path: 'a/b/c/fleet' }, '--repository=fleet'],
      [{ branch: 'next' }, '--branch=next'],
      [{ of: { name: 'other' } }, '--path=clusters/other'],
      [{ personal: true }, '--personal=true'],
      [
        { controllers: ['source-controller', 'kustomize-controller'] },
        '--components=source-controller,kustomize-controller',
      ],
      [
        { controllers: ['source-watcher', 'kustomize-controller', 'source-controller'] },
        '--components=source-watcher,kustomize-controller,source-controller',
      ],
      [{ registry: 'registry.example.com/flux' }, '--registry=registry.example.com/flux'],
      [{ imagePullSecret: 'pull' }, '--image-pull-secret=pull'],
      [{ networkPolicy: false }, '--network-policy=false'],
      [{ watchAllNamespaces: true }, '--watch-all-namespaces=true'],
      [{ logLevel: 'debug' }, '--log-level=debug'],
      [{ clusterDomain: 'k8s.example.com' }, '--cluster-domain=k8s.example.com'],
      [{ tolerationKeys: ['a', 'b'] }, '--toleration-keys=a,b'],
      [{ secretName: 'git' }, '--secret-name=git'],
      [{ interval: '30s' }, '--interval=30s'],
      [{ recurseSubmodules: true }, '--recurse-submodules=true'],
      [{ author: { name: 'Flux Bot', email: 'flux@example.com' } }, '--author-name=Flux Bot'],
      [{ author: { name: 'Flux Bot', email: 'flux@example.com' } }, '--author-email=flux@example.com'],
      [{ commitMessageAppendix: '[skip ci]' }, '--commit-message-appendix=[skip ci]'],
      [{ teams: ['a', 'b/c'] }, '--team=a'],
      [{ teams: ['a', 'b/c'] }, '--team=b/c'],
    ])('%j: %s', (given, argument) => {
      expect(argumentsOf(given)).toContain(argument);
    });

    test.each<[Given, object]>([
      [{ version: 'v2.8.0' }, { image: 'ghcr.io/fluxcd/flux-cli:v2.8.0' }],
      [{ jobImage: 'registry.example.com/flux-cli' }, { image: 'registry.example.com/flux-cli:v2.9.4' }],
      [
        { jobImage: `ghcr.io/fluxcd/flux-cli@sha256:${'0'.repeat(64)}` },
        { image: `ghcr.io/fluxcd/flux-cli:v2.9.4@sha256:${'0'.repeat(64)}` },
      ],
      [{ imagePullSecrets: ['pull'] }, { imagePullSecrets: ['pull'] }],
      [
        { certificateAuthorityRef: { kind: 'ConfigMap', name: 'ca', key: 'ca.crt' } },
        { bootstrap: { certificateAuthority: { kind: 'ConfigMap', name: 'ca', key: 'ca.crt' } } },
      ],
      [{ removalPolicy: 'delete' }, { uninstall: { removalPolicy: 'delete' } }],
      [{ createNamespace: false }, { uninstall: { removalPolicy: 'keep', keepNamespace: true } }],
      [{ attemptTimeout: '1m' }, { bootstrap: { attemptSeconds: 60 } }],
      [{ rerun: 'again' }, { revision: 'again' }],
      [
        { resources: { requests: { cpu: '1' }, limits: { memory: '1Gi' } } },
        { resources: { requests: { cpu: '1' }, limits: { memory: '1Gi' } } },
      ],
      [{ nodeSelector: { role: 'flux' } }, { nodeSelector: { role: 'flux' } }],
      [
        { tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoSchedule' }] },
        { tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoSchedule' }] },
      ],
      [{ secretName: 'git' }, { bootstrap: { restoreSecret: 'git' } }],
    ])('%j: %j', (given, values) => {
      expect(valuesOf(given)).toMatchObject(values);
    });

    test('are literal for Terraform', () => {
      const { values } = releaseOf({ commitMessageAppendix: '${a} %{b}', author: { name: '${x}' } });
      expect(values.join('')).toContain('--commit-message-appendix=$${a} %%{b}');
      expect(values.join('')).toContain('--author-name=$${x}');
    });
  });

  test('writes kustomization.yaml with the patches, and gotk-sync.yaml as a seed', () => {
    const { stack } = bootstrap({ patches: [FluxPatch.concurrency({ kustomize: 7 })] });
    const template = Template.of(stack);
    const manifest = JSON.parse(readFileSync(join(template.directory, 'gitops-platform--fleet.json'), 'utf8'));
    expect(Object.keys(manifest.files)).toEqual([
      'clusters/uni-dev/flux-system/gotk-sync.yaml',
      'clusters/uni-dev/flux-system/kustomization.yaml',
    ]);
    expect(manifest.files['clusters/uni-dev/flux-system/gotk-sync.yaml'].policy).toBe('seed');
    const tree = join(template.directory, '../../repository/platform/fleet');
    const file = readFileSync(join(tree, 'clusters/uni-dev/flux-system/kustomization.yaml'), 'utf8');
    expect(file).toContain('--concurrent=7');
  });

  describe('refuses', () => {
    test.each<[Given, Partial<ValidationError>]>([
      [{ version: '2.9.4' }, { prop: 'version', got: '2.9.4' }],
      [{ version: 'v1.0.0' }, { prop: 'version', got: 'v1.0.0' }],
      [{ version: 'latest' }, { prop: 'version' }],
      [{ controllers: ['helm-controller'] }, { prop: 'controllers' }],
      [{ controllers: ['source-controller', 'kustomize-controller', 'source-controller'] }, { prop: 'controllers' }],
      [{ interval: '1 minute' }, { prop: 'interval', got: '1 minute' }],
      [{ deadline: '119s' }, { prop: 'deadline', got: '119s' }],
      [{ deadline: '900' }, { prop: 'deadline', got: '900' }],
      [{ attemptTimeout: '9s' }, { prop: 'attemptTimeout', got: '9s' }],
      [{ jobImage: 'Registry Example' }, { prop: 'jobImage' }],
      [{ jobImage: 'flux-cli@sha256:abc' }, { prop: 'jobImage' }],
      [
        { jobImage: 'flux-cli:v2.9.3' },
        { prop: 'jobImage', want: 'the tag v2.9.4, which is the version of Flux, or none' },
      ],
      [{ imagePullSecrets: ['Pull_Secret'] }, { prop: 'imagePullSecrets[0]' }],
      [
        { certificateAuthorityRef: { kind: 'Secret', name: 'CA', key: 'ca.crt' } },
        { prop: 'certificateAuthorityRef.name' },
      ],
      [
        { certificateAuthorityRef: { kind: 'Secret', name: 'ca', key: 'a b' } },
        { prop: 'certificateAuthorityRef.key' },
      ],
      [{ secretName: 'Not a name' }, { prop: 'secretName', got: 'Not a name' }],
      [{ imagePullSecret: 'Not a name' }, { prop: 'imagePullSecret' }],
      [{ secretName: 'flux-bootstrap-token' }, { prop: 'secretName' }],
      [{ author: { name: 'Flux $(HOME)' } }, { prop: 'author.name' }],
      [{ commitMessageAppendix: 'costs $$' }, { prop: 'commitMessageAppendix' }],
      [{ teams: ['a', 'b$(X)'] }, { prop: 'teams[1]' }],
      [{ branch: 'a$(b)' }, { prop: 'project.branch' }],
      [{ tolerations: [{ operator: 'Equal' }] }, { prop: 'tolerations[0]' }],
    ])('%j', (given, error) => {
      expect(thrownBy(() => bootstrap(given))).toMatchObject({ at: 'Flux', ...error });
    });

    test('components that Flux would not see', () => {
      expect(thrownBy(() => bootstrap({ watchAllNamespaces: false }))).toMatchObject({
        at: 'cluster "uni-dev"',
        prop: 'watchAllNamespaces',
        got: false,
      });
    });
  });
});

function thrownBy(action: () => unknown): ValidationError {
  try {
    action();
  } catch (error) {
    if (ValidationError.isValidationError(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
