import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { filesOf, synthesizeElsewhere } from '../support/outdir';

const base = realpathSync(mkdtempSync(join(tmpdir(), 'determinism-')));
afterAll(() => rmSync(base, { recursive: true, force: true }));

function outdirOf(name: string, env: Record<string, string>, umask?: string): Readonly<Record<string, string>> {
  const cwd = join(base, name);
  mkdirSync(cwd, { recursive: true });
  synthesizeElsewhere({ cwd, args: ['example', 'commit'], env, umask });
  return filesOf(join(cwd, 'cdktf.out'));
}

test('working directory, time zone, locale, home, umask and time change no byte of what is written', () => {
  const here = outdirOf('a', { TZ: 'UTC', LANG: 'C', LC_ALL: 'C' });
  const there = outdirOf(
    'another/deep directory',
    {
      TZ: 'Pacific/Apia',
      LANG: 'tr_TR.UTF-8',
      LC_ALL: 'tr_TR.UTF-8',
      HOME: base,
      USER: 'other',
      GITLAB_TOKEN: 'other',
    },
    '077',
  );
  expect(Object.keys(there)).toEqual(Object.keys(here));
  expect(Object.keys(here)).toEqual(
    expect.arrayContaining(['manifest.json', 'stacks/repository/cdk.tf.json', 'stacks/dev-uni-dev/cdk.tf.json']),
  );
  for (const [path, content] of Object.entries(here)) expect([path, there[path]]).toEqual([path, content]);
  expect(JSON.stringify(here)).not.toContain(base);
}, 60_000);
