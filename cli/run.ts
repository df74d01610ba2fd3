import { FleetFileError, type FleetProblem, formatProblem } from '../lib/model/fleet/fleet-file-error';
import { ValidationError } from '../lib/model/validation-error';
import { CommandError } from './command-error';
import { ExitCode } from './exit-code';
import { type Terminal } from './terminal';

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
 * Does something, and says in the same way for every command why it could not be done. It loads nothing of the fleet
 * file, which would be half of the time that a command without one takes.
 *
 * @returns the exit code
 */
export async function run(terminal: Terminal, options: CommonOptions, action: () => unknown): Promise<number> {
  try {
    await action();
    return ExitCode.OK;
  } catch (error) {
    const problems = problemsOf(error);
    if (options.json === true) terminal.printJson({ problems });
    for (const problem of problems) {
      const text = 'file' in problem ? formatProblem(problem) : problem.message;
      terminal.say(`${terminal.paint('bad', 'error:')} ${text}`);
    }
    return ExitCode.FAILED;
  }
}

function problemsOf(error: unknown): readonly (FleetProblem | { readonly message: string })[] {
  if (error instanceof FleetFileError) return error.problems;
  if (error instanceof CommandError || ValidationError.isValidationError(error) || isOfTheSystem(error)) {
    return [{ message: error.message }];
  }

  throw error;
}

/** A file that cannot be read, a full disk: where in this program it was met helps nobody. */
function isOfTheSystem(error: unknown): error is NodeJS.ErrnoException {
  return typeof error === 'object' && error !== null && 'syscall' in error && 'code' in error;
}
