import { type Command } from 'commander';

import { type CommonOptions, FLEET_FILE, openFleet, run } from './fleet-command';
import { type Terminal } from './terminal';

const help = `
Everything is checked that can be known without GitLab and without a cluster: the file itself, the directories that it
names, and the files that would be written. Each mistake is a line 'file:line:column: …'.

Examples:
  gitlab-flux validate
  gitlab-flux validate fleets/eu/fleet.yaml --json`;

/**
 * Adds the command `validate` to a program.
 *
 * @param program - the program
 * @param terminal - where to write
 * @param end - is told the exit code
 */
export function registerValidate(program: Command, terminal: Terminal, end: (code: number) => void): void {
  program
    .command('validate')
    .description('check a fleet file, and everything that would be written for it')
    .argument('[file]', 'the fleet file', FLEET_FILE)
    .option('--json', 'print the result as JSON')
    .addHelpText('after', help)
    .action((file: string, options: CommonOptions) =>
      end(run(terminal, options, () => validate(terminal, file, options))),
    );
}

function validate(terminal: Terminal, file: string, options: CommonOptions): void {
  const { fleet, stacks } = openFleet(terminal, file);
  const clusters = fleet.clusters.map(({ cluster }) => cluster.name);
  const components = [
    ...new Set(fleet.clusters.flatMap(({ cluster }) => cluster.components.map(({ name }) => name))),
  ].sort();
  const files = stacks.reduce((sum, stack) => sum + stack.files.size, 0);
  if (options.json === true) {
    const { warnings } = fleet;
    terminal.printJson({
      valid: true,
      file,
      clusters,
      components,
      stacks: stacks.map(({ stack }) => stack),
      files,
      warnings,
    });
  } else {
    const counts = `${count(clusters, 'cluster')}, ${count(components, 'component')}, ${files} files`;
    terminal.print(`${terminal.paint('good', '✓')} ${file}: ${counts}`);
  }
}

function count(things: readonly unknown[], name: string): string {
  return `${things.length} ${name}${things.length === 1 ? '' : 's'}`;
}
