import { WORK_DIRECTORY } from '../../lib/model/pipeline/plan/parent-pipeline';
import { renderReview } from '../../lib/model/pipeline/plan/review';
import { type Terminal } from '../terminal';
import { writeNote } from './note';
import { readReports, writeWorkFile } from './work-files';

/** Options of a review. */
export interface ReviewOptions {
  /** How many stacks there are in all. */
  readonly stacks: number;
  /** Number of this review among those of the merge request. */
  readonly part: number;
  /** Stacks that the program no longer has. */
  readonly removed?: readonly string[];
  /**
   * Whether to write a note.
   *
   * @default false
   */
  readonly note?: boolean;
}

/**
 * Says what a merge request changes, from the reports of its plan jobs.
 *
 * @param options - the stacks, and whether to write a note
 * @param terminal - `print` gets the review, `say` what was done with it
 */
export async function review(
  options: ReviewOptions,
  environment: NodeJS.ProcessEnv,
  terminal: Pick<Terminal, 'print' | 'say'>,
): Promise<void> {
  const { stacks, removed = [], part } = options;
  const reports = readReports();
  const text = renderReview({ reports, stacks, removed, commit: environment['CI_COMMIT_SHA'] });
  writeWorkFile(`${WORK_DIRECTORY}/review.md`, text);
  terminal.print(text.trimEnd());
  if (options.note === true) {
    const worthSaying = reports.length > 0 || removed.length > 0;
    terminal.say(`note: ${await writeNote({ part, text, worthSaying }, environment)}`);
  }
}
