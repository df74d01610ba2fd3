import { type Built, type BuiltKustomization } from '../../../lib/build/built';
import { problemsOf } from '../../../lib/build/checks/problems-of';
import { Cluster } from '../../../lib/model/cluster/cluster';
import { ClusterConnection } from '../../../lib/model/cluster/cluster-connection';
import { Trigger } from '../../../lib/model/cluster/trigger';
import { KustomizeBase } from '../../../lib/model/component/kustomize-base';
import { KustomizeComponent } from '../../../lib/model/component/kustomize-component';
import { type KubernetesObject } from '../../../lib/model/manifest/kubernetes-object';
import {
  acceptedObjects,
  configMap,
  deployment,
  object,
  refusedObjects,
  statefulSet,
} from '../../support/judged-objects';

const component = new KustomizeComponent({ name: 'app', base: KustomizeBase.objects([configMap({})]) });
const connection = ClusterConnection.kubeconfig({ context: 'one' });
const cluster = new Cluster({
  name: 'one',
  environment: 'dev',
  connection,
  trigger: Trigger.interval(),
  components: [component],
});

const built = (objects: readonly KubernetesObject[], more: Partial<Built> = {}): Built => ({
  cluster,
  component,
  directory: 'systems/app/overlays/one',
  source: 'base',
  objects,
  kustomizations: [],
  decrypts: true,
  ...more,
});
const messages = (of: Built): readonly string[] =>
  problemsOf(of).map(({ place, message, severity = 'error' }) => `${severity}: ${place}: ${message}`);

describe('a Secret that was built', () => {
  const secret = (fields: object): KubernetesObject => object('v1', 'Secret', fields);
  const base64 = (text: string): string => Buffer.from(text).toString('base64');

  test.each([
    ['of text', secret({ stringData: { p: 'canary' } })],
    ['of base64', secret({ data: { p: base64('canary') } })],
    [
      'within another object',
      object('example.com/v1', 'App', { spec: { extra: [secret({ stringData: { p: 'canary' } })] } }),
    ],
    ['whose placeholder has a default', secret({ stringData: { p: '${P:=canary}' } })],
  ])('in plain text is refused: %s', (_, given) => {
    const [message = '', ...others] = messages(built([given]));
    expect(message).toMatch(
      /^error: base: \w+.* x: has values of a Secret in plain text, want a Secret encrypted by SOPS/,
    );
    expect(others).toEqual([]);
    expect(message).not.toContain('canary');
  });

  test.each([
    ['encrypted', secret({ data: { p: 'ENC[AES256_GCM,data:x]' }, sops: { mac: 'ENC[x]' } })],
    ['generated of an encrypted file', secret({ data: { f: base64('{"a": "ENC[x]", "sops": {"mac": "ENC[x]"}}') } })],
    ['generated of encrypted variables', secret({ data: { p: base64('ENC[x]'), sops_version: base64('3.9') } })],
    ['filled by Flux', secret({ stringData: { p: '${P}' } })],
    ['given by Flux in base64', secret({ data: { p: '${P}' } })],
    ['a configuration with variables of its own', secret({ data: { c: base64('listen: ${PORT}\nhost: ${HOST}\n') } })],
    ['empty', secret({ data: { p: '' }, stringData: {} })],
    [
      'a certificate',
      secret({ stringData: { 'ca.crt': '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n' } }),
    ],
    [
      'a reference',
      object('example.com/v1', 'App', { spec: { from: { kind: 'Secret', name: 'x' }, data: { a: 'b' } } }),
    ],
  ])('is accepted when it is %s', (_, given) => expect(messages(built([given]))).toEqual([]));

  const unfilled = (names: string): string =>
    `warning: base: Secret x: has ${names} behind base64, where Flux fills nothing in: want a Secret with \`stringData\` among the resources, or a value that SOPS encrypted; generators write base64`;

  test.each<[string, string, Partial<Built>]>([
    ['${P}', '${P}', {}],
    ['${P}\n', '${P}', { postBuild: { substitute: { Q: 'q' } } }],
    ['a: ${P}\nb: ${Q}', '${P}', { postBuild: { substitute: { P: 'p' } } }],
    ['a: ${P:=1}\nb: ${Q}', '${P}, ${Q}', { postBuild: { substituteFrom: [{ kind: 'Secret', name: 's' }] } }],
  ])('has placeholders that Flux does not fill in: %j', (value, names, more) => {
    expect(messages(built([secret({ data: { p: base64(value) } })], more))).toContain(unfilled(names));
  });

  test.each<[string, Partial<Built>]>([
    ['a: ${Q}\n', { postBuild: { substitute: { P: 'p' } } }],
    ['a: $${P}\n', { postBuild: { substitute: { P: 'p' } } }],
  ])('may have %j for others to fill in', (value, more) => {
    expect(messages(built([secret({ data: { p: base64(value) } })], more))).not.toContain('behind base64');
  });

  test('is refused when SOPS encrypted it and nothing decrypts it', () => {
    const given = secret({ data: { p: 'ENC[x]' }, sops: { mac: 'ENC[x]' } });
    expect(messages(built([given], { decrypts: false }))).toEqual([
      expect.stringContaining('want `decryption` to be set'),
    ]);
  });
});

