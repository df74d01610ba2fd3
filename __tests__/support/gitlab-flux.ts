// `gitlab-flux` with the command `push` alone: what a test's Terraform runs in place of the built command.
import { Command } from 'commander';
import { registerPush } from '../../cli/push/register-push';

const program = new Command('gitlab-flux');
registerPush(program);
void program.parseAsync();
