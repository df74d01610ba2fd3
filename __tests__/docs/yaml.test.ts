import { join } from 'node:path';

import { FleetFileError, formatProblem, parseFleet } from '../../lib/model/fleet';
import { parseYamlDocuments } from '../../lib/model/manifest/yaml';
import { filesOf, fixtures, fleetFor, fleetOf } from './fleets';
import { type Block, blocksOf, pageOf } from './markdown';

/** What a block of YAML can be: one of its attributes says it. */
const kinds = ['fleet', 'part', 'refused', 'file', 'init'];

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

function problemsOf(action: () => unknown): readonly string[] {
  try {
    action();
    return [];
  } catch (error) {
    if (!(error instanceof FleetFileError)) throw error;
    return error.problems.map((problem) => formatProblem({ ...problem, file: 'fleet.yaml' }));
  }
}
