import { GitCredential } from '../../../lib/model/component/git-credential';
import { GitSource } from '../../../lib/model/component/git-source';
import { KustomizeBase } from '../../../lib/model/component/kustomize-base';
import { KustomizeComponent, type KustomizeComponentProps } from '../../../lib/model/component/kustomize-component';
import { KustomizeOverlay } from '../../../lib/model/component/kustomize-overlay';

const base = KustomizeBase.inRepository();
const foreign = GitSource.git({ url: 'https://git.example.com/a/b.git', ref: { branch: 'main' } });
const owner = new KustomizeComponent({ name: 'owner', base });

describe('what a kustomize component is on a cluster', () => {
  const at = { name: 'uni-dev', environment: 'dev' };
  const context = { cluster: at, namespace: 'app' } as never;

  it('is refused when its layers do not go together', () => {
    const healthChecks = [{ apiVersion: 'v1', kind: 'Pod', name: 'a' }];
    const component = new KustomizeComponent({
      name: 'app',
      base,
      wait: true,
      environments: { dev: { healthChecks } },
    });
    expect(() => component.fluxObjects(context)).toThrow('component "app" on cluster "uni-dev": wait: got true');
  });

  it('is what the layer above says where the nearest says nothing', () => {
    const clusters = { 'uni-dev': { overlay: undefined } };
    const overlay = KustomizeOverlay.of({ replicas: { web: 3 } });
    const component = new KustomizeComponent({ name: 'app', base, environments: { dev: { overlay } }, clusters });
    expect(component.clusterFiles(at).get('overlays/uni-dev/kustomization.yaml')?.content).toContain('count: 3');
  });

  it('may hold a Secret that an environment decrypts', () => {
    const value = 'ENC[AES256_GCM,data:x]';
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'a' },
      data: { p: value },
      sops: { mac: value },
    };
    const clusters = { 'uni-dev': { overlay: KustomizeOverlay.of({ objects: [secret] }) } };
    const make = (environments: KustomizeComponentProps['environments']) => () =>
      new KustomizeComponent({ name: 'app', base, clusters, environments });
    expect(make({ dev: { decryption: {} } })).not.toThrow();
    expect(make({})).toThrow(/want `decryption` to be set/);
  });
});

describe('a kustomize component that is refused', () => {
  it.each<[string, Partial<KustomizeComponentProps>, RegExp]>([
    ['a name that is no DNS label', { name: 'Fluentd' }, /^component: name: got "Fluentd"/],
    ['a namespace that is none', { namespace: 'a_b' }, /component "app": namespace: got "a_b"/],
    [
      'a namespace beside its owner',
      { namespace: 'a', namespaceOwner: owner },
      /want either namespace or namespaceOwner/,
    ],
    [
      'labels of the namespace of another',
      { namespaceOwner: owner, namespaceLabels: { a: 'b' } },
      /want nothing: the owner/,
    ],
    ['an account that is none', { serviceAccount: { name: 'A' } }, /serviceAccount\.name: got "A"/],
    ['a duration that is none', { interval: '1x' }, /component "app": interval: got "1x"/],
    ['one of a variant', { environments: { dev: { timeout: '5' } } }, /environments\.dev\.timeout: got "5"/],
    [
      'a reference to nothing in a variant',
      { clusters: { c: { ref: {} } } },
      /clusters\.c\.ref: got \{\}, want exactly one of/,
    ],
    [
      'wait beside healthChecks',
      { wait: true, healthChecks: [{ apiVersion: 'v1', kind: 'Pod', name: 'a' }] },
      /wait: got true/,
    ],
    ['a variable that is none', { postBuild: { substitute: { 'a-b': '' } } }, /postBuild\.substitute: got "a-b"/],
    ['a foreign source without its path', { source: foreign }, /want KustomizeBase\.path\(\)/],
    ['a foreign path without source', { base: KustomizeBase.path('deploy') }, /want another base/],
    [
      'an overlay with files for a foreign base',
      {
        source: foreign,
        base: KustomizeBase.path('deploy'),
        clusters: { c: { overlay: KustomizeOverlay.of({ replicas: { a: 1 } }) } },
      },
      /clusters\.c\.overlay: want only patches, images and labels/,
    ],
  ])('for %s', (_, props, message) => {
    expect(() => new KustomizeComponent({ name: 'app', base, ...props })).toThrow(message);
  });

  it.each<[string, () => unknown, RegExp]>([
    [
      'an address with a password',
      () => GitSource.git({ url: 'https://u:canary@h/a.git', ref: { branch: 'a' } }),
      /want an address such as/,
    ],
    [
      'an address over http',
      () => GitSource.git({ url: 'http://h/a.git', ref: { branch: 'a' } }),
      /want an address such as/,
    ],
    ['two references', () => GitSource.gitOpsRepository({ ref: { tag: 'a', branch: 'b' } }), /want exactly one of/],
    ['a short SHA', () => GitSource.gitOpsRepository({ ref: { commit: 'abc' } }), /ref\.commit: got "abc"/],
    ['a revision of nothing', () => GitCredential.terraform({ revision: 0 }), /revision: got 0/],
    [
      'another kind',
      () => GitCredential.externalSecret({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' } }),
      /want an ExternalSecret/,
    ],
  ])('for a source with %s', (_, make, message) => {
    expect(make).toThrow(message);
    expect(make).not.toThrow(/canary/);
  });
});
