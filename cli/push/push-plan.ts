import { changesOf, countChanges, type CommitCounts } from '../../lib/model/delivery/commit-message';
import { planCommit, type CommitPlan, type WantedFile } from '../../lib/model/delivery/commit-plan';
import type { PushTarget } from '../../lib/model/delivery/push-manifest';
import type { BranchState } from '../../lib/gitlab/gitlab-branch';
import type { MergeRequest } from '../../lib/gitlab/merge-requests';
import { ConflictError, OwnerError } from './push-error';

/** What a push did. */
export interface PushResult {
  /**
   * The commit.
   *
   * @default - there was nothing to commit, or it was a dry run
   */
  readonly commit?: string;
  /** Each file that changes: `+` created, `~` updated, `-` deleted. */
  readonly changes: ReadonlyMap<string, '+' | '~' | '-'>;
  /** How many files change. */
  readonly counts: CommitCounts;
  /** Whether there was something to commit. The inventory alone counts too. */
  readonly changed: boolean;
  /**
   * The merge request that holds the files.
   *
   * @default - they are on the branch, or there is nothing to merge
   */
  readonly mergeRequest?: MergeRequest;
  /** Files that others changed and that stay as they are. */
  readonly kept: readonly string[];
}

/** What a plan is made for. */
export interface PushPlanProps {
  /** Project, branch and stack. */
  readonly target: PushTarget;
  /** The files that shall be there. */
  readonly wanted: readonly WantedFile[];
  /**
   * Paths that are not removed although the stack wrote them and does not want them.
   *
   * @default - none
   */
  readonly released?: readonly string[];
  /**
   * Who pushes.
   *
   * @default - whoever pushed before
   */
  readonly owner?: string;
}

/**
 * The plan that makes a branch hold a stack's files.
 *
 * @param props - what is wanted
 * @param state - what the branch holds
 * @throws ConflictError when files of others stand in the way
 * @throws OwnerError when the stack's name is another program's too
 */
export function planFor({ target, wanted, released, owner }: PushPlanProps, state: BranchState): CommitPlan {
  const { inventory, files: branch } = state;
  const plan = planCommit({ wanted, released, inventory, branch, owner, onConflict: target.onConflict });
  if (plan.otherOwner !== undefined) throw new OwnerError(target, plan.inventoryPath, plan.otherOwner);
  if (plan.conflicts.length > 0) throw new ConflictError(target, plan.conflicts);
  return plan;
}

/**
 * What a push is going to do.
 *
 * @param plan - its plan
 */
export function resultOf(plan: CommitPlan): PushResult {
  const { kept, actions } = plan;
  return { changes: changesOf(plan), counts: countChanges(plan), changed: actions.length > 0, kept };
}
