import { TerraformStack } from 'cdktf';
import { parse } from 'yaml';

import { ClusterAccess } from '../../../lib/constructs/cluster/cluster-access';
import {
  FluxProviderBootstrap,
  type FluxProviderBootstrapProps,
} from '../../../lib/constructs/flux/flux-provider-bootstrap';
import { GitLabProject } from '../../../lib/constructs/repository/gitlab-project';
import { Cluster } from '../../../lib/model/cluster/cluster';
import { ClusterConnection } from '../../../lib/model/cluster/cluster-connection';
import { FluxPatch } from '../../../lib/model/flux/flux-patch';
import { Template, testApp } from '../../support/template';

function add(stack: TerraformStack, name: string, props: Partial<FluxProviderBootstrapProps> = {}) {
  const connection = ClusterConnection.kubeconfig({ context: name });
  const cluster = new Cluster({ name, environment: 'dev', connection });
  const project = GitLabProject.fromPath(stack, `Project-${name}`, {
    url: 'https://gitlab.example.com',
    path: 'platform/fleet',
  });
  const access = ClusterAccess.of(stack, connection, name === 'uni-dev' ? {} : { alias: name });
  return new FluxProviderBootstrap(stack, `Flux-${name}`, { cluster, project, access, ...props });
}

function templateOf(props: Partial<FluxProviderBootstrapProps> = {}): Template {
  const stack = new TerraformStack(testApp(), 'dev-uni-dev');
  add(stack, 'uni-dev', props);
  return Template.of(stack);
}

describe('FluxProviderBootstrap', () => {
  test('the resource, literally', () => {
    const template = templateOf();
    const { address: _, ...resource } = template.resource('flux_bootstrap_git');
    expect(resource).toMatchObject({
      provider: 'flux.flux-uni-dev',
      path: 'clusters/uni-dev',
      embedded_manifests: true,
      disable_secret_creation: true,
      keep_namespace: true,
      delete_git_manifests: true,
      secret_name: 'flux-system',
    });
    expect(resource).not.toHaveProperty('version');
    expect(resource).not.toHaveProperty('kustomization_override');
    const commit = template.addresses.find((address) => address.includes('Commit'))!;
    const root = template.release('flux-git-root');
    expect(resource['depends_on']).toEqual([
      template.resource('kubernetes_namespace_v1').address,
      template.resource('kubernetes_secret_v1').address,
      commit,
      root.address,
    ]);
    expect(root['depends_on']).not.toContain(template.resource('flux_bootstrap_git').address);
    expect(template.release('flux-root')['depends_on']).toEqual([
      template.resource('flux_bootstrap_git').address,
      commit,
    ]);
    expect(template.toJSON()['terraform'].required_providers.flux).toEqual({
      source: 'registry.terraform.io/fluxcd/flux',
      version: '~> 1.8',
    });
    expect(template.providers('flux')).toEqual([
      {
        alias: 'flux-uni-dev',
        git: {
          url: 'https://gitlab.example.com/platform/fleet.git',
          branch: 'main',
          http: { username: 'git', password: '${var.gitlab_bootstrap_token}' },
        },
        kubernetes: { config_path: '~/.kube/config', config_context: 'uni-dev' },
      },
    ]);
    expect(template.toJSON()['variable'].gitlab_bootstrap_token).toMatchObject({ sensitive: true, ephemeral: true });
  });

  test('every setting reaches the resource', () => {
    const resource = templateOf({
      controllers: ['source-controller', 'kustomize-controller', 'source-watcher'],
      registry: 'registry.example.com/flux',
      imagePullSecret: 'regcred',
      networkPolicy: false,
      logLevel: 'debug',
      clusterDomain: 'k8s.example.com',
      tolerationKeys: ['a'],
      secretName: 'git',
      interval: '5m',
      recurseSubmodules: true,
      deleteGitManifests: false,
      downloadVersion: 'v2.8.5',
      timeouts: { create: '20m' },
      patches: [FluxPatch.concurrency({ kustomize: 10 })],
    }).resource('flux_bootstrap_git');
    expect(resource).toMatchObject({
      components: ['source-controller', 'kustomize-controller'],
      components_extra: ['source-watcher'],
      registry: 'registry.example.com/flux',
      image_pull_secret: 'regcred',
      network_policy: false,
      log_level: 'debug',
      cluster_domain: 'k8s.example.com',
      toleration_keys: ['a'],
      secret_name: 'git',
      interval: '5m',
      recurse_submodules: true,
      delete_git_manifests: false,
      embedded_manifests: false,
      version: 'v2.8.5',
      timeouts: { create: '20m' },
    });
    const { resources, patches } = parse(resource['kustomization_override']);
    expect(resources).toEqual(['gotk-components.yaml', 'gotk-sync.yaml']);
    expect(patches.length).toBeGreaterThan(0);
  });

  test('its files are left to the provider, also where Terraform wrote them before', () => {
    const stack = new TerraformStack(testApp(), 'dev-uni-dev');
    add(stack, 'uni-dev');
    const commit = Template.of(stack)
      .resources('terraform_data')
      .find(({ address }) => address.includes('Commit'));
    expect(commit?.['triggers_replace'].released).toEqual([
      'clusters/uni-dev/flux-system/gotk-components.yaml',
      'clusters/uni-dev/flux-system/gotk-sync.yaml',
      'clusters/uni-dev/flux-system/kustomization.yaml',
    ]);
  });

  // The provider pushes an empty gotk-sync.yaml for a moment, and Flux would prune what is not in it.
  test('a root with patches stays on the cluster', () => {
    const { patches } = parse(
      templateOf({ patches: [FluxPatch.concurrency({ kustomize: 10 })] }).resource('flux_bootstrap_git')[
        'kustomization_override'
      ],
    );
    expect(patches).toContainEqual({
      target: { kind: 'GitRepository|Kustomization', name: 'flux-system' },
      patch: `- op: add
  path: /metadata/annotations
  value:
    kustomize.toolkit.fluxcd.io/prune: disabled
`,
    });
  });

  test('of two clusters in a stack that push to one branch, the second waits for the first', () => {
    const stack = new TerraformStack(testApp(), 'dev');
    add(stack, 'uni-dev');
    add(stack, 'lab-dev');
    const [lab, uni] = Template.of(stack).resources('flux_bootstrap_git');
    expect(lab?.['depends_on']).toContain(uni?.address);
    expect(uni?.['depends_on']).not.toContain(lab?.address);
  });

  test.each<[string, Partial<FluxProviderBootstrapProps>, string]>([
    ['a version that is too old', { downloadVersion: 'v2.6.4' }, 'downloadVersion: got "v2.6.4", want v2.7.0 or newer'],
    ['a version that is none', { downloadVersion: '2.8' }, 'downloadVersion: got "2.8", want a version of Flux'],
    ['too few controllers', { controllers: ['source-controller'] }, 'kustomize-controller among the controllers'],
    ['a name of a Secret', { secretName: 'git-credentials' }, 'secretName: got "git-credentials", want another name'],
  ])('refuses %s', (_, props, message) => {
    expect(() => templateOf(props)).toThrow(message);
  });
});
