import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { pages, root } from './markdown';

/** Where messages come from. */
const sources = ['charts', 'scripts', 'lib', 'stacks', 'cli']
  .flatMap((directory) => filesBelow(directory))
  .map((path) => readFileSync(join(root, path), 'utf8'));

const messages = pages.flatMap(({ path, prose }) =>
  [...prose.matchAll(/^<!-- messages -->\n\n((?:\|.*\n)+)/gm)].flatMap(([, table = '']) =>
    table
      .split('\n')
      .slice(2, -1)
      .map((row) => [path, /^\| `([^`]+)` *\|/.exec(row)?.[1] ?? row] as const),
  ),
);

test('a page has messages', () => {
  expect(messages.length).toBeGreaterThan(5);
});

test.each(messages)('%s: "%s" is said somewhere', (_, message) => {
  const parts = message.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const pattern = new RegExp(parts.join('.+'));
  expect(sources.some((text) => pattern.test(text))).toBe(true);
});

function filesBelow(directory: string): readonly string[] {
  return readdirSync(join(root, directory), { recursive: true, encoding: 'utf8' })
    .map((path) => join(directory, path))
    .filter((path) => statSync(join(root, path)).isFile());
}
