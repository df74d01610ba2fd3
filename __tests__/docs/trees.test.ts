import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { fleetFor, filesOf } from './fleets';
import { type Block, blocksOf, root } from './markdown';

/** What `flux bootstrap` writes itself; nothing of it is rendered. */
const BY_BOOTSTRAP = '/flux-system/gotk-components.yaml';

test.each(blocksOf('text', 'tree').map((block) => [block.at, block] as const))('the tree at %s is real', (_, block) => {
  const rendered = [...filesOf(fleetFor(block)).keys()];
  const shown = pathsOf(block);
  expect(shown.length).toBeGreaterThan(0);
  // Each directory that is shown with files is shown with all of them.
  const directories = new Set(shown.map(directoryOf));
  const expected = rendered.filter((path) => directories.has(directoryOf(path)));
  expect(shown.filter((path) => !path.endsWith(BY_BOOTSTRAP)).sort()).toEqual(expected.sort());
});

test.each(blocksOf('text', 'paths').map((block) => [block.at, block] as const))(
  'the paths at %s exist',
  (_, { text }) => {
    const paths = text.split('\n').map((line) => line.split(/\s/)[0]!);
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  },
);

function directoryOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

/** The paths of the files in a drawing. `<name>` stands for what the block's attribute `name` says. */
function pathsOf({ text, attributes }: Block): string[] {
  const stack: { readonly depth: number; readonly name: string }[] = [];
  return text.split('\n').flatMap((line) => {
    const [, indent = '', name = ''] = /^((?:[│ ] {3})*(?:[├└]── )?)(\S+)/.exec(line) ?? [];
    const depth = indent.length / 4;
    while ((stack.at(-1)?.depth ?? -1) >= depth) stack.pop();
    const path = [...stack.map((each) => each.name), name].join('');
    if (name.endsWith('/')) stack.push({ depth, name });
    return name === '' || name.endsWith('/')
      ? []
      : [path.replace(/<(\w+)>/g, (_, key: string) => attributes[key] ?? key)];
  });
}
