import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { anchorsOf, linksOf, pages, root } from './markdown';

const links = pages.flatMap(linksOf);

test.each(links.map((link) => [`${link.at} → ${link.target}`, link] as const))('%s leads somewhere', (_, link) => {
  expect(existsSync(join(root, link.path))).toBe(true);
  const page = pages.find(({ path }) => path === link.path);
  if (link.anchor !== undefined) expect(page && anchorsOf(page)).toContain(link.anchor);
});

test('every page can be reached from README.md', () => {
  const reached = new Set(['README.md']);
  for (const path of reached) {
    const page = pages.find((each) => each.path === path);
    for (const link of page === undefined ? [] : linksOf(page)) reached.add(link.path);
  }
  expect(pages.map(({ path }) => path).filter((path) => !reached.has(path))).toEqual([]);
});

test('npm publishes the pages that stand at the top', () => {
  const { files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { files: string[] };
  expect(files).toEqual(expect.arrayContaining(['README.md', 'CHANGELOG.md', 'LICENSE']));
});

test('links of pages that npm publishes lead to what it publishes', () => {
  const { files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { files: string[] };
  const isPublished = (path: string) => files.some((file) => path === file || path.startsWith(`${file}/`));
  const published = pages.filter(({ path }) => path.startsWith('docs/'));
  expect(published.flatMap(linksOf).filter(({ path }) => !isPublished(path) && path !== 'docs')).toEqual([]);
});

test.each([
  ['a path of one machine', /(?<![\w.@-])\/(work|root|home|tmp|Users)\b/],
  ['a host of a package registry', /registry\.(npmjs|yarnpkg)|npm\.pkg|proxy\.golang|pypi\.org|artifactory|nexus/i],
  ['an address on one machine', /\b(localhost|127\.0\.0\.1|10\.\d+\.\d+\.\d+|192\.168\.)/],
  ['a note to oneself', /\b(TODO|FIXME|TBD|XXX)\b/],
  ['the word "simply" and its like', /\b(simply|obviously|of course|blazing|seamless)/i],
])('no page holds %s', (_, pattern) => {
  const found = pages.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line}`] : [])),
  );
  expect(found).toEqual([]);
});

test('every block says what it is, so that it is tested', () => {
  const languages = ['ts', 'yaml', 'bash', 'text', 'json', 'jsonc', 'mermaid'];
  const unknown = pages.flatMap(({ blocks }) => blocks.filter(({ language }) => !languages.includes(language)));
  expect(unknown.map(({ at, language }) => `${at}: ${language}`)).toEqual([]);
});

test('JSON is JSON', () => {
  for (const block of pages.flatMap(({ blocks }) => blocks).filter(({ language }) => language === 'json')) {
    expect(() => JSON.parse(block.text) as unknown).not.toThrow();
  }
});
