import { type Command } from 'commander';

import { FLEET_FILE, openFleet, stacksNamed } from '../fleet-command';
import { type CommonOptions, run } from '../run';
import { type Terminal } from '../terminal';
import { bootstrapFilesOf, WRITTEN_BY_BOOTSTRAP } from './bootstrap-file';
import { drawTree } from './draw-tree';

interface TreeOptions extends CommonOptions {
  readonly stack?: string;
}

const help = `
Beside each path stands the stack that writes it. No path is written by two.

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
    terminal.printJson({ project, files, writtenByBootstrap: added.map(({ path: each }) => each) });
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
}
