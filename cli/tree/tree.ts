import { type Command } from 'commander';

import { type FleetFile } from '../../lib/model/fleet';
import { FLEET_FILE, openFleet, stacksNamed } from '../fleet-command';
import { type CommonOptions, run } from '../run';
import { type Terminal } from '../terminal';
import { bootstrapFilesOf, WRITTEN_BY_BOOTSTRAP } from './bootstrap-file';
import { drawTree } from './draw-tree';

interface TreeOptions extends CommonOptions {
  readonly stack?: string;
}

const help = `
Beside each path stands the stack that writes it. No path is written by two. Where a component is on clusters that do not
name it themselves, a line below the tree says who put it there: 'on' is the component itself.

Examples:
  gitlab-flux tree
  gitlab-flux tree --stack dev-uni-dev
  gitlab-flux tree --json | jq -r '.files[] | select(.stack == "repository") | .path'`;

/** Adds the command `tree` to a program. */
export function registerTree(program: Command, terminal: Terminal, end: (code: number) => void): void {
  program
    .command('tree')
    .description('show the files of the GitOps repository, and which stack writes which')
    .argument('[file]', 'the fleet file', FLEET_FILE)
    .option('--stack <name>', 'only the files of one stack')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', help)
    .action(async (file: string, options: TreeOptions) =>
      end(await run(terminal, options, () => tree(terminal, file, options))),
    );
}

function tree(terminal: Terminal, file: string, options: TreeOptions): void {
  const { fleet, stacks } = openFleet(terminal, file);
  const chosen = stacksNamed(stacks, options.stack);
  const files = chosen.flatMap(({ stack, files: own }) =>
    [...own].map(({ path, policy }) => ({ path, stack, policy: policy ?? 'managed' })),
  );
  const added = chosen.flatMap(({ stack, files: own }) => bootstrapFilesOf(own.paths).map((path) => ({ path, stack })));
  const { path: project } = fleet.project;
  if (options.json === true) {
    terminal.printJson({
      project,
      files,
      writtenByBootstrap: added.map(({ path: each }) => each),
      placements: placementsOf(fleet),
    });
    return;
  }
  terminal.print(terminal.paint('heading', project));
  const lines = drawTree(
    [
      ...files.map((each) => ({ path: each.path, note: each.stack })),
      ...added.map((each) => ({ path: each.path, note: each.stack, mark: WRITTEN_BY_BOOTSTRAP })),
    ],
    (note) => terminal.paint(note === WRITTEN_BY_BOOTSTRAP ? 'note' : 'quiet', note),
  );
  lines.forEach((line) => terminal.print(line));
  if (options.stack === undefined) placementLines(fleet).forEach((line) => terminal.print(line));
}

/** Who put which component on which cluster: component, origin, clusters. */
type Placements = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

function placementsOf(fleet: FleetFile): Placements {
  const placements = new Map<string, Map<string, string[]>>();
  for (const { cluster } of fleet.clusters) {
    for (const [component, origins] of fleet.placementsOn(cluster.name)) {
      const ofComponent = placements.get(component) ?? new Map<string, string[]>();
      placements.set(component, ofComponent);
      for (const origin of origins) ofComponent.set(origin, [...(ofComponent.get(origin) ?? []), cluster.name]);
    }
  }
  return Object.fromEntries([...placements].map(([component, origins]) => [component, Object.fromEntries(origins)]));
}

/** What the file says cluster by cluster needs no words. */
function placementLines(fleet: FleetFile): readonly string[] {
  const own = new Set(fleet.clusters.map(({ cluster }) => `cluster ${cluster.name}`));
  return Object.entries(placementsOf(fleet)).flatMap(([component, origins]) => {
    const shared = Object.entries(origins).filter(([origin]) => !own.has(origin));
    const said = shared.map(([origin, on]) => `on ${on.join(', ')} by ${origin === 'on' ? "'on'" : origin}`);
    return said.length === 0 ? [] : [`${component}: ${said.join('; ')}`];
  });
}
