// What the provider fluxcd/flux is told against the schema that it tells itself.
import { TerraformStack } from 'cdktf';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ClusterAccess } from '../../../lib/constructs/cluster/cluster-access';
import { FluxProviderBootstrap } from '../../../lib/constructs/flux/flux-provider-bootstrap';
import { GitLabProject } from '../../../lib/constructs/repository/gitlab-project';
import { Cluster } from '../../../lib/model/cluster/cluster';
import { ClusterConnection } from '../../../lib/model/cluster/cluster-connection';
import { FluxPatch } from '../../../lib/model/flux/flux-patch';
import { certificateAuthority } from '../../support/certificate-authority';
import { sharedDirectory } from '../../support/rig';
import { Template, testApp } from '../../support/template';

const FILE = join(sharedDirectory, 'data/provider-flux-1.8.5.schema.json');
const isThere = existsSync(FILE);
const project = { url: 'https://gitlab.example.com', path: 'platform/fleet', certificateAuthority };

function templateOf(connection: ClusterConnection): Template {
  const stack = new TerraformStack(testApp(), 'dev-uni');
  new FluxProviderBootstrap(stack, 'Flux', {
    cluster: new Cluster({ name: 'uni', environment: 'dev', connection }),
    project: GitLabProject.fromPath(stack, 'Project', project),
    access: ClusterAccess.of(stack, connection),
    downloadVersion: 'v2.8.5',
    controllers: ['source-controller', 'kustomize-controller', 'source-watcher'],
    registry: 'registry.example.com/flux',
    imagePullSecret: 'regcred',
    networkPolicy: false,
    watchAllNamespaces: true,
    logLevel: 'debug',
    clusterDomain: 'k8s.example.com',
    tolerationKeys: ['a'],
    secretName: 'git',
    interval: '5m',
    recurseSubmodules: true,
    deleteGitManifests: false,
    timeouts: { create: '20m', read: '1m', update: '20m', delete: '2m' },
    author: { name: 'x', email: 'x@example.com' },
    commitMessageAppendix: '[skip ci]',
    patches: [FluxPatch.concurrency({ kustomize: 10 })],
  });
  return Template.of(stack);
}

/** Paths of arguments that the provider does not have, or has with another type; what has to be given counts too. */
function misfits(value: Record<string, any>, attributes: Record<string, any>, prefix = ''): readonly string[] {
  const missing = Object.keys(attributes).filter((name) => attributes[name].required === true && !(name in value));
  const wrong = Object.entries(value).flatMap(([name, each]) => {
    const path = prefix + name;
    const { type, nested_type: nested } = attributes[name] ?? {};
    if (nested !== undefined) return misfits(each, nested.attributes, `${path}.`);
    const kind = Array.isArray(each) ? 'list' : typeof each;
    const fitting: Record<string, string> = { string: 'string', boolean: 'bool', list: 'list', object: 'map' };
    const told = Array.isArray(type) ? type[0].replace('set', 'list') : type;
    return told === fitting[kind] ? [] : [path];
  });
  return [...missing.map((name) => prefix + name), ...wrong];
}

(isThere ? describe : describe.skip)(
  `fluxcd/flux 1.8.5${isThere ? '' : ` (skipped, data: there is no ${FILE})`}`,
  () => {
    const schema = isThere
      ? JSON.parse(readFileSync(FILE, 'utf8')).provider_schemas['registry.terraform.io/fluxcd/flux']
      : undefined;
    const server = { server: 'https://uni.example.com', certificateAuthority };
    const exec = ClusterConnection.exec({ ...server, command: 'aws', args: ['eks'], env: { AWS_PROFILE: 'a' } });

    test.each<[string, ClusterConnection]>([
      ['a context of a kubeconfig', ClusterConnection.kubeconfig({ path: '~/.kube/config', context: 'uni' })],
      ['a token', ClusterConnection.token(server)],
      ['a client certificate', ClusterConnection.clientCertificate(server)],
      ['a program', exec],
    ])('has every argument that it is told with %s, with its type', (_, connection) => {
      const [{ alias, ...provider }] = templateOf(connection).providers('flux') as any;
      expect(alias).toBe('flux-uni');
      expect(misfits(provider, schema.provider.block.attributes)).toEqual([]);
    });

    test('has every argument of flux_bootstrap_git, with its type', () => {
      const resource = templateOf(exec).resource('flux_bootstrap_git');
      const { address: _, '//': _note, provider, depends_on: before, ...written } = resource;
      expect([provider, before]).toEqual(['flux.flux-uni', expect.any(Array)]);
      const { attributes } = schema.resource_schemas.flux_bootstrap_git.block;
      expect(misfits(written, attributes)).toEqual([]);
      // Arguments that are deprecated, go to the state, or that this library says otherwise.
      const others = ['id', 'manifests_path', 'namespace', 'registry_credentials', 'repository_files'];
      expect(Object.keys(attributes).filter((name) => !(name in written))).toEqual(others);
    });
  },
);
