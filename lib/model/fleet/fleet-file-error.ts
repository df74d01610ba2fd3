import { ValidationError } from '../validation-error';

/** A mistake in a fleet file. */
export interface FleetProblem {
  /** The file, as it was named. */
  readonly file: string;
  /** Line, from 1. */
  readonly line: number;
  /** Column, from 1. */
  readonly column: number;
  /** What is wrong there. */
  readonly message: string;
}

/** A fleet file with mistakes. Its message has one line for each: `fleet.yaml:12:5: …`. */
export class FleetFileError extends ValidationError {
  /** The mistakes, in the order of the file. */
  public readonly problems: readonly FleetProblem[];

  /**
   * @param file - the file, as it was named
   * @param problems - the mistakes, in any order
   */
  constructor(file: string, problems: readonly FleetProblem[]) {
    super({ at: file, want: 'a fleet file without mistakes' });
    this.name = 'FleetFileError';
    const byText = new Map(problems.map((problem) => [formatProblem(problem), problem]));
    this.problems = [...byText.values()].sort((a, b) => a.line - b.line || a.column - b.column);
    this.message = this.problems.map(formatProblem).join('\n');
    Error.captureStackTrace(this, FleetFileError);
  }
}

/**
 * A mistake as one line, in the form that editors and terminals make a link of.
 *
 * @param problem - the mistake
 */
export function formatProblem({ file, line, column, message }: FleetProblem): string {
  return `${file}:${line}:${column}: ${message}`;
}
