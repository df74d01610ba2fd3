import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseAllDocuments } from 'yaml';

import { KustomizeBase } from '../../../lib/model/component/kustomize-base';
import { KustomizeComponent } from '../../../lib/model/component/kustomize-component';
import { KustomizeOverlay } from '../../../lib/model/component/kustomize-overlay';

const cluster = { name: 'uni-dev', environment: 'dev' };
let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'overlay-'))));
afterEach(() => rmSync(directory, { recursive: true }));

const put = (files: Record<string, string | Uint8Array>): string => {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
  return directory;
};

/** What kubectl builds of a component's overlay. */
const build = (component: KustomizeComponent): any[] => {
  for (const files of [component.sharedFiles(), component.clusterFiles(cluster)]) {
    for (const { path, content } of files) put({ [`systems/${path}`]: content });
  }

  const overlay = join(directory, 'systems', 'overlays', cluster.name);
  const output = execFileSync('kubectl', ['kustomize', overlay], { encoding: 'utf8' });
  return parseAllDocuments(output).map((document) => document.toJS());
};

const configMap = (name: string, namespace?: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace },
  data: { a: 'b' },
});
const namespace = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
const names = (objects: any[]) =>
  objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? '-'}/${metadata.name}`).sort();

describe('an overlay that kubectl builds', () => {
  it('gives objects the namespace, unless they name one, and drops the Namespace', () => {
    const base = KustomizeBase.objects([namespace('app'), configMap('own'), configMap('elsewhere', 'kube-system')]);
    expect(names(build(new KustomizeComponent({ name: 'app', base })))).toEqual([
      'ConfigMap app/own',
      'ConfigMap kube-system/elsewhere',
    ]);
  });

  it('makes every typed change', () => {
    const deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: 'web' } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: { containers: [{ name: 'web', image: 'nginx:1.27' }] },
        },
      },
    };
    const overlay = KustomizeOverlay.of({
      images: [{ name: 'nginx', newName: 'mirror.example.com/nginx', newTag: '1.28' }],
      replicas: { web: 3 },
      labels: { tier: 'gold' },
      configMaps: [{ name: 'settings', data: { 'a.txt': '"quoted"\n' } }],
      objects: [configMap('beside')],
      patches: [
        {
          patch: JSON.stringify([{ op: 'add', path: '/spec/minReadySeconds', value: 5 }]),
          target: { kind: 'Deployment' },
        },
      ],
    });
    const objects = build(
      new KustomizeComponent({
        name: 'app',
        base: KustomizeBase.objects([deployment]),
        clusters: { 'uni-dev': { overlay } },
      }),
    );
    const web = objects.find(({ kind }) => kind === 'Deployment');
    expect(web.spec).toMatchObject({ replicas: 3, minReadySeconds: 5, selector: { matchLabels: { app: 'web' } } });
    expect(web.spec.template.spec.containers[0].image).toBe('mirror.example.com/nginx:1.28');
    expect(web.spec.template.metadata.labels).toEqual({ app: 'web', tier: 'gold' });
    expect(objects.find(({ metadata }) => metadata.name.startsWith('settings-')).data).toEqual({
      'a.txt': '"quoted"\n',
    });
    expect(names(objects)).toContain('ConfigMap app/beside');
  });
});

const object = (apiVersion: string) => ({ apiVersion, kind: 'ConfigMap', metadata: { name: 'x' } });

describe('labels of an overlay', () => {
  const store = `{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: store}, spec: {template: {metadata: {labels: {app: store}}},
    volumeClaimTemplates: [{metadata: {name: data}}]}}`;
  const jobs =
    '{apiVersion: batch/v1, kind: CronJob, metadata: {name: jobs}, spec: {jobTemplate: {spec: {template: {}}}}}';
  const overlay = KustomizeOverlay.of({ labels: { 'example.com/cluster': 'one' } });
  const built = (base: Record<string, string>): any[] =>
    build(
      new KustomizeComponent({
        name: 'app',
        base: KustomizeBase.directory(put(base)),
        clusters: { 'uni-dev': { overlay } },
      }),
    );

  it('reach objects and templates of Pods, and no claims of a StatefulSet, which cannot change', () => {
    const [cronJob, statefulSet] = built({
      'kustomization.yaml': 'resources: [b.yaml, a.yaml]',
      'a.yaml': store,
      'b.yaml': jobs,
    }).sort((one, other) => (one.kind < other.kind ? -1 : 1));
    const labels = { 'example.com/cluster': 'one' };
    expect(cronJob.metadata.labels).toEqual(labels);
    expect(cronJob.spec.jobTemplate.spec.template.metadata.labels).toEqual(labels);
    expect(statefulSet.metadata.labels).toEqual(labels);
    expect(statefulSet.spec.template.metadata.labels).toEqual({ app: 'store', ...labels });
    expect(statefulSet.spec.volumeClaimTemplates).toEqual([{ metadata: { name: 'data' } }]);
  });

  it.each([
    ['only other kinds', { 'kustomization.yaml': 'resources: [b.yaml]', 'b.yaml': jobs }, true],
    ['another repository', { 'kustomization.yaml': 'resources: [https://example.com/x.yaml]' }, false],
  ])('are written in the short way for a base with %s: %s', (_, files, isShort) => {
    const base = KustomizeBase.directory(put(files));
    const text = String(overlay.render('app', base).get('kustomization.yaml')?.content);
    expect(text.includes('includeTemplates: true')).toBe(isShort);
  });
});

describe('an overlay that is refused', () => {
  const refuses = (props: Parameters<typeof KustomizeOverlay.of>[0], message: RegExp) =>
    expect(() => KustomizeOverlay.of(props)).toThrow(message);

  it('has a patch that is none', () =>
    refuses({ patches: [{ patch: 'text' }] }, /patches\[0\]\.patch: got "text", want a strategic/));
  it('has a JSON 6902 patch without target', () =>
    refuses({ patches: [{ patch: '- {op: remove, path: /a}' }] }, /patches\[0\]\.target: want a target/));
  it.each([
    [{ patch: '{apiVersion: v1, kind: Secret, metadata: {name: a}, stringData: {p: canary}}' }],
    [{ patch: '{stringData: {p: canary}}', target: { kind: 'Secret' } }],
    [{ patch: '[{op: add, path: /data/p, value: Y2FuYXJ5}]', target: { kind: 'Secret' } }],
  ])('sets values of a Secret: %j', (patch) => {
    refuses({ patches: [patch] }, /want no values of a Secret/);
    expect(() => KustomizeOverlay.of({ patches: [patch] })).not.toThrow(/canary|Y2FuYXJ5/);
  });
  it('has a number of replicas that is none', () => refuses({ replicas: { web: -1 } }, /replicas\.web: got -1/));
  it('has a key that no ConfigMap has', () =>
    refuses({ configMaps: [{ name: 'a', data: { 'b/c': '' } }] }, /configMaps\[0\]\.data: got "b\/c"/));
  it.each<[string, Parameters<typeof KustomizeOverlay.of>[0], RegExp]>([
    ['a value of a label', { labels: { team: 'a b' } }, /labels\.team: got "a b", want at most 63 letters/],
    ['a key of a label', { labels: { 'a/b/c': 'x' } }, /labels: got "a\/b\/c", want a name of at most 63/],
    ['a digest', { images: [{ name: 'web', digest: 'abc' }] }, /images\[0\]\.digest: got "abc", want sha256:/],
    ['a name of a ConfigMap', { configMaps: [{ name: 'My_Map', data: {} }] }, /configMaps\[0\]\.name: got "My_Map"/],
    ['a long name', { configMaps: [{ name: 'a'.repeat(243), data: {} }] }, /at most 242 characters: kustomize appends/],
    [
      'too much data',
      { configMaps: [{ name: 'a', data: { x: 'x'.repeat(1_048_577) } }] },
      /want at most 1048576 \(1 MiB\)/,
    ],
    ['an object twice', { objects: [object('v1'), object('v1')] }, /objects: got "ConfigMap x", want each once/],
    [
      'a ConfigMap twice',
      {
        configMaps: [
          { name: 'x', data: {} },
          { name: 'x', data: {} },
        ],
      },
      /configMaps: got "x", want each once/,
    ],
  ])('has %s that the API server or kustomize refuses', (_, props, message) => refuses(props, message));
  it('may have objects of one name in two groups, and one MiB of data', () =>
    expect(() =>
      KustomizeOverlay.of({
        objects: [object('v1'), object('example.com/v1')],
        configMaps: [{ name: 'a', data: { x: 'x'.repeat(1_048_576) } }],
        images: [{ name: 'web', digest: `sha256:${'a'.repeat(64)}` }],
        labels: { 'example.com/team': '', a: 'B_c.d' },
      }),
    ).not.toThrow());
  it('has an object that is none', () => refuses({ objects: [{} as never] }, /objects\[0\]: got \{\}/));

  it('is a directory that does not name the base', () => {
    for (const text of ['resources: []', 'resources: ../../base', '# nothing', '- a']) {
      put({ 'kustomization.yaml': text });
      expect(() => KustomizeOverlay.directory(directory)).toThrow(/want `\.\.\/\.\.\/base` among its resources/);
    }
  });
});

describe('a base that is refused', () => {
  const refuses = (files: Record<string, string>, message: RegExp) => {
    put(files);
    expect(() => new KustomizeComponent({ name: 'app', base: KustomizeBase.directory(directory) })).toThrow(message);
  };
  const secret = '{apiVersion: v1, kind: Secret, metadata: {name: a}, stringData: {p: canary}}';
  const generator = '{apiVersion: builtin, kind: SecretGenerator, metadata: {name: a}, literals: [p=canary]}';

  it('does not exist', () =>
    expect(() => KustomizeBase.directory('no/such')).toThrow(
      /directory: got "no\/such", want a directory that exists/,
    ));
  it('is empty', () => refuses({}, /want a directory with a kustomization.yaml/));
  it('has no kustomization.yaml', () => refuses({ 'a.yaml': '{}' }, /want a directory with a kustomization.yaml/));
  it('names a file that is not there', () =>
    refuses({ 'kustomization.yaml': 'resources: [a.yaml]' }, /got "a.yaml", want a file or directory that exists/));
  it('leaves its directory', () =>
    refuses({ 'kustomization.yaml': 'resources: [../x]' }, /got "\.\.\/x", want a path that exists, within or beside/));
  it('has a plaintext Secret', () =>
    refuses({ 'kustomization.yaml': 'resources: [s.yaml]', 's.yaml': secret }, /got "Secret a in plain text"/));
  it('has a plaintext Secret in a List', () =>
    refuses(
      { 'kustomization.yaml': 'resources: [s.yaml]', 's.yaml': `{apiVersion: v1, kind: List, items: [${secret}]}` },
      /plain text/,
    ));
  it.each([
    ['a SecretList', { 'a.yaml': `{apiVersion: v1, kind: SecretList, items: [${secret}]}` }, /plain text/],
    ['a file whose name says nothing', { 'a.txt': secret }, /plain text/],
  ])('has a plaintext Secret in %s', (_, files, message) =>
    refuses({ 'kustomization.yaml': `resources: [${Object.keys(files)[0]}]`, ...files }, message),
  );
  it.each([
    ['patches', '[{patch: "{apiVersion: v1, kind: Secret, metadata: {name: a}, stringData: {p: canary}}"}]'],
    ['patches', '[{patch: "[{op: add, path: /data/p, value: Y2FuYXJ5}]", target: {kind: Secret}}]'],
    ['patches', '[{path: patch.yaml, target: {kind: Secret}}]'],
    ['patchesJson6902', '[{path: patch.yaml, target: {kind: Secret}}]'],
  ])('sets values of a Secret by %s: %s', (field, patches) =>
    refuses(
      { 'kustomization.yaml': `${field}: ${patches}`, 'patch.yaml': '[{op: add, path: /data/p, value: Y2FuYXJ5}]' },
      /kustomization\.yaml: patches(Json6902)?\[0\]\.patch: want no values of a Secret/,
    ),
  );
  it.each([
    ['envs', '[secret.env]', 'secret.env'],
    ['files', '[password=secret.txt]', 'secret.txt'],
    ['env', 'secret.env', 'secret.env'],
  ])('generates a Secret of %s in plain text', (field, value, file) =>
    refuses(
      { 'kustomization.yaml': `secretGenerator: [{name: a, ${field}: ${value}}]`, [file]: 'p=canary' },
      new RegExp(
        `kustomization\\.yaml: secretGenerator\\[0\\]: got "${file} in plain text", want a Secret encrypted by SOPS`,
      ),
    ),
  );
  it('generates a Secret of a file that SOPS encrypted, when Flux decrypts it', () => {
    const encrypted = 'p=ENC[AES256_GCM,data:x]\nsops_mac=ENC[AES256_GCM,data:x]\n';
    const files = { 'kustomization.yaml': 'secretGenerator: [{name: a, envs: [s.env]}]', 's.env': encrypted };
    refuses(files, /got "s\.env encrypted by SOPS", want `decryption` to be set/);
    const decryption = {};
    const base = KustomizeBase.directory(directory);
    expect(() => new KustomizeComponent({ name: 'app', base, decryption })).not.toThrow();
  });
  it.each([
    ['a key without value', 'resources:'],
    ['text in place of a list', 'resources: a.yaml'],
  ])('may have %s', (_, text) => {
    put({ 'kustomization.yaml': text });
    expect(() => KustomizeBase.directory(directory)).not.toThrow();
  });
  it('has an alias without its anchor', () =>
    refuses({ 'kustomization.yaml': 'resources: *nothing' }, /want YAML, but: Unresolved alias/));
  it('generates a Secret of literals', () =>
    refuses(
      { 'kustomization.yaml': 'secretGenerator: [{name: a, literals: [p=canary]}]' },
      /a generator of a Secret with literals/,
    ));
  it.each([
    ['in a file', { 'kustomization.yaml': 'generators: [g.yaml]', 'g.yaml': generator }],
    ['in its place', { 'kustomization.yaml': `generators:\n- |\n  ${generator}` }],
  ])('generates a Secret by an object %s', (_, files) => refuses(files, /a generator of a Secret with literals/));
  it.each([
    ['no op', '[{op: ad, path: /data/x, value: y}]', /patches\[0\]\.patch: got \{"op":"ad","path":"\/data\/x"\}/],
    ['no path', '[{op: add, value: y}]', /want operations with a path and an op/],
    ['no kind', 'data: {x: y}', /got \["data"\], want a strategic merge patch with kind and metadata\.name/],
    ['no name', '{kind: ConfigMap, data: {x: y}}', /want a strategic merge patch with kind and metadata\.name/],
  ])('has a patch with %s', (_, patch, message) =>
    refuses(
      { 'kustomization.yaml': `patches: [{target: {kind: ConfigMap}, patch: ${JSON.stringify(patch)}}]` },
      message,
    ),
  );
  it.each(['{name: a}', "{kind: '.*'}", '{kind: Secret|ConfigMap}'])('sets stringData of %s', (target) =>
    refuses(
      {
        'kustomization.yaml': `patches: [{target: ${target}, patch: '[{op: add, path: /stringData, value: {p: canary}}]'}]`,
      },
      /want no values of a Secret/,
    ),
  );
  it('has a symbolic link that leads out', () => {
    put({ 'kustomization.yaml': 'resources: []' });
    symlinkSync('/etc/hostname', join(directory, 'link'));
    expect(() => KustomizeBase.directory(directory)).toThrow(/got "link", want no symbolic link/);
  });
  it('is a path that leaves its repository', () =>
    expect(() => KustomizeBase.path('../x')).toThrow(/want a directory within the repository/));
});

// Each is a base of somebody's that kustomize and Flux take, and that was refused once.
describe('a base that is accepted', () => {
  const generating = (file: string): string => `configMapGenerator: [{name: a, files: [${file}]}]`;
  const secretOf = (values: string, more = ''): string =>
    `{apiVersion: v1, kind: Secret, metadata: {name: a}, ${values}${more}}`;
  const sops = ', sops: {mac: "ENC[AES256_GCM,data:x]", encrypted_regex: "^(data|stringData)$"}';

  it.each<[string, Record<string, string | Uint8Array>]>([
    ['JSON with comments', { 'kustomization.yaml': generating('s.json'), 's.json': '// mine\n{\n  "a": 1, // b\n}' }],
    ['lines of JSON', { 'kustomization.yaml': generating('s.json'), 's.json': '{"id": 1}\n{"id": 2}\n' }],
    [
      'a template of YAML',
      { 'kustomization.yaml': generating('t.yaml'), 't.yaml': '{{ range .x }}\n- {{ . }}\n{{ end }}' },
    ],
    ['other bytes', { 'kustomization.yaml': generating('a.yaml'), 'a.yaml': Buffer.from([0xff, 0xfe, 0, 1]) }],
    ['Latin-1', { 'kustomization.yaml': generating('a.json'), 'a.json': Buffer.from('"caf\u00e9"', 'latin1') }],
    [
      'a list with nothing in it',
      { 'kustomization.yaml': generating('a.yaml'), 'a.yaml': '{kind: AList, items: [null, 1]}' },
    ],
    [
      'a manifest of another name',
      { 'kustomization.yaml': 'resources: [a.txt]', 'a.txt': '{kind: A, metadata: {name: a}}' },
    ],
    [
      'what SOPS leaves empty',
      {
        'kustomization.yaml': 'resources: [s.yaml]',
        's.yaml': secretOf('stringData: {a: "ENC[x]", b: "", c: null}', sops),
      },
    ],
    ['an empty Secret', { 'kustomization.yaml': 'resources: [s.yaml]', 's.yaml': secretOf('stringData: {a: ""}') }],
    [
      'placeholders of Flux',
      {
        'kustomization.yaml': 'resources: [s.yaml]',
        's.yaml': secretOf('stringData: {a: "${A}", b: "pg://${B}:${C}@d"}'),
      },
    ],
    [
      'a generator with a placeholder',
      { 'kustomization.yaml': "secretGenerator: [{name: a, literals: ['p=${P}', q=]}]" },
    ],
    [
      'a patch with a placeholder',
      { 'kustomization.yaml': `patches: [{patch: '${secretOf('stringData: {a: "${A}"}')}'}]` },
    ],
    [
      'a patch of data of any kind',
      { 'kustomization.yaml': "patches: [{target: {name: a}, patch: '[{op: add, path: /data/x, value: y}]'}]" },
    ],
    [
      'a kustomization that nobody names',
      { 'kustomization.yaml': 'resources: []', 'later/kustomization.yaml': 'resources: [../../x]' },
    ],
    [
      'a kustomization that nobody can read',
      { 'kustomization.yaml': 'resources: []', 'later/kustomization.yaml': '{{ x' },
    ],
    ...[
      'git::https://github.com/example/operator//deploy?ref=v1.0.0',
      'git@github.com:example/operator.git',
      'ssh://git@example.com/operator',
      'github.com/example/operator?ref=v1',
      'gh:example/operator',
      'example.com/operator.git/deploy?ref=v1',
      's3::https://s3.amazonaws.com/bucket/x',
    ].map((remote): [string, Record<string, string>] => [remote, { 'kustomization.yaml': `resources: ['${remote}']` }]),
  ])('has %s', (_, files) => {
    put(files);
    const props = { name: 'app', base: KustomizeBase.directory(directory), decryption: {} };
    expect(() => new KustomizeComponent(props)).not.toThrow();
  });

  it.each(['../../base/extra', '../two'])('has an overlay that also names %s', (path) => {
    put({ 'kustomization.yaml': `resources: [../../base, ${path}]` });
    expect(() => KustomizeOverlay.directory(directory)).not.toThrow();
  });
});

it.each([
  ['a default that can be read', 'stringData: {a: "${A:=hunter2}"}'],
  ['a password beside a placeholder', 'stringData: {a: "hunter2${A}"}'],
  ['one value in plain text', 'stringData: {a: "${A}", b: hunter2}'],
])('a Secret with %s is refused', (_, values) => {
  put({ 'kustomization.yaml': 'resources: [s.yaml]', 's.yaml': `{kind: Secret, metadata: {name: a}, ${values}}` });
  expect(() => new KustomizeComponent({ name: 'app', base: KustomizeBase.directory(directory) })).toThrow(/plain text/);
});
