import { type Command, Option } from 'commander';

import { fleetJsonSchema, type FleetFileKind } from '../lib/model/fleet';
import { ExitCode } from './exit-code';
import { type Terminal } from './terminal';

const help = `
Editors use it by the first line of the file:
  # yaml-language-server: $schema=./schema/fleet.schema.json

Examples:
  gitlab-flux schema > schema/fleet.schema.json
  gitlab-flux schema --kind class > schema/class.schema.json`;

const KINDS: readonly FleetFileKind[] = ['fleet', 'cluster', 'component', 'class'];

/** Adds the command `schema` to a program. */
export function registerSchema(program: Command, terminal: Terminal, end: (code: number) => void): void {
  program
    .command('schema')
    .description('print the JSON Schema of fleet files, for editors and portals')
    .addOption(
      new Option('--kind <kind>', 'a whole file, or a file with one entry of it').choices(KINDS).default('fleet'),
    )
    .option('--json', 'as always: the schema is JSON')
    .addHelpText('after', help)
    .action(({ kind }: { readonly kind: FleetFileKind }) => {
      terminal.printJson(fleetJsonSchema(kind));
      end(ExitCode.OK);
    });
}
