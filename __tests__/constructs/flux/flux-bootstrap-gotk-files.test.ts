import { TerraformStack } from 'cdktf';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';

import { ClusterAccess } from '../../../lib/constructs/cluster/cluster-access';
import { BootstrapToken } from '../../../lib/constructs/flux/bootstrap-token';
import { FluxBootstrap, type FluxBootstrapProps } from '../../../lib/constructs/flux/flux-bootstrap';
import { GitLabProject } from '../../../lib/constructs/repository/gitlab-project';
import { type IRepositoryDelivery } from '../../../lib/constructs/repository/i-repository-delivery';
import { RepositoryDelivery } from '../../../lib/constructs/repository/repository-delivery';
import { Cluster } from '../../../lib/model/cluster/cluster';
import { ClusterConnection } from '../../../lib/model/cluster/cluster-connection';
import { FluxPatch } from '../../../lib/model/flux/flux-patch';
import { sha256 } from '../../../lib/model/flux/gotk/flux-bundle';
import { gotkComponents } from '../../../lib/model/flux/gotk/gotk-components';
import { readFluxBundle } from '../../../lib/model/flux/gotk/read-bundle';
import { vendorSmallFlux } from '../../support/flux-bundle';
import { Template, testApp } from '../../support/template';

const directory = mkdtempSync(join(tmpdir(), 'gotk-files-'));
const fluxBundle = vendorSmallFlux(directory);
afterAll(() => rmSync(directory, { recursive: true }));

interface Given extends Partial<FluxBootstrapProps> {
  readonly delivery?: IRepositoryDelivery;
}

function templateOf({ delivery, ...props }: Given = {}): Template {
  const stack = new TerraformStack(testApp(), 'dev-uni-dev');
  const connection = ClusterConnection.kubeconfig({ context: 'uni-dev' });
  const cluster = new Cluster({ name: 'uni-dev', environment: 'dev', connection });
  const project = GitLabProject.fromPath(stack, 'Project', {
    url: 'https://gitlab.example.com',
    path: 'platform/fleet',
    delivery,
  });
  const access = ClusterAccess.of(stack, connection);
  const common = { cluster, project, access, version: 'v2.9.4' } as const;
  new FluxBootstrap(stack, 'Flux', { ...common, gotkFiles: 'terraform', fluxBundle, ...props });
  return Template.of(stack);
}

const PATH = 'clusters/uni-dev/flux-system/gotk-components.yaml';
const fileOf = (template: Template, path: string): string =>
  readFileSync(join(template.directory, '../../repository/platform/fleet', path), 'utf8');
const valuesOf = (template: Template): any => parse(template.release('flux-cli')['values'].join(''));

