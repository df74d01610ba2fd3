import { type BranchState } from '../../lib/gitlab/gitlab-branch';
import { type MergeRequest } from '../../lib/gitlab/merge-requests';
import { changesOf, countChanges, isDeliveryOf, type CommitCounts } from '../../lib/model/delivery/commit-message';
import { planCommit, type CommitPlan, type WantedFile } from '../../lib/model/delivery/commit-plan';
import { inventoryPath } from '../../lib/model/delivery/inventory';
import { type PushTarget } from '../../lib/model/delivery/push-manifest';
import { type ForeignChange } from './foreign-change';
import { HistoryError } from './history-error';
import { ConflictError, EmptyError, OwnerError } from './push-error';

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
  /** Paths that are not removed although the stack wrote them and does not want them. */
  readonly released?: readonly string[];
  /**
   * Who pushes: another program with a stack of the same name is somebody else.
   *
   * @default - whoever pushed before
   */
  readonly owner?: string;
  /**
   * Whether to remove what the stack wrote.
   *
   * @default false
   */
  readonly remove?: boolean;
  /**
   * Whether the stack is meant to have no files.
   *
   * @default false
   */
  readonly empty?: boolean;
  /** The commits of changes by others that may be deployed over: how their digests begin. */
  readonly deployOver?: readonly string[];
  /** Finds what others did to all that the stack wrote. */
  readonly foreignChange: (state: BranchState) => Promise<ForeignChange | undefined>;
}

/**
 * The plan that makes a branch hold a stack's files.
 *
 * @throws OwnerError when the stack's name is another program's too
 * @throws EmptyError when everything would go without anybody asking for it
 * @throws HistoryError when it would undo what somebody else did to everything that the stack wrote
 * @throws ConflictError when files of others stand in the way
 */
export async function planFor(props: PushPlanProps, state: BranchState): Promise<CommitPlan> {
  const { target, wanted, released, owner, deployOver = [] } = props;
  const { inventory, files: branch } = state;
  const { onConflict } = target;
  // What is removed was to go anyway, whoever took a part of it away.
  const foreign = props.remove === true ? undefined : await props.foreignChange(state);
  const accepts = foreign?.commit.id;
  const plan = planCommit({ wanted, released, inventory, branch, owner, onConflict, accepts });
  if (plan.otherOwner !== undefined) throw new OwnerError(target, plan.inventoryPath, plan.otherOwner);
  const isMeant = wanted.length > 0 || props.remove === true || props.empty === true;
  if (!isMeant && inventory.files.size > 0) throw new EmptyError(target, inventory.files.size);
  const changesFiles = plan.conflicts.length > 0 || changesOf(plan).size > 0;
  const isAllowed = deployOver.some((start) => accepts?.startsWith(start));
  if (foreign !== undefined && changesFiles && !isAllowed) throw new HistoryError(target, plan, foreign, state);
  if (plan.conflicts.length > 0) throw new ConflictError(target, plan.conflicts);
  return plan;
}

/** Why nothing can be removed, if that is so; whoever removes wants to know it. */
export function nothingToRemove({ target, remove }: PushPlanProps, state: BranchState): string | undefined {
  const { head, startBranch, lastChange, inventoryCommit } = state;
  if (remove !== true) return undefined;
  if (head === undefined || startBranch !== undefined) return 'there is no such branch, so nothing is removed';
  if (inventoryCommit !== undefined) return undefined;
  const isOwn = lastChange === undefined || isDeliveryOf(lastChange.message, target.inventory);
  const lost = `${lastChange?.id.slice(0, 11) ?? ''} deleted ${inventoryPath(target.inventory)}`;
  return isOwn
    ? 'nothing is there to remove'
    : `${lost}: what is left of the stack is not known, so nothing is removed`;
}

/** What a push did that had nothing to do. */
export const NOTHING: PushResult = {
  changes: new Map(),
  counts: { created: 0, updated: 0, deleted: 0 },
  changed: false,
  kept: [],
};

/** What a push is going to do. */
export function resultOf(plan: CommitPlan): PushResult {
  const { kept, actions } = plan;
  return { changes: changesOf(plan), counts: countChanges(plan), changed: actions.length > 0, kept };
}
