import { type PushMergeRequest, type PushTarget } from '../model/delivery/push-manifest';
import { checkAnswer, checkList } from './answer';
import { type GitLabClient } from './gitlab-client';
import { unless404 } from './gitlab-error';

/** A merge request on GitLab. */
export interface MergeRequest {
  /** Its number in the project. */
  readonly iid: number;
  /** Where people see it. */
  readonly url: string;
  /** Whether it waits, was merged, or was closed without a merge. */
  readonly state: string;
}

/** What people read in a merge request. */
export interface MergeRequestText {
  /** Its title. */
  readonly title: string;
  /** What it is for, as Markdown. */
  readonly description: string;
}

/** A merge request as GitLab answers it. */
interface Answer {
  readonly iid: number;
  readonly web_url: string;
  readonly state: string;
  readonly sha?: string | null;
  readonly squash_commit_sha?: string | null;
  readonly merge_commit_sha?: string | null;
}

/** The merge requests that bring one stack's files to one branch: at most one of them is open. */
export class MergeRequests {
  /** @param target - the project, the branch and the stack */
  constructor(
    private readonly target: PushTarget,
    private readonly settings: Pick<PushMergeRequest, 'sourceBranch' | 'labels'>,
    private readonly gitlab: GitLabClient,
  ) {}

  /** The one that is open; nothing when there is none. */
  public async open(): Promise<MergeRequest | undefined> {
    const [first] = await this.list('opened', 1);
    return first === undefined ? undefined : mergeRequestOf(first);
  }

  /**
   * Whether a commit came to the branch by one of them: as what was merged, as what it was squashed to, or as the merge.
   */
  public async brought(commit: string): Promise<boolean> {
    const merged = await this.list('merged', 50);
    return merged.some((each) => [each.sha, each.squash_commit_sha, each.merge_commit_sha].includes(commit));
  }

  /** One by its number. */
  public async show(iid: number): Promise<MergeRequest> {
    return mergeRequestOf(await this.gitlab.MergeRequests.show(this.target.project, iid));
  }

  /** Opens one. Its branch goes when it is merged. */
  public async create({ title, description }: MergeRequestText): Promise<MergeRequest> {
    const { sourceBranch, labels = [] } = this.settings;
    const { project, branch } = this.target;
    const options = { description, labels: labels.join(','), removeSourceBranch: true };
    return mergeRequestOf(await this.gitlab.MergeRequests.create(project, sourceBranch, branch, title, options));
  }

  /** Says anew what one is for. */
  public async describe(iid: number, text: MergeRequestText): Promise<MergeRequest> {
    return mergeRequestOf(await this.gitlab.MergeRequests.edit(this.target.project, iid, { ...text }));
  }

  /** Closes one without a merge, and removes its branch. */
  public async close(iid: number): Promise<void> {
    await this.gitlab.MergeRequests.edit(this.target.project, iid, { stateEvent: 'close' });
    await unless404(this.gitlab.Branches.remove(this.target.project, this.settings.sourceBranch));
  }

  private async list(state: 'opened' | 'merged', perPage: number): Promise<readonly Answer[]> {
    const found: readonly Answer[] = await this.gitlab.MergeRequests.all({
      projectId: this.target.project,
      state,
      sourceBranch: this.settings.sourceBranch,
      targetBranch: this.target.branch,
      perPage,
      maxPages: 1,
    });
    checkList('a list of merge requests', found);
    return found;
  }
}

function mergeRequestOf(answer: Answer): MergeRequest {
  checkAnswer('a merge request', answer, { iid: 'number', web_url: 'text', state: 'text' });
  const { iid, web_url: url, state } = answer;
  return { iid, url, state };
}