test.each(Object.entries(refusedObjects))('an object with %s is refused', (_, [given, message]) => {
  expect(messages(built([given]))).toEqual([expect.stringMatching(message)]);
});

test.each(Object.entries(acceptedObjects))('an object with %s is accepted', (_, given) => {
  expect(messages(built([given]))).toEqual([]);
});

test('values of variables that only the cluster has are not judged', () => {
  const metadata = { name: '${N}_', namespace: '${N}_', labels: { a: '${A} b', '${K}': 'x' } };
  expect(messages(built([{ apiVersion: 'v1', kind: 'ConfigMap', metadata }]))).toEqual([]);
});

test('an object that is there twice is refused, with and without the namespace that it gets anyway', () => {
  const twice = [configMap({}), configMap({ metadata: { name: 'x', namespace: 'app' } })];
  expect(messages(built(twice))).toEqual([
    'error: base: ConfigMap app/x: is there more than once, want each object once',
  ]);
  expect(messages(built([configMap({}), configMap({ metadata: { name: 'x', namespace: 'other' } })]))).toEqual([]);
});

describe('a kustomization that was built', () => {
  const kustomization = (more: Partial<BuiltKustomization>): BuiltKustomization => ({
    path: 'systems/app/overlays/one/kustomization.yaml',
    source: 'overlay/kustomization.yaml',
    fields: {},
    patches: [],
    resources: [deployment, configMap({ metadata: { name: 'config-a1b2c3d4e5' } })],
    ...more,
  });
  const patch = (target: object): Partial<BuiltKustomization> => ({
    patches: [{ place: 'patches[0]', text: '', target }],
  });
  const warnings = (...kustomizations: Partial<BuiltKustomization>[]): readonly string[] =>
    messages(built([deployment], { kustomizations: kustomizations.map(kustomization) }));

  test.each([
    ['another name', { kind: 'Deployment', name: 'wbe' }],
    ['a part of a name', { name: 'we' }],
    ['another kind', { kind: 'StatefulSet|DaemonSet' }],
    ['another group', { group: 'batch' }],
    ['another version', { version: 'v1beta1' }],
    ['another namespace', { kind: 'Deployment', namespace: 'tools' }],
    ['another label', { labelSelector: 'app=wbe' }],
    ['a label that it has not', { labelSelector: 'team' }],
  ])('with a patch for %s changes nothing', (_, target) => {
    expect(warnings(patch(target))).toEqual([
      `warning: overlay/kustomization.yaml: patches[0]: changes nothing: no object is ${JSON.stringify(target)}`,
    ]);
  });

  test.each([
    ['a name', { name: 'web' }],
    ['a regular expression', { kind: 'Deploy.*', name: 'w.b|x' }],
    ['everything', {}],
    ['the name before the hash', { kind: 'ConfigMap', name: 'config' }],
    ['a group and a version', { group: 'apps', version: 'v1' }],
    ['the namespace of whoever has none', { namespace: 'default' }],
    ['labels', { labelSelector: 'app=web,!team,app!=x' }],
    ['labels in a set', { labelSelector: 'app in (x, y)' }],
    ['what only Go reads', { name: '(?P<n>x)' }],
  ])('with a patch for %s is accepted', (_, target) => expect(warnings(patch(target))).toEqual([]));

  test('with a patch for a name that another kustomization changed is accepted', () => {
    expect(warnings(patch({ name: 'old' }), { fields: { namePrefix: 'x-' } })).toEqual([]);
    expect(warnings({ ...patch({ name: 'old' }), resources: [] })).toEqual([]);
  });

  test('with an image that no container has changes nothing', () => {
    const fields = {
      images: [
        { name: 'wbe', newTag: '2' },
        { name: 'registry.example.com/web', newTag: '1' },
      ],
    };
    expect(warnings({ fields })).toEqual([
      'warning: overlay/kustomization.yaml: images[0]: changes nothing: no container has the image wbe',
    ]);
    expect(warnings({ fields: { images: [{ name: 'old', newName: 'registry.example.com/web' }] } })).toEqual([]);
  });

  test.each([
    [
      'labels in claims',
      { labels: [{ pairs: { a: 'b' }, includeTemplates: true }] },
      'volumeClaimTemplates of StatefulSet x',
    ],
    ['common labels', { commonLabels: { app: 'web' } }, 'the selector of Deployment web'],
    [
      'labels in selectors',
      { labels: [{ pairs: { app: 'web' }, includeSelectors: true }] },
      'the selector of Deployment web',
    ],
  ])('with %s is warned of', (_, fields, place) => {
    const given = built([deployment, statefulSet({ a: 'b' })], { kustomizations: [kustomization({ fields })] });
    expect(messages(given)).toEqual([expect.stringContaining(`its labels reach ${place}`)]);
  });

  test('with labels for templates alone is accepted', () => {
    const fields = { labels: [{ pairs: { a: 'c' }, includeTemplates: true }, { pairs: { app: 'web' } }] };
    expect(
      messages(built([deployment, statefulSet({ a: 'b' })], { kustomizations: [kustomization({ fields })] })),
    ).toEqual([]);
  });
});
