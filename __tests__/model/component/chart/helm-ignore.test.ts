import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { withoutIgnored } from '../../../../lib/model/component/chart/helm-ignore';
import { FileTree } from '../../../../lib/model/manifest/file-tree';
import { findProgram } from '../../../support/rig';

const CHART = 'apiVersion: v2\nname: probe\nversion: 1.0.0\n';
const PATHS = [
  'a.txt',
  'b.md',
  'a/b.txt',
  'a/a/c.md',
  'docs/a.txt',
  'docs/b[1].md',
  'x-1.tgz',
  'lib/x-1.txt',
  '.hidden',
];

const treeOf = (helmIgnore: string): FileTree =>
  FileTree.of([
    { path: 'Chart.yaml', content: CHART },
    { path: '.helmignore', content: helmIgnore },
    ...PATHS.map((path) => ({ path, content: 'x' })),
  ]);

const kept = (helmIgnore: string): readonly string[] =>
  withoutIgnored('chart', treeOf(helmIgnore)).paths.filter((path) => PATHS.includes(path));

describe('.helmignore', () => {
  const all = [...PATHS].sort();
  const but = (...paths: string[]): string[] => all.filter((path) => !paths.includes(path));

  it.each<[string, string[]]>([
    ['', all],
    ['# a.txt\n\n  \n', all],
    ['a.txt', but('a.txt', 'docs/a.txt')],
    ['/a.txt', but('a.txt')],
    ['  *.md  \r\n', but('b.md', 'a/a/c.md', 'docs/b[1].md')],
    ['a/', but('a/b.txt', 'a/a/c.md')],
    ['/a/*', but('a/b.txt', 'a/a/c.md')],
    ['a/*.txt', but('a/b.txt')],
    ['/x-*.tgz', but('x-1.tgz')],
    ['docs/b\\[[0-9]].md', but('docs/b[1].md')],
    ['[^a].md', but('b.md', 'a/a/c.md')],
    ['.*', but('.hidden')],
    ['?.txt\n!b.md', ['b.md']],
    ['\uFEFFb.md', but('b.md')],
  ])('%j keeps what Helm keeps', (text, expected) => {
    expect(kept(text)).toEqual(expected);
  });

  it.each(['a/**', '[', '[]', '[a', 'a\\', '[-a]', '[a-]'])('refuses %j, which Go cannot read', (text) => {
    expect(() => kept(text)).toThrow(/\.helmignore: got .*want/);
  });

  it('ignores hidden templates without being told', () => {
    const files = ['templates/.x.yaml', 'templates/x.yaml'].map((path) => ({ path, content: '' }));
    expect(withoutIgnored('chart', FileTree.of(files)).paths).toEqual(['templates/x.yaml']);
  });

  (findProgram('helm') ? it : it.skip)(
    'agrees with the real Helm, whatever the rules',
    () => {
      const directory = mkdtempSync(join(tmpdir(), 'helmignore-'));
      try {
        for (const { path, content } of treeOf('')) {
          mkdirSync(dirname(join(directory, path)), { recursive: true });
          writeFileSync(join(directory, path), content);
        }
        mkdirSync(join(directory, 'templates'));
        const template = '{{ range $path, $_ := .Files.Glob "**" }}\n- {{ $path | quote }}\n{{ end }}';
        writeFileSync(join(directory, 'templates/files.yaml'), `kind: Files\npaths:\n${template}`);
        const byHelm = (text: string): readonly string[] | 'refused' => {
          writeFileSync(join(directory, '.helmignore'), text);
          try {
            const options = { encoding: 'utf8' as const, stdio: 'pipe' as const };
            const output = execFileSync(findProgram('helm')!, ['template', 'x', directory], options);
            return [...output.matchAll(/^- "(.*)"$/gm)]
              .map(([, path]) => path!)
              .filter((path) => PATHS.includes(path))
              .sort();
          } catch {
            return 'refused';
          }
        };
        const byUs = (text: string): readonly string[] | 'refused' => {
          try {
            return kept(text);
          } catch {
            return 'refused';
          }
        };
        // What would take Chart.yaml or the probe itself away says nothing.
        const piece = fc.constantFrom(
          'a',
          'b',
          '.txt',
          '.md',
          '/',
          'docs',
          '*.md',
          '?',
          '[ab]',
          '[^x]',
          '[',
          '\\[',
          'x-*',
          '.',
          '1',
          '-',
        );
        const rule = fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join(''));
        fc.assert(
          fc.property(fc.array(rule, { minLength: 1, maxLength: 3 }), (rules) => {
            const text = `${rules.join('\n')}\n`;
            fc.pre(!rules.some((each) => /^[/?*.[\]^x]*$/.test(each)));
            // Helm overlooks some of the rules that it cannot read.
            const ours = byUs(text);
            if (ours !== 'refused') expect([text, ours]).toEqual([text, byHelm(text)]);
          }),
          { numRuns: 60, seed: 5 },
        );
      } finally {
        rmSync(directory, { recursive: true });
      }
    },
    60_000,
  );
});
