import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseAllDocuments } from 'yaml';

import { KustomizeBase } from '../../../lib/model/component/kustomize-base';
import { KustomizeOverlay } from '../../../lib/model/component/kustomize-overlay';

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'own-kustomization-'))));
afterEach(() => rmSync(directory, { recursive: true }));

const put = (path: string, content: string | Uint8Array): void => {
  mkdirSync(dirname(join(directory, path)), { recursive: true });
  writeFileSync(join(directory, path), content);
};

const overlayOf = (files: Record<string, string>): KustomizeOverlay => {
  Object.entries(files).forEach(([path, content]) => put(`own/${path}`, content));
  return KustomizeOverlay.directory(join(directory, 'own'));
};
const edited = (overlay: KustomizeOverlay): string => String(overlay.render('app').get('kustomization.yaml')?.content);

const PATCHES = `- patch: |
    $patch: delete
    apiVersion: v1
    kind: Namespace
    metadata:
      name: app
  target:
    kind: Namespace
    name: app
`;
const TRANSFORMERS = `transformers:
- |
  apiVersion: builtin
  kind: NamespaceTransformer
  metadata:
    name: namespace
    namespace: app
  setRoleBindingSubjects: allServiceAccounts
  unsetOnly: true
`;

describe('an overlay of yours', () => {
  it('keeps every character, and gets what it lacks at its end', () => {
    const text = `# Ours.\nresources:\n    - "../../base"   # the base\nlabels: [ {pairs: {a: b}} ]\n`;
    expect(edited(overlayOf({ 'kustomization.yaml': text }))).toBe(`${text}patches:\n${PATCHES}${TRANSFORMERS}`);
  });

  it('gets another item in a list of its own, with the indentation of that list', () => {
    const [before, after] = [
      'resources: [../../base]\npatches:\n  - path: a.yaml # ours\n',
      '# The end.\nnameSuffix: -x\n',
    ];
    const files = {
      'kustomization.yaml': before + after,
      'a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: own}\ndata: {a: c}\n',
    };
    const item = PATCHES.replace(/^(?=.)/gm, '  ');
    expect(edited(overlayOf(files))).toBe(`${before}${item}${after}${TRANSFORMERS}`);
  });

  const base = KustomizeBase.objects([
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'app' } },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'own' }, data: { a: 'b' } },
  ]);
  const own =
    'apiVersion: builtin\nkind: NamespaceTransformer\nmetadata: {name: namespace, namespace: app}\nunsetOnly: true\n';

  it.each<[string, string, Record<string, string>?]>([
    ['an empty list', 'resources: [../../base]\npatches: []\ntransformers: []\n'],
    ['lists without a value', 'resources: [../../base]\npatches:\ntransformers:\n'],
    [
      'a list in brackets',
      'resources: [../../base]\npatches: [{path: a.yaml}]\n',
      { 'a.yaml': '{apiVersion: v1, kind: ConfigMap, metadata: {name: own}, data: {a: c}}' },
    ],
    ['an alias', 'resources: [../../base]\nlabels: &none []\ntransformers: *none\n'],
    ['an anchor that is needed again', 'patches: &none []\nlabels: *none\nresources: [../../base]\n'],
    ['a second document', 'resources: [../../base]\n---\nresources: [nothing.yaml]\n'],
    ['a document that has an end', '---\nresources: [../../base]\n...\n'],
    ['bases', 'bases: [../../base]\n'],
    ['a path that goes round', 'resources: [./../../base/]\n'],
    ['an own transformer of the same name', 'resources: [../../base]\ntransformers: [own.yaml]\n', { 'own.yaml': own }],
    ['an empty namespace', 'resources: [../../base]\nnamespace: ""\n'],
    ['a namespace of its own', 'resources: [../../base]\nnamespace: app\n'],
    ['braces around all', '{resources: [../../base]}\n'],
    ['no line end at the end', 'resources: [../../base]'],
    ['a comment at the end', 'resources:\n- ../../base\n  # more\n# end'],
    ['line ends of Windows', 'resources:\r\n- ../../base\r\n'],
    ['a byte order mark', '\uFEFFresources:\n- ../../base\n'],
    [
      'a list in a list',
      'resources:\n-   ../../base\npatches:\n-   patch: |-\n      apiVersion: v1\n      kind: ConfigMap\n      metadata: {name: own}\n      data: {a: c}\n\n\nnamePrefix: ""\n',
    ],
  ])('is built by kustomize with %s', (_, text, files = {}) => {
    const overlay = overlayOf({ 'kustomization.yaml': text, ...files });
    for (const { path, content } of base.files) put(`systems/app/base/${path}`, content);
    for (const { path, content } of overlay.render('app')) put(`systems/app/overlays/one/${path}`, content);
    const built = execFileSync('kubectl', ['kustomize', join(directory, 'systems/app/overlays/one')], {
      stdio: 'pipe',
    });
    const objects = parseAllDocuments(built.toString()).map((document) => document.toJS());
    expect(objects.map(({ kind, metadata }) => [kind, metadata.namespace, metadata.name])).toEqual([
      ['ConfigMap', 'app', 'own'],
    ]);
  });
});
