import { type Backoff } from './backoff';
import { GitLabError } from './gitlab-error';

/** One attempt at something that begins with reading. */
export interface Attempt {
  /** Its number, from 1. */
  readonly number: number;
  /**
   * Says what was read, so that an attempt that GitLab refused is repeated only if that has changed since.
   *
   * @param state - the same for the same state
   * @throws GitLabError with the refusal, when nothing has changed
   */
  readonly read: (state: string) => void;
}

/** How to go on after a failed attempt. */
export interface AttemptsProps {
  /** How long to wait between attempts. */
  readonly backoff: Backoff;
  /** Whether an error was dealt with, so that the next attempt may follow at once. */
  readonly remedy: (error: GitLabError) => boolean;
}

/**
 * Repeats something until GitLab takes it: after races, when it is busy and when an answer was lost. Each attempt reads
 * again, so what arrived in the meantime is not done twice.
 *
 * @throws the error of an attempt that is not worth repeating, or of the last one
 */
export async function attempts<T>(props: AttemptsProps, work: (attempt: Attempt) => Promise<T>): Promise<T> {
  let refused: { readonly state: string; readonly error: GitLabError } | undefined;
  for (let number = 1; ; number++) {
    let state: string | undefined;
    const read = (now: string): void => {
      // Nobody moved anything, so it was no race: the same would be refused again.
      if (refused?.state === now) throw refused.error;
      state = now;
    };
    try {
      return await work({ number, read });
    } catch (error) {
      if (!(error instanceof GitLabError) || state === undefined) throw error;
      refused = undefined;
      if (props.remedy(error)) continue;
      const race = error.transient || error.branchMoved;
      if (!race && !error.refused) throw error;
      if (!race) refused = { state, error };
      await props.backoff.wait(number, error);
    }
  }
}
