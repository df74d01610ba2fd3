import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'yaml';

import { FleetFileError, formatProblem, parseFleet } from '../../lib/model/fleet';
import { isKubernetesObject } from '../../lib/model/manifest/kubernetes-object';
import { parseYamlDocuments } from '../../lib/model/manifest/yaml';
import { filesOf, fixtures, fleetFor, fleetOf } from './fleets';
import { type Block, blocksOf, pageOf, root } from './markdown';

/** What a block of YAML can be; `kind` is the attribute that says it. */
const kinds = ['fleet', 'part', 'refused', 'file', 'yours', 'of'];

const named = (attribute: string): [string, Block][] => blocksOf('yaml', attribute).map((block) => [block.at, block]);

test('every YAML block says what it is', () => {
  const silent = blocksOf('yaml').filter(({ attributes }) => !kinds.some((kind) => kind in attributes));
  expect(silent.map(({ at }) => at)).toEqual([]);
});

describe.each([...named('fleet'), ...named('part')])('the fleet at %s', (_, block) => {
  test('loads without a warning, and renders', () => {
    const fleet = fleetOf(block);
    expect(fleet.warnings).toEqual([]);
    expect(fleet.files().length).toBeGreaterThan(1);
  });
});

test.each(named('refused'))('what is refused at %s is refused with the words that follow', (_, block) => {
  const { blocks } = pageOf(block);
  const answer = blocks[blocks.indexOf(block) + 1];
  expect(answer?.attributes).toHaveProperty('answer');
  const problems = problemsOf(() => parseFleet(block.text, { file: join(fixtures, 'fleet.yaml') }).files());
  expect(problems).toEqual(answer?.text.split('\n'));
});

test.each(named('file'))('the generated file at %s is what is generated', (_, block) => {
  const path = block.attributes['file']!;
  const file = filesOf(fleetFor(block)).get(path);
  expect(file).toBeDefined();
  expect(parseYamlDocuments(block.text, block.at)).toEqual(parseYamlDocuments(file!, path));
});

test.each(named('of'))('the excerpt at %s is in the file that it is of', (_, block) => {
  const path = block.attributes['of']!;
  expect(parse(readFileSync(join(root, path), 'utf8'))).toMatchObject(parse(block.text) as object);
});

test.each(named('yours'))('the file of the reader at %s holds Kubernetes objects or a kustomization', (_, block) => {
  for (const document of parseYamlDocuments(block.text, block.at)) {
    expect(isKubernetesObject(document) || (document as { kind?: string }).kind === 'Kustomization').toBe(true);
  }
});

function problemsOf(action: () => unknown): readonly string[] {
  try {
    action();
    return [];
  } catch (error) {
    if (!(error instanceof FleetFileError)) throw error;
    return error.problems.map((problem) => formatProblem({ ...problem, file: 'fleet.yaml' }));
  }
}
