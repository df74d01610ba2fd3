import { type Command } from 'commander';

import { FileTree } from '../../lib/model/manifest/file-tree';
import { FLEET_FILE, openFleet, stacksNamed } from '../fleet-command';
import { type CommonOptions, run } from '../run';
import { type Terminal } from '../terminal';
import { writeTree } from './write-tree';

interface RenderOptions extends CommonOptions {
  readonly out: string;
  readonly stack?: string;
}

const help = `
What is written is what 'cdktf deploy' brings to GitLab, without Terraform. 'flux bootstrap' adds
clusters/<cluster>/flux-system/gotk-components.yaml itself.

The directory is written as a whole or not at all. It may exist when it is empty or holds an earlier render; files of
the earlier render that are no longer wanted are removed.

Examples:
  gitlab-flux render --out /tmp/fleet
  gitlab-flux render --out /tmp/uni-dev --stack dev-uni-dev
  gitlab-flux render --out after && diff -r before after
  kubectl kustomize /tmp/fleet/systems/fluentd/overlays/uni-dev`;

/** Adds the command `render` to a program. */
export function registerRender(program: Command, terminal: Terminal, end: (code: number) => void): void {
  program
    .command('render')
    .description('write the files of the GitOps repository into a directory')
    .argument('[file]', 'the fleet file', FLEET_FILE)
    .requiredOption('-o, --out <directory>', 'the directory')
    .option('--stack <name>', 'only the files of one stack, for example dev-uni-dev')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', help)
    .action(async (file: string, options: RenderOptions) =>
      end(await run(terminal, options, () => render(terminal, file, options))),
    );
}

function render(terminal: Terminal, file: string, options: RenderOptions): void {
  const { stacks } = openFleet(terminal, file);
  const tree = FileTree.merge(stacksNamed(stacks, options.stack).map(({ files }) => files));
  const changes = writeTree(options.out, tree);
  if (options.json === true) terminal.printJson({ directory: options.out, files: tree.paths, ...changes });
  else {
    const { added, changed, removed } = changes;
    const counts = `${added.length} new, ${changed.length} changed, ${removed.length} removed`;
    terminal.print(`${terminal.paint('good', '✓')} ${options.out}: ${tree.size} files (${counts})`);
  }
}
