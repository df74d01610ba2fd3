// `gitlab-flux` with the command `push` alone: what a test's Terraform runs in place of the built command.
import { Command } from 'commander';

import { registerPush } from '../../cli/push/register-push';
import { Terminal } from '../../cli/terminal';

const program = new Command('gitlab-flux');
const terminal = new Terminal(process.stdout, process.stderr, process.env);
registerPush(program, terminal, (code) => {
  process.exitCode = code;
});
void program.parseAsync();
