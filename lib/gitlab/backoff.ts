import { type GitLabError } from './gitlab-error';

/** How long to go on, and how to wait. */
export interface BackoffOptions {
  /** For how long to try again, in milliseconds. */
  readonly limit: number;
  /**
   * Told before each wait.
   *
   * @default - nobody is told
   */
  readonly onWait?: (milliseconds: number, why: string) => void;
  /**
   * Waits.
   *
   * @default - setTimeout
   */
  readonly sleep?: (milliseconds: number) => Promise<void>;
}

const first = 250;
const longest = 30_000;
// A commit of ten thousand files takes GitLab a while.
const longestRequest = 300_000;
const shortestRequest = 30_000;

/**
 * Waits between attempts: longer each time, with jitter, so that stacks that push at once do not meet again; at least as
 * long as the server asks; and not beyond a limit.
 */
export class Backoff {
  /** Waits. */
  public readonly sleep: (milliseconds: number) => Promise<void>;
  private readonly start = Date.now();

  constructor(private readonly options: BackoffOptions) {
    this.sleep = options.sleep ?? sleep;
  }

  /**
   * How long one request may take, in milliseconds: as long as there is time to try again, but long enough for an answer
   * when that is over.
   */
  public get requestLimit(): number {
    return Math.min(longestRequest, Math.max(shortestRequest, this.start + this.options.limit - Date.now()));
  }

  /**
   * Waits before the next attempt.
   *
   * @param attempt - how many attempts failed, from 1
   * @throws the error itself when there is no time left
   */
  public async wait(
    attempt: number,
    error: Error & Partial<Pick<GitLabError, 'retryAfter' | 'patience'>>,
  ): Promise<void> {
    const ceiling = Math.min(longest, first * 2 ** (attempt - 1));
    const delay = Math.round((error.retryAfter ?? 0) + ceiling * (0.5 + Math.random() / 2));
    const limit = Math.min(this.options.limit, error.patience ?? Infinity);
    if (Date.now() + delay > this.start + limit) throw error;
    this.options.onWait?.(delay, error.message);
    await this.sleep(delay);
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
