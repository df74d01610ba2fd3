import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';

import { runProgram } from '../../cli/program';
import { fixtures, fleetAbove } from './fleets';
import { blocksOf } from './markdown';

const directory = mkdtempSync(join(tmpdir(), 'validate-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test.each(blocksOf('text', 'validate').map((block) => [block.at, block] as const))(
  'what gitlab-flux validate says at %s is what it says of such a fleet',
  async (_, block) => {
    const { spokes, components } = block.attributes;
    cpSync(fixtures, directory, { recursive: true });
    const file = join(directory, 'fleet.yaml');
    writeFileSync(
      file,
      stringify(grown(fleetAbove(block).text, Number(spokes), Number(components)), { aliasDuplicateObjects: false }),
    );
    let said = '';
    const write = (part: string): void => void (said += part);
    await runProgram(['validate', file, '--build', 'never'], { stdout: { write }, stderr: { write }, environment: {} });
    expect(said.replaceAll(`${directory}/`, '').trimEnd()).toBe(block.text);
  },
  120_000,
);

/** A fleet with one hub, one spoke and one component, with more spokes and more components like these. */
function grown(text: string, spokes: number, components: number): object {
  const fleet = parse(text);
  const [[hubName, hub], [spokeName, spoke]] = Object.entries<object>(fleet.clusters) as any;
  const [[componentName, component]] = Object.entries<object>(fleet.components) as any;
  const many = (count: number, name: string, value: (name: string) => object): Record<string, any> =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`${name}-${index}`, value(`${name}-${index}`)]));
  const all = many(components, componentName, () => component);
  const clusters = many(spokes, spokeName, (context) => ({
    ...spoke,
    connection: { kubeconfig: { context } },
    components: Object.keys(all),
  }));
  return { ...fleet, components: all, clusters: { [hubName]: hub, ...clusters } };
}
