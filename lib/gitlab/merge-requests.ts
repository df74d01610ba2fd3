import type { PushMergeRequest, PushTarget } from '../model/delivery/push-manifest';
import type { GitLabClient } from './gitlab-client';
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
}

/** The merge requests that bring one stack's files to one branch: at most one of them is open. */
export class MergeRequests {
  /**
   * @param target - the project, the branch and the stack
   * @param settings - the source branch
   * @param gitlab - the client
   */
  constructor(
    private readonly target: PushTarget,
    private readonly settings: PushMergeRequest,
    private readonly gitlab: GitLabClient,
  ) {}

  /** The one that is open; nothing when there is none. */
  public async open(): Promise<MergeRequest | undefined> {
    const [first] = await this.gitlab.MergeRequests.all({
      projectId: this.target.project,
      state: 'opened',
      sourceBranch: this.settings.sourceBranch,
      targetBranch: this.target.branch,
      perPage: 1,
      maxPages: 1,
    });
    return first === undefined ? undefined : mergeRequestOf(first);
  }

  /**
   * One by its number.
   *
   * @param iid - the number
   */
  public async show(iid: number): Promise<MergeRequest> {
    return mergeRequestOf(await this.gitlab.MergeRequests.show(this.target.project, iid));
  }

  /**
   * Opens one. Its branch goes when it is merged.
   *
   * @param text - title and description
   */
  public async create({ title, description }: MergeRequestText): Promise<MergeRequest> {
    const { sourceBranch, labels = [] } = this.settings;
    const { project, branch } = this.target;
    const options = { description, labels: labels.join(','), removeSourceBranch: true };
    return mergeRequestOf(await this.gitlab.MergeRequests.create(project, sourceBranch, branch, title, options));
  }

  /**
   * Says anew what one is for.
   *
   * @param iid - its number
   * @param text - title and description
   */
  public async describe(iid: number, text: MergeRequestText): Promise<MergeRequest> {
    return mergeRequestOf(await this.gitlab.MergeRequests.edit(this.target.project, iid, { ...text }));
  }

  /**
   * Closes one without a merge, and removes its branch.
   *
   * @param iid - its number
   */
  public async close(iid: number): Promise<void> {
    await this.gitlab.MergeRequests.edit(this.target.project, iid, { stateEvent: 'close' });
    await unless404(this.gitlab.Branches.remove(this.target.project, this.settings.sourceBranch));
  }
}

function mergeRequestOf({ iid, web_url: url, state }: Answer): MergeRequest {
  return { iid, url, state };
}