describe("FluxBootstrap with gotkFiles 'terraform'", () => {
  test('needs no token that can push: neither a variable nor a Secret of it', () => {
    const template = templateOf();
    expect(template.addresses).toEqual([
      'helm_release.Flux_2595E608',
      'helm_release.Flux_GitRoot_5E641206',
      'helm_release.Flux_Root_D3E854C6',
      'kubernetes_namespace_v1.Flux_Namespace_AFF04D5B',
      'kubernetes_secret_v1.Flux_SourceSecret_748D9E82',
      'terraform_data.RepositoryFiles-platform--fleet_Commit_52AECA2E',
      'terraform_data.RepositoryFiles-platform--fleet_Inventory_E1A03906',
    ]);
    expect(Object.keys(template.toJSON()['variable']).sort()).toEqual(['git_password', 'git_username']);
    expect(template.resource('kubernetes_secret_v1')['metadata'].name).toBe('flux-system');
    expect(template.release('flux-cli')['depends_on']).toHaveLength(4);
  });

  test('writes the three files of Flux itself, and gives the Job what it needs of them', () => {
    const template = templateOf({ interval: '5m', tolerationKeys: ['a', 'b'] });
    const components = fileOf(template, PATH);
    const options = { version: 'v2.9.4', tolerationKeys: ['a', 'b'] };
    expect(components).toBe(gotkComponents(readFluxBundle(fluxBundle, 'v2.9.4'), options));
    const sync = fileOf(template, 'clusters/uni-dev/flux-system/gotk-sync.yaml');
    expect(sync).toContain('  interval: 5m0s\n');
    expect(sync).toContain('  path: ./clusters/uni-dev\n');
    const kustomization = fileOf(template, 'clusters/uni-dev/flux-system/kustomization.yaml');
    expect(kustomization).toBe(`apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
- gotk-components.yaml
- gotk-sync.yaml
`);
    expect(valuesOf(template)).toEqual({
      image: 'ghcr.io/fluxcd/flux-cli:v2.9.4',
      deadlineSeconds: 900,
      install: {
        version: 'v2.9.4',
        attemptSeconds: 180,
        arguments: [
          '--version=v2.9.4',
          '--components=source-controller,kustomize-controller,helm-controller,notification-controller',
          '--toleration-keys=a,b',
        ],
        path: './clusters/uni-dev',
        digest: sha256(components),
        sync,
        kustomization,
      },
      uninstall: { removalPolicy: 'keep' },
    });
  });

  test('patches are in kustomization.yaml only', () => {
    const template = templateOf({ patches: [FluxPatch.concurrency({ kustomize: 7 })] });
    expect(fileOf(template, 'clusters/uni-dev/flux-system/kustomization.yaml')).toContain('--concurrent=7');
    expect(fileOf(template, PATH)).toBe(fileOf(templateOf(), PATH));
  });

  test('with commit() the stack has the digest of the long file, and not its text', () => {
    const template = templateOf();
    const text = JSON.stringify(template.toJSON());
    expect(text).not.toContain('ClusterRoleBinding');
    expect(text).not.toContain('kind: Deployment');
    const commit = template.resources('terraform_data').find(({ address }) => address.includes('Commit'));
    expect(commit!['triggers_replace'].files).toMatchObject({ [PATH]: expect.stringMatching(/^[0-9a-f]+$/) });
  });

  test('with files() the text is sensitive, and the commit message names version and digest', () => {
    const template = templateOf({ delivery: RepositoryDelivery.files() });
    const files = template.resources('gitlab_repository_file');
    const [components, ...others] = files;
    expect(files.map(({ file_path }) => file_path)).toEqual([
      PATH,
      'clusters/uni-dev/flux-system/gotk-sync.yaml',
      'clusters/uni-dev/flux-system/kustomization.yaml',
    ]);
    const text = fileOf(template, PATH);
    const base64 = Buffer.from(text).toString('base64');
    expect(components!['content']).toBe(`\${sensitive(base64decode("${base64}"))}`);
    const digest = sha256(text);
    expect(components!['update_commit_message']).toBe(`Update ${PATH}: Flux v2.9.4, SHA-256 ${digest}`);
    for (const { content } of others) expect(content).not.toMatch(/sensitive/);
  });

  test.each<[string, Given, string]>([
    [
      'a token',
      { token: BootstrapToken.variable() },
      "dev-uni-dev/Flux: token: want nothing with gotkFiles 'terraform'",
    ],
    ['teams', { teams: ['a'] }, 'teams: got ["a"], want nothing with gotkFiles'],
    ['a personal project', { personal: true }, 'personal: got true, want nothing with gotkFiles'],
    ['an author', { author: { name: 'x' } }, 'author: got {"name":"x"}, want nothing with gotkFiles'],
    ['an appendix', { commitMessageAppendix: 'x' }, 'commitMessageAppendix: got "x", want nothing with gotkFiles'],
    ['a credential of the CLI', { authentication: 'token' }, 'authentication: got "token", want read-only with'],
    [
      'a bundle for the CLI',
      { gotkFiles: 'flux' },
      'fluxBundle: got "{bundle}", want nothing, or gotkFiles \'terraform\'',
    ],
    [
      'no bundle',
      { fluxBundle: 'nowhere' },
      'nowhere: want the manifests of Flux v2.9.4 there: gitlab-flux vendor flux',
    ],
    [
      'a bundle of another version',
      { version: 'v2.9.3' },
      'flux.version: {bundle}: got "v2.9.4", want v2.9.3: gitlab-flux',
    ],
    [
      'a component that the bundle lacks',
      { controllers: ['source-controller', 'kustomize-controller', 'source-watcher'] },
      'flux.controllers: {bundle}: got "source-watcher", want one of helm-controller',
    ],
    ['a registry with a space', { registry: 'a b' }, 'registry: got "a b", want a registry and a path'],
    ['a domain that is none', { clusterDomain: 'a..' }, 'Flux: clusterDomain: got "a..", want a DNS domain'],
    [
      'a taint that is none',
      { tolerationKeys: ['a b'] },
      'Flux: tolerationKeys[0]: got "a b", want the key of a taint',
    ],
  ])('refuses %s', (_, given, message) => {
    expect(() => templateOf(given)).toThrow(message.replace('{bundle}', fluxBundle));
  });

  test('refuses a bundle that was altered, and says in which file', () => {
    const altered = vendorSmallFlux(join(directory, 'altered'));
    appendFileSync(join(altered, 'helm-controller.yaml'), '# mine\n');
    expect(() => templateOf({ fluxBundle: altered })).toThrow(
      `flux.fluxBundle: ${altered}/helm-controller.yaml: want the file of bundle.lock.json, but it was altered`,
    );
    // One that is not in the lock file would be taken too.
    const added = vendorSmallFlux(join(directory, 'added'));
    appendFileSync(join(added, 'source-watcher.yaml'), 'kind: Deployment\n');
    expect(() => templateOf({ fluxBundle: added })).toThrow(
      'source-watcher.yaml: want the file of bundle.lock.json, but',
    );
  });
});
