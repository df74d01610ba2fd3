import { type Command } from 'commander';

import { fleetJsonSchema } from '../lib/model/fleet';
import { ExitCode } from './exit-code';
import { type Terminal } from './terminal';

const help = `
Editors use it by the first line of the file:
  # yaml-language-server: $schema=./schema/fleet.schema.json

Examples:
  gitlab-flux schema > schema/fleet.schema.json`;

/** Adds the command `schema` to a program. */
export function registerSchema(program: Command, terminal: Terminal, end: (code: number) => void): void {
  program
    .command('schema')
    .description('print the JSON Schema of fleet files, for editors and portals')
    .option('--json', 'as always: the schema is JSON')
    .addHelpText('after', help)
    .action(() => {
      terminal.printJson(fleetJsonSchema());
      end(ExitCode.OK);
    });
}
