import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { artifactOf } from '../../lib/build/source-ignore';
import { FileTree } from '../../lib/model/manifest/file-tree';
import { describeWithRig, findProgram } from '../support/rig';

const FILES: Readonly<Record<string, string>> = {
  'systems/web/base/kustomization.yaml': '',
  'systems/web/base/logo.png': '',
  'systems/web/base/LOGO.PNG': '',
  'systems/web/base/kept/logo.png': '',
  'systems/web/base/kept/.sourceignore': '# pictures are content here\n!*.png\n/secret\n',
  'systems/web/base/kept/secret/a.yaml': '',
  'systems/web/base/kept/deep/secret/a.yaml': '',
  'systems/web/base/data.tar.gz': '',
  'systems/web/base/pictures.png/readme.md': '',
  'systems/web/base/.gitlab-ci.yml': '',
  'systems/web/base/.sops.yaml': '',
  'systems/web/.github/workflows/a.yaml': '',
  'clusters/one/a.yaml': '',
};
const tree = FileTree.of(Object.entries(FILES).map(([path, content]) => ({ path, content })));

test('what source-controller leaves out of an artifact is left out, with the pattern that says so', () => {
  expect(artifactOf(tree).omitted).toEqual([
    { path: 'systems/web/.github/workflows/a.yaml', pattern: '.github/' },
    { path: 'systems/web/base/.gitlab-ci.yml', pattern: '.gitlab-ci.yml' },
    { path: 'systems/web/base/.sops.yaml', pattern: '**/.sops.yaml' },
    { path: 'systems/web/base/data.tar.gz', pattern: '*.tar.gz' },
    { path: 'systems/web/base/kept/secret/a.yaml', pattern: '/secret' },
    { path: 'systems/web/base/logo.png', pattern: '*.png' },
    { path: 'systems/web/base/pictures.png/readme.md', pattern: '*.png' },
  ]);
});

test.each([
  ['/*\n!/clusters', ['clusters/one/a.yaml']],
  ['systems/', ['clusters/one/a.yaml']],
  ['**/base/kept/**', tree.paths.filter((path) => !path.includes('/kept/'))],
  ['!*.png', [...tree.paths]],
  // Neither is a pattern that Go can read.
  ['[', [...tree.paths]],
  ['sys**/web', [...tree.paths]],
])('spec.ignore %j keeps what is left', (ignore, kept) => {
  const files = artifactOf(tree, ignore).files.map(({ path }) => path);
  const always = artifactOf(tree).files.map(({ path }) => path);
  const pictures = ignore === '!*.png' ? tree.paths.filter((path) => path.includes('.png')) : [];
  expect(files).toEqual(kept.filter((path) => always.includes(path) || pictures.includes(path)).sort());
});

describeWithRig(
  'source-controller',
  () => {
    it('leaves out the same', () => {
      const directory = mkdtempSync(join(tmpdir(), 'source-ignore-'));
      for (const [path, content] of Object.entries(FILES)) {
        mkdirSync(dirname(join(directory, 'in', path)), { recursive: true });
        writeFileSync(join(directory, 'in', path), content);
      }
      // The CLI has patterns of its own in place of the defaults, unless it is given others.
      const flux = findProgram('flux') ?? '';
      const archive = join(directory, 'artifact.tgz');
      const defaults =
        '.git/,.gitignore,.gitmodules,.gitattributes,*.jpg,*.jpeg,*.gif,*.png,*.wmv,*.flv,*.tar.gz,*.zip,.github/,.gitlab-ci.yml,**/.sops.yaml';
      const args = ['build', 'artifact', '--path', join(directory, 'in'), '--output', archive];
      execFileSync(flux, [...args, '--ignore-paths', defaults], { stdio: 'pipe' });
      const lines = execFileSync('tar', ['-tvzf', archive], { encoding: 'utf8' }).split('\n');
      rmSync(directory, { recursive: true });
      const files = lines.flatMap((line) => /^-.*? \.?\/?([^ ]+)$/.exec(line)?.[1] ?? []);
      // Without `.sourceignore`, which the CLI reads only for the directory that it is in.
      const bare = FileTree.of([...tree].filter(({ path }) => !path.endsWith('.sourceignore')));
      const own = artifactOf(bare).files.map(({ path }) => path);
      expect(files.filter((path) => !path.endsWith('.sourceignore')).sort()).toEqual(own);
    });
  },
  [{ program: 'flux' }],
);
