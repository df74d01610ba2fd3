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

/**
 * Waits between attempts: longer each time, with jitter, so that stacks that push at once do not meet again; at least as
 * long as the server asks; and not beyond a limit.
 */
export class Backoff {
  /** Waits. */
  public readonly sleep: (milliseconds: number) => Promise<void>;
  private readonly until: number;

  /**
   * @param options - limit and waiting
   */
  constructor(private readonly options: BackoffOptions) {
    this.sleep = options.sleep ?? sleep;
    this.until = Date.now() + options.limit;
  }

  /**
   * Waits before the next attempt.
   *
   * @param attempt - how many attempts failed, from 1
   * @param error - why the last one failed
   * @throws the error itself when there is no time left
   */
  public async wait(attempt: number, error: Error & { readonly retryAfter?: number }): Promise<void> {
    const ceiling = Math.min(longest, first * 2 ** (attempt - 1));
    const delay = Math.round((error.retryAfter ?? 0) + ceiling * (0.5 + Math.random() / 2));
    if (Date.now() + delay > this.until) throw error;
    this.options.onWait?.(delay, error.message);
    await this.sleep(delay);
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
