import { type PushTarget } from '../model/delivery/push-manifest';
import { type Fields, isFields } from '../model/manifest/fields';
import { checkAnswer, checkList } from './answer';
import { COMMIT_SHAPE, commitOf, type Commit } from './commit';
import { type GitLabClient } from './gitlab-client';
import { GitLabError, unless404 } from './gitlab-error';

/** A push to a branch, as GitLab remembers it: what it took away is in no branch any more. */
export interface BranchPush {
  /**
   * Where the branch was.
   *
   * @default - it was not there
   */
  readonly before?: string;
  /**
   * Where it was then.
   *
   * @default - the push deleted it
   */
  readonly after?: string;
  /** First line of the newest commit's message, cut off after some sixty characters. */
  readonly title: string;
  /** Who pushed. */
  readonly author: string;
  /** When. */
  readonly date: string;
}

const newest = { perPage: 100, maxPages: 1 } as const;

/** What became of a branch, beyond what it holds now. */
export class BranchHistory {
  /** @param target - the project and the branch */
  constructor(
    private readonly target: PushTarget,
    private readonly gitlab: GitLabClient,
  ) {}

  /** The pushes to the branch among the last hundred to the project, the newest first. */
  public async pushes(): Promise<readonly BranchPush[]> {
    const options = { projectId: this.target.project, action: 'pushed', ...newest } as const;
    const events: readonly unknown[] = await this.gitlab.Events.all(options);
    checkList('a list of events', events);
    return events.flatMap((event) => this.pushOf(event));
  }

  /** The last hundred commits before a commit, and itself. */
  public async commits(refName: string): Promise<readonly Commit[]> {
    const commits = await this.gitlab.Commits.all(this.target.project, { refName, ...newest });
    checkList('a list of commits', commits, COMMIT_SHAPE);
    return commits.map(commitOf);
  }

  /** A commit, also one that is on no branch; nothing when Git has forgotten it. */
  public async commit(id: string): Promise<Commit | undefined> {
    const commit = await unless404(this.gitlab.Commits.show(this.target.project, id));
    if (commit === undefined) return undefined;
    checkAnswer('a commit', commit, COMMIT_SHAPE);
    return commitOf(commit);
  }

  /** Whether a commit is part of a branch or of another commit, as itself or before it. */
  public async isPart(id: string, of: string): Promise<boolean> {
    try {
      const base = await this.gitlab.Repositories.mergeBase(this.target.project, [id, of]);
      checkAnswer('a commit', base, { id: 'digest' });
      return base.id === id;
    } catch (error) {
      // 404: they have no commit in common. 400: Git has forgotten one of them.
      if (error instanceof GitLabError && (error.status === 404 || error.status === 400)) return false;
      throw error;
    }
  }

  private pushOf(event: unknown): BranchPush[] {
    const { push_data: data, author_username: author, created_at: date } = fieldsOf(event);
    const { ref, ref_type: kind, commit_from: before, commit_to: after, commit_title: title } = fieldsOf(data);
    if (kind !== 'branch' || ref !== this.target.branch || (!isDigest(before) && !isDigest(after))) return [];
    return [
      {
        before: isDigest(before) ? before : undefined,
        after: isDigest(after) ? after : undefined,
        title: textOf(title),
        author: textOf(author),
        date: textOf(date),
      },
    ];
  }
}

function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

function isDigest(value: unknown): value is string {
  return typeof value === 'string' && /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(value);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
