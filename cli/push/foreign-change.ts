import { type BranchHistory, type BranchPush } from '../../lib/gitlab/branch-history';
import { type Commit } from '../../lib/gitlab/commit';
import { type BranchState, type GitLabBranch } from '../../lib/gitlab/gitlab-branch';
import { GitLabError } from '../../lib/gitlab/gitlab-error';
import { gitBlobId } from '../../lib/model/delivery/blob';
import { isDeliveryOf } from '../../lib/model/delivery/commit-message';
import { inventoryPath } from '../../lib/model/delivery/inventory';
import { type PushTarget } from '../../lib/model/delivery/push-manifest';

/** What others did to all that a stack wrote: the next push would undo it without knowing. */
export interface ForeignChange {
  /**
   * A commit of theirs `changed` or `deleted` the inventory, as a revert of a deploy does; a push of theirs `dropped` the
   * stack's last deploy from the branch, or `removed` the branch itself.
   */
  readonly did: 'changed' | 'deleted' | 'dropped' | 'removed';
  /** The commit that says it: theirs, or the one that is lost. */
  readonly commit: Commit;
  /**
   * The push that lost it.
   *
   * @default - no commit is lost, or GitLab does not say who did it
   */
  readonly push?: BranchPush;
}

/** Where changes of others are looked for. */
export interface ForeignChangeProps {
  /** Project, branch and stack. */
  readonly target: PushTarget;
  /** The branch. */
  readonly branch: GitLabBranch;
  /** Whether a commit came to the branch by a merge request of the stack. */
  readonly wasMerged: (commit: string) => Promise<boolean>;
  /**
   * What became of the branch.
   *
   * @default - nobody asks: the files come by merge requests, to a branch that is protected
   */
  readonly history?: BranchHistory;
  /** Told what could not be found out. */
  readonly onProgress: (sentence: string) => void;
}

/** What others did last to all that the stack wrote, if they did. */
export async function foreignChange(props: ForeignChangeProps, state: BranchState): Promise<ForeignChange | undefined> {
  return (await changedInventory(props, state)) ?? (await lostDeploy(props, state));
}

async function changedInventory(
  { target, wasMerged }: ForeignChangeProps,
  { lastChange: commit, inventoryCommit }: BranchState,
): Promise<ForeignChange | undefined> {
  if (commit === undefined || isDeliveryOf(commit.message, target.inventory)) return undefined;
  if (await wasMerged(commit.id)) return undefined;
  return { did: inventoryCommit === undefined ? 'deleted' : 'changed', commit };
}

/** A branch does not tell what it has lost. GitLab's events do, where there are any. */
async function lostDeploy(props: ForeignChangeProps, state: BranchState): Promise<ForeignChange | undefined> {
  const { history, onProgress } = props;
  if (history === undefined || state.head === undefined) return undefined;
  try {
    const pushes = await history.pushes();
    const find = state.startBranch === undefined ? droppedDeploy : removedBranch;
    return await find({ ...props, history, pushes }, state);
  } catch (error) {
    if (!(error instanceof GitLabError)) throw error;
    if (error.status !== 403 && error.status !== 404) {
      onProgress(`nobody knows whether a force-push took a deploy off the branch: ${error.message}`);
    }
    return undefined;
  }
}

interface LostDeployProps extends ForeignChangeProps {
  readonly history: BranchHistory;
  readonly pushes: readonly BranchPush[];
}

async function droppedDeploy(props: LostDeployProps, state: BranchState): Promise<ForeignChange | undefined> {
  const { target, history, branch } = props;
  const last = await lastDeploy(props, state);
  if (last === undefined) return undefined;
  const { commit, later } = last;
  // Of the branch, not of what was read of it: another deploy of the stack may have come in the meantime.
  if (commit.id === state.inventory.accepted || (await history.isPart(commit.id, target.branch))) return undefined;
  const path = inventoryPath(target.inventory);
  const wrote = (await branch.texts([path], commit.id)).get(path);
  // A rebase leaves another commit that says the same.
  if (state.files.get(path)?.blob === (wrote === undefined ? undefined : gitBlobId(wrote))) return undefined;
  for (const push of later) {
    const { after } = push;
    if (after === undefined || !(await history.isPart(commit.id, after))) return { did: 'dropped', commit, push };
  }
  return { did: 'dropped', commit };
}

/** The stack's newest deploy that was pushed and is not among the branch's last commits, and the pushes after it. */
async function lastDeploy(
  { target, history, pushes }: LostDeployProps,
  { head = '', lastChange }: BranchState,
): Promise<{ readonly commit: Commit; readonly later: readonly BranchPush[] } | undefined> {
  const isLast = ({ after }: BranchPush): boolean => after !== undefined && after === lastChange?.id;
  // The last of them made the deploy that the branch has; others took the branch back to it.
  const end = pushes.findLastIndex(isLast);
  const since = pushes.slice(0, end === -1 ? undefined : end);
  // Titles are all that the events know of a commit, and keep most others from being asked for.
  const subjects = [`${target.inventory}: `, target.message?.subject].flatMap((each) => each?.slice(0, 60) ?? []);
  const isLikely = (push: BranchPush): boolean =>
    !isLast(push) && subjects.some((subject) => push.title.startsWith(subject));
  if (!since.some(isLikely)) return undefined;
  const there = new Map((await history.commits(head)).map((commit) => [commit.id, commit]));
  for (const [index, push] of since.entries()) {
    if (push.after === undefined || !isLikely(push)) continue;
    const present = there.get(push.after);
    const commit = present ?? (await history.commit(push.after));
    if (commit === undefined || !isDeliveryOf(commit.message, target.inventory)) continue;
    return present === undefined ? { commit, later: since.slice(0, index).reverse() } : undefined;
  }
  return undefined;
}

async function removedBranch({ target, history, branch, pushes }: LostDeployProps): Promise<ForeignChange | undefined> {
  const [push] = pushes;
  if (push?.before === undefined || push.after !== undefined) return undefined;
  const path = inventoryPath(target.inventory);
  if (!(await branch.texts([path], push.before)).has(path)) return undefined;
  const commit = await history.commit(push.before);
  return commit && { did: 'removed', commit, push };
}
