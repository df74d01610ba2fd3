import { ValidationError } from '../lib/model/validation-error';
import { CommandError } from './command-error';
import { ExitCode } from './exit-code';
import { type Terminal } from './terminal';

/**
 * Does something that needs no fleet file, and says why it could not be done. It loads nothing of the fleet file, which
 * would be half of the time that such a command takes.
 *
 * @param terminal - where to say it
 * @param json - whether programs read the result
 * @param action - what to do
 * @returns the exit code
 */
export async function attempt(terminal: Terminal, json: boolean, action: () => Promise<void> | void): Promise<number> {
  try {
    await action();
    return ExitCode.OK;
  } catch (error) {
    if (!(error instanceof CommandError) && !ValidationError.isValidationError(error)) {
      throw error;
    }
    if (json) {
      terminal.printJson({ problems: [{ message: error.message }] });
    }
    terminal.say(`${terminal.paint('bad', 'error:')} ${error.message}`);
    return ExitCode.FAILED;
  }
}
