import { type FleetFile, FleetFileError, type FleetProblem, formatProblem, loadFleet } from '../lib/model/fleet';
import { type StackFiles } from '../lib/model/definition/fleet-definition';
import { ValidationError } from '../lib/model/validation-error';
import { CommandError } from './command-error';
import { ExitCode } from './exit-code';
import { type Terminal } from './terminal';

/** The file that a command reads when none is named. */
export const FLEET_FILE = 'fleet.yaml';

/** Options that every command has. */
export interface CommonOptions {
  /**
   * Print JSON for programs.
   *
   * @default false
   */
  readonly json?: boolean;
}

/**
 * Does something, and says in the same way for every command why it could not be done.
 *
 * @param terminal - where to say it
 * @param options - the options of the command
 * @param action - what to do
 * @returns the exit code
 */
export function run(terminal: Terminal, options: CommonOptions, action: () => void): number {
  try {
    action();
    return ExitCode.OK;
  } catch (error) {
    const problems = problemsOf(error);
    if (options.json === true) {
      terminal.printJson({ problems });
    }
    for (const problem of problems) {
      const text = 'file' in problem ? formatProblem(problem) : problem.message;
      terminal.say(`${terminal.paint('bad', 'error:')} ${text}`);
    }
    return ExitCode.FAILED;
  }
}

/** A fleet and its files. */
export interface OpenFleet {
  /** The fleet. */
  readonly fleet: FleetFile;
  /** The files by the stack that writes them. */
  readonly stacks: readonly StackFiles[];
}

/**
 * Reads a fleet, with its files rendered once, so that what is wrong with it is found. Warnings are said.
 *
 * @param terminal - where to say them
 * @param file - path of the fleet file
 */
export function openFleet(terminal: Terminal, file: string): OpenFleet {
  const fleet = loadFleet(file);
  const stacks = fleet.files();
  for (const warning of fleet.warnings) {
    terminal.say(`${terminal.paint('note', 'warning:')} ${formatProblem(warning)}`);
  }
  return { fleet, stacks };
}

/**
 * The stack of a name, or all when there is no name.
 *
 * @param stacks - the stacks of a fleet
 * @param name - what `--stack` says
 * @throws CommandError when there is no such stack
 */
export function stacksNamed(stacks: readonly StackFiles[], name: string | undefined): readonly StackFiles[] {
  const chosen = name === undefined ? stacks : stacks.filter(({ stack }) => stack === name);
  if (chosen.length === 0) {
    throw new CommandError(`--stack: got "${name ?? ''}", want one of ${stacks.map(({ stack }) => stack).join(', ')}`);
  }
  return chosen;
}

function problemsOf(error: unknown): readonly (FleetProblem | { readonly message: string })[] {
  if (error instanceof FleetFileError) {
    return error.problems;
  }
  if (error instanceof CommandError || ValidationError.isValidationError(error)) {
    return [{ message: error.message }];
  }
  throw error;
}
