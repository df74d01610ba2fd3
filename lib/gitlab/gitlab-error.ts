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
  /**
   * For how long it is worth to try again, in milliseconds.
   *
   * @default - as long as anything else
   */
  readonly patience?: number;
  /**
   * Whether GitLab says that it did something, but not in the form that it promises.
   *
   * @default false
   */
  readonly unexpected?: boolean;
}

/** A request to GitLab that failed. */
export class GitLabError extends Error {
  /** Status of the answer; nothing when there was none. */
  public readonly status?: number;
  /** How long GitLab asks to wait, in milliseconds. */
  public readonly retryAfter?: number;
  /** For how long it is worth to try again, in milliseconds. */
  public readonly patience: number;
  private readonly unexpected: boolean;

  constructor(props: GitLabErrorProps) {
    super(messageOf(props));
    this.name = 'GitLabError';
    this.status = props.status;
    this.retryAfter = props.retryAfter;
    this.patience = props.patience ?? Infinity;
    this.unexpected = props.unexpected ?? false;
  }

  /** Whether the same request may well succeed later. A lost answer counts: whether the work was done is not known. */
  public get transient(): boolean {
    if (this.unexpected || this.patience === 0) return false;
    return this.status === undefined || this.status === 408 || this.status === 429 || this.status >= 500;
  }

  /** Whether GitLab refused a commit because somebody else moved the branch at the same time. */
  public get branchMoved(): boolean {
    return this.status === 400 && /refresh and try again|could not update refs/i.test(this.message);
  }

  /**
   * Whether to look at the branch before anything else is said about a commit: GitLab refused it for what is there, such
   * as a file with another last commit, or its answer does not say whether it was made.
   */
  public get refused(): boolean {
    return this.unexpected || this.status === 400 || this.status === 409;
  }
}

function messageOf({ status, unexpected, description }: GitLabErrorProps): string {
  if (status !== undefined) return `GitLab answered ${status}: ${description}`;
  return unexpected === true ? `GitLab answered ${description}` : `GitLab did not answer: ${description}`;
}

/** What a request finds; nothing where GitLab says that there is nothing. */
export async function unless404<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof GitLabError && error.status === 404) return undefined;
    throw error;
  }
}
