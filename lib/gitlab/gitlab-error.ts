/** What went wrong with one request. */
export interface GitLabErrorProps {
  /** What GitLab said, or why there was no answer. */
  readonly description: string;
  /**
   * Status of the answer.
   *
   * @default - there was no answer
   */
  readonly status?: number;
  /**
   * How long GitLab asks to wait, in milliseconds.
   *
   * @default - it does not say
   */
  readonly retryAfter?: number;
}

/** A request to GitLab that failed. */
export class GitLabError extends Error {
  /** Status of the answer; nothing when there was none. */
  public readonly status?: number;
  /** How long GitLab asks to wait, in milliseconds. */
  public readonly retryAfter?: number;

  /**
   * @param props - what went wrong
   */
  constructor(props: GitLabErrorProps) {
    super(
      props.status === undefined
        ? `GitLab did not answer: ${props.description}`
        : `GitLab answered ${props.status}: ${props.description}`,
    );
    this.name = 'GitLabError';
    this.status = props.status;
    this.retryAfter = props.retryAfter;
  }

  /** Whether the same request may well succeed later. A lost answer counts: whether the work was done is not known. */
  public get transient(): boolean {
    return this.status === undefined || this.status === 408 || this.status === 429 || this.status >= 500;
  }

  /** Whether GitLab refused a commit because somebody else moved the branch at the same time. */
  public get branchMoved(): boolean {
    return this.status === 400 && /refresh and try again|could not update refs/i.test(this.message);
  }

  /** Whether GitLab refused a commit for what is on the branch: a file that exists, is gone or has another last commit. */
  public get refused(): boolean {
    return this.status === 400 || this.status === 409;
  }
}

/**
 * What a request finds; nothing where GitLab says that there is nothing.
 *
 * @param request - the request
 */
export async function unless404<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof GitLabError && error.status === 404) return undefined;
    throw error;
  }
}
