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
  /**
   * The clusters on which it is wrong, where the place does not say it.
   *
   * @default - the place says it
   */
  readonly clusters?: readonly string[];
}

/** A fleet file with mistakes. Its message has one line for each: `fleet.yaml:12:5: …`. */
export class FleetFileError extends ValidationError {
  /** The mistakes, in the order of the file. */
  public readonly problems: readonly FleetProblem[];

  /** @param file - the file, as it was named */
  constructor(file: string, problems: readonly FleetProblem[]) {
    super({ at: file, want: 'a fleet file without mistakes' });
    this.name = 'FleetFileError';
    const files = [...new Set([file, ...problems.map((each) => each.file).sort()])];
    this.problems = merged(problems).sort(
      (a, b) => files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line || a.column - b.column,
    );
    this.message = this.problems.map(formatProblem).join('\n');
    Error.captureStackTrace(this, FleetFileError);
  }
}

/** A mistake as one line, in the form that editors and terminals make a link of. */
export function formatProblem({ file, line, column, message, clusters = [] }: FleetProblem): string {
  return `${file}:${line}:${column}: ${message}${clusters.length === 0 ? '' : ` (on ${clusters.join(', ')})`}`;
}

/** One mistake is one problem, also when several clusters have it. */
function merged(problems: readonly FleetProblem[]): FleetProblem[] {
  const byText = new Map<string, FleetProblem>();
  for (const { clusters, ...problem } of problems) {
    const text = formatProblem(problem);
    const all = [...new Set([...(byText.get(text)?.clusters ?? []), ...(clusters ?? [])])];
    byText.set(text, all.length === 0 ? problem : { ...problem, clusters: all });
  }
  return [...byText.values()];
}
