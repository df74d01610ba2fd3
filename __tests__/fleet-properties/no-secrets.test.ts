// Nothing that looks like a secret reaches Git: by validate, render, synth and deploy alike.
import { TerraformStack } from 'cdktf';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { GitLabProject } from '../../lib/constructs/repository/gitlab-project';
import { parseFleet } from '../../lib/model/fleet';
import { FileTree } from '../../lib/model/manifest/file-tree';
import { FleetStacks } from '../../stacks';
import { testApp } from '../support/template';

const token = ['glpat', 'aB3dE5fG7hJ9kL2mN4pQ'].join('-');
const rsaMark = ['-----BEGIN', 'RSA PRIVATE KEY-----'].join(' ');

const base: Readonly<Record<string, string>> = {
  'base/kustomization.yaml': 'resources: [settings.yaml]\n',
  'base/settings.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: { level: info }\n',
};
const fleetWith = (component: string): string => `project: { url: https://gitlab.example.com, path: platform/fleet }
environments: { dev: { flux: { version: v2.9.4 } } }
clusters:
  one: { environment: dev, connection: { kubeconfig: { context: one } }, components: [app] }
components:
  app:
    ${component}
`;
const kustomize = fleetWith('kustomize: { base: { directory: base } }');
const overlay = (line: string): string =>
  fleetWith(`kustomize:
      base: { directory: base }
      clusters:
        one:
          overlay:
            configMaps:
              - name: x
                data:
                  ${line}`);

describe('a fleet', () => {
  let directory: string;
  const read = (files: Readonly<Record<string, string>>, text: string) => {
    for (const [path, content] of Object.entries({ ...base, ...files })) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), content);
    }
    return parseFleet(text, { file: join(directory, 'fleet.yaml') });
  };

  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'no-secrets-'))));
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  test('with a token in its file is refused at the place of the token, without saying it', () => {
    const refused = (): unknown => read({}, overlay(`token: ${token}`));
    expect(refused).toThrow(/fleet\.yaml:15:26: got a GitLab token, want no secret/);
    expect(refused).not.toThrow(token);
  });

  test.each([
    ['.env', 'DB_PASSWORD=hunter2\n', 'base/.env:1 (a secret among environment variables)'],
    ['keys/id_rsa', 'any\n', 'base/keys/id_rsa:1 (a private key of SSH)'],
    ['config.yaml', `a: b\ntoken: ${token}\n`, 'base/config.yaml:2 (a GitLab token)'],
    ['tls.pem', `${rsaMark}\n${'aB3dE5fG7h'.repeat(6)}\n`, 'base/tls.pem:1 (a private key)'],
  ])('whose base holds %s is refused, also when no kustomization names it', (file, content, message) => {
    expect(() => read({ [`base/${file}`]: content }, kustomize)).toThrow(message);
  });

  test('whose chart holds a key is refused', () => {
    const chart = { 'chart/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n', 'chart/files/id_rsa': 'any\n' };
    expect(() => read(chart, fleetWith('helm: { chart: { local: { directory: chart } } }'))).toThrow(
      'chart/files/id_rsa:1 (a private key of SSH)',
    );
  });

  test('may hold what a comment says is none, in its file and where the text is copied to', () => {
    const fleet = read({}, overlay(`token: ${token} # secretlint-disable-line`));
    expect(fleet.files().flatMap(({ files }) => files.paths)).toContain('systems/app/overlays/one/config/x/token');
    expect(() => new FleetStacks(testApp(), fleet)).not.toThrow();
    expect(() => new FleetStacks(testApp(), { project: fleet.project, clusters: fleet.clusters })).toThrow(
      'config/x/token:1 (a GitLab token)',
    );
  });

  test('is delivered without what desktops, editors, Git and package managers leave behind', () => {
    const left = ['.DS_Store', 'node_modules/x/.env', '.git/config', '.settings.yaml.swp', 'settings.yaml~', '#x#'];
    const files = Object.fromEntries(left.map((path) => [`base/${path}`, 'PASSWORD=hunter2\n']));
    const paths = read(files, kustomize)
      .files()
      .flatMap(({ files: tree }) => tree.paths);
    expect(paths.filter((path) => path.startsWith('systems/app/base'))).toEqual([
      'systems/app/base/kustomization.yaml',
      'systems/app/base/settings.yaml',
    ]);
  });
});

test('a program that writes a secret is refused', () => {
  const stack = new TerraformStack(testApp(), 'dev');
  const project = GitLabProject.fromPath(stack, 'Project', {
    path: 'platform/fleet',
    url: 'https://gitlab.example.com',
  });
  const write = (): unknown => project.write(stack, FileTree.of([{ path: 'a.yaml', content: `x: ${token}\n` }]));
  expect(write).toThrow('dev: files: got "a.yaml:1 (a GitLab token)", want no secret');
});
