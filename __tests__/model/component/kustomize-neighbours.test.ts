import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { KustomizeBase } from '../../../lib/model/component/kustomize-base';
import { KustomizeComponent } from '../../../lib/model/component/kustomize-component';

let project: string;
beforeEach(() => (project = mkdtempSync(join(tmpdir(), 'neighbours-'))));
afterEach(() => rmSync(project, { recursive: true }));

const put = (files: Readonly<Record<string, string>>): void => {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), content);
  }
};
const kubectl = (directory: string): string =>
  execFileSync('kubectl', ['kustomize', '--load-restrictor', 'LoadRestrictionsNone', join(project, directory)], {
    encoding: 'utf8',
  });
const settings = (name: string): string => `{apiVersion: v1, kind: ConfigMap, metadata: {name: ${name}}, data: {a: b}}`;
const baseOf = (directory: string): KustomizeBase => KustomizeBase.directory(directory, { relativeTo: project });

/** Delivers the base and builds the overlay of a cluster, and the directory itself, with its namespace. */
const bothBuilds = (directory: string): readonly [string, string] => {
  const component = new KustomizeComponent({ name: 'app', namespace: 'apps', base: baseOf(directory) });
  for (const files of [component.sharedFiles(), component.clusterFiles({ name: 'c', environment: 'e' })]) {
    [...files].forEach(({ path, content }) => put({ [`delivered/${path}`]: String(content) }));
  }
  return [kubectl('delivered/overlays/c'), kubectl(directory)];
};

describe('a base that names what lies beside it', () => {
  beforeEach(() =>
    put({
      'apps/base/app/kustomization.yaml': 'resources: [settings.yaml]\nnamespace: apps\n',
      'apps/base/app/settings.yaml': settings('app'),
      'apps/base/app/README.md': 'nobody names it',
      'apps/prod/app/kustomization.yaml':
        'resources: [../../base/app]\ncomponents: [../../../shared/tls]\npatches: [{path: ../patch.yaml}]\n',
      'apps/prod/patch.yaml': '{apiVersion: v1, kind: ConfigMap, metadata: {name: app, namespace: apps}, data: {c: d}}',
      'apps/prod/other/kustomization.yaml': 'resources: []',
      'shared/tls/kustomization.yaml':
        'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnamespace: apps\nconfigMapGenerator: [{name: tls, files: [../ca.txt]}]\n',
      'shared/ca.txt': 'an authority',
    }),
  );

  it('is delivered with all of it and nothing else, behind a kustomization of its own', () => {
    const base = baseOf('apps/prod/app');
    expect(base.files.paths).toEqual([
      'apps/base/app/kustomization.yaml',
      'apps/base/app/settings.yaml',
      'apps/prod/app/kustomization.yaml',
      'apps/prod/patch.yaml',
      'kustomization.yaml',
      'shared/ca.txt',
      'shared/tls/kustomization.yaml',
    ]);
    expect(base.files.get('kustomization.yaml')?.content).toMatch(/resources:\n- apps\/prod\/app\n$/);
    expect(base.root).toBe('.');
  });

  it('is built as where it comes from', () => {
    const [delivered, original] = bothBuilds('apps/prod/app');
    expect(delivered).toBe(original);
    expect(delivered).toContain('c: d');
    expect(delivered).toContain('name: tls-');
  });

  it('goes on without its neighbours as it was', () => {
    expect(baseOf('apps/base/app').files.paths).toEqual(['README.md', 'kustomization.yaml', 'settings.yaml']);
  });

  it('cannot name a directory that it lies in: kustomize takes that for a cycle', () => {
    put({ 'apps/kustomization.yaml': 'resources: []', 'apps/base/app/kustomization.yaml': 'resources: [../..]' });
    expect(() => baseOf('apps/base/app')).toThrow(/got "\.\.\/\.\.", want a path that exists/);
  });

  it('says mistakes beside it by their own names', () => {
    put({ 'shared/tls/kustomization.yaml': 'kind: Component\nresources: [nothing.yaml]' });
    expect(() => baseOf('apps/prod/app')).toThrow(
      'kustomize base: directory: shared/tls/kustomization.yaml: got "nothing.yaml", want a file or directory that exists',
    );
  });

  it('is refused when a Secret beside it is in plain text', () => {
    put({
      'apps/base/app/settings.yaml': '{apiVersion: v1, kind: Secret, metadata: {name: app}, stringData: {p: canary}}',
    });
    expect(() => new KustomizeComponent({ name: 'app', base: baseOf('apps/prod/app') })).toThrow(
      /apps\/base\/app\/settings\.yaml: got "Secret app in plain text"/,
    );
    put({ 'apps/base/app/settings.yaml': settings('app'), 'shared/ca.txt': `glpat-${'x1Y2z3W4v5'.repeat(2)}` });
    expect(() => baseOf('apps/prod/app')).toThrow(/shared\/ca\.txt:1 \(.*token/);
  });
});

describe('what lies beside a base', () => {
  it.each([
    ['does not exist', '../nothing'],
    ['has no kustomization.yaml', '../empty'],
    ['is left behind by programs', '../node_modules/a.yaml'],
    ['lies beyond the project', '../../../../../../../../../../etc/hostname'],
    ['is a link beyond the project', '../link'],
  ])('%s: refused', (_, reference) => {
    put({
      'apps/app/kustomization.yaml': `resources: [${reference}]`,
      'apps/empty/README.md': 'x',
      'apps/node_modules/a.yaml': settings('a'),
    });
    symlinkSync('/etc/hostname', join(project, 'apps/link'));
    expect(() => baseOf('apps/app')).toThrow(
      `got ${JSON.stringify(reference)}, want a path that exists, within or beside apps/app: only that is delivered`,
    );
  });

  it('is not looked for where the base and the project have no directory in common', () => {
    put({ 'app/kustomization.yaml': 'resources: [../a.yaml]', 'a.yaml': settings('a') });
    expect(() => KustomizeBase.directory(join(project, 'app'), { relativeTo: '/usr/lib' })).toThrow(
      /got "\.\.\/a\.yaml"/,
    );
  });
});
