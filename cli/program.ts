import { Command, CommanderError } from 'commander';

import { EXIT_CODE_HELP, ExitCode } from './exit-code';
import { registerFluxManifests } from './flux-manifests';
import { packageManifest } from './package-manifest';
import { Terminal, type TerminalInput, type TerminalStream } from './terminal';

/** What the command runs with. */
export interface ProgramContext {
  /** For results. */
  readonly stdout: TerminalStream;
  /** For everything else. */
  readonly stderr: TerminalStream;
  /** Environment variables. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /**
   * Where answers come from.
   *
   * @default - nobody answers
   */
  readonly stdin?: TerminalInput;
}

const help = `${EXIT_CODE_HELP}

Examples:
  gitlab-flux init my-fleet                     a first project
  gitlab-flux validate                          is fleet.yaml right?
  gitlab-flux tree                              which files become of it, and who writes them?
  gitlab-flux render --out /tmp/fleet           the files themselves, without Terraform
  gitlab-flux show uni-dev fluentd              what a component on a cluster really gets
  gitlab-flux help render                       more about a command`;

/**
 * Runs `gitlab-flux`.
 *
 * @param args - the arguments, without node and script
 * @returns the exit code
 */
export async function runProgram(args: readonly string[], context: ProgramContext): Promise<number> {
  let exitCode: number = ExitCode.OK;
  const end = (code: number): void => {
    exitCode = code;
  };
  const terminal = new Terminal(context.stdout, context.stderr, context.environment, context.stdin);
  const program = new Command('gitlab-flux')
    .description('Clusters, the Flux that runs on them and their GitOps repository, from one file: fleet.yaml')
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
    })
    .version(packageManifest().version, '-V, --version', 'print the version of this program')
    // Commands have a --version of their own.
    .enablePositionalOptions()
    .addHelpText('after', help)
    .showHelpAfterError("(try 'gitlab-flux help')")
    .exitOverride();
  if (args[0] === 'flux-manifests') {
    // It takes no longer than the flux CLI, so it does not load the other commands, which would be half of the time.
    registerFluxManifests(program, terminal, end);
  } else {
    const { registerAll } = await import('./commands.js');
    registerAll(program, terminal, end);
  }
  const [command, of] = args;
  if (command === 'help' && of !== undefined && !program.commands.some((each) => each.name() === of)) {
    context.stderr.write(`error: unknown command '${of}'\n(try 'gitlab-flux help')\n`);
    return ExitCode.USAGE;
  }
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? ExitCode.OK : ExitCode.USAGE;
  }
  return exitCode;
}
