import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runProgram } from '../../cli/program';
import { blocksOf, pages } from './markdown';

const CALL = /^npx cdktf-gitlab-flux init \S+ (--.*)$/m;

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'gitlab-flux-docs-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

async function init(...flags: readonly string[]): Promise<void> {
  const silent = { write: () => undefined };
  const code = await runProgram(['init', directory, ...flags], { stdout: silent, stderr: silent, environment: {} });
  expect(code).toBe(0);
}

const textOf = (path: string) => readFileSync(join(directory, path), 'utf8');

test('what the tutorial shows is what its command writes', async () => {
  const shown = blocksOf('yaml', 'init');
  const tutorial = pages.find(({ path }) => path === 'docs/tutorial.md')!;
  const [, flags = ''] = CALL.exec(tutorial.text)!;
  await init(...flags.split(' '));
  expect(shown.length).toBeGreaterThan(0);
  for (const { attributes, text } of shown) expect(textOf(attributes['init']!)).toContain(`${text}\n`);
});

test('the lines for CDK Terrain are those that init writes', async () => {
  await init('--project', 'platform/fleet', '--cluster', 'uni-dev', '--cdktn');
  const lines = blocksOf('json').find(({ at, text }) => at.startsWith('README.md') && text.includes('cdktn'))!;
  expect(JSON.parse(textOf('package.json'))).toMatchObject(JSON.parse(lines.text) as object);
});
