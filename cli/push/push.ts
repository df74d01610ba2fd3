import { countChanges, changesOf, commitMessage, type CommitCounts } from '../../lib/model/delivery/commit-message';
import { planCommit, type WantedFile } from '../../lib/model/delivery/commit-plan';
import type { PushTarget } from '../../lib/model/delivery/push-manifest';
import { Backoff, type BackoffOptions } from './backoff';
import { payloadOf } from './payload';
import { GitLabBranch, type BranchState } from './gitlab-branch';
import { GitLabError } from './gitlab-error';
import { ConflictError, PushError } from './push-error';
import { patientSender } from './request';

/** What to push, and how. */
export interface PushProps {
  /** Project, branch and stack. */
  readonly target: PushTarget;
  /** The files that shall be there. None: everything that the stack wrote is removed. */
  readonly wanted: readonly WantedFile[];
  /**
   * Paths that are not removed although the stack wrote them and does not want them.
   *
   * @default - none
   */
  readonly released?: readonly string[];
  /** Content of a wanted file. */
  readonly contentOf: (path: string) => Uint8Array;
  /** Token with scope `api`. */
  readonly token: string;
  /** For how long to try again, and how to wait. */
  readonly backoff: BackoffOptions;
  /**
   * Whether to only say what would be committed.
   *
   * @default false
   */
  readonly dryRun?: boolean;
  /**
   * Told what happens.
   *
   * @default - nobody is told
   */
  readonly onProgress?: (sentence: string) => void;
}

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
}

/**
 * Makes a branch hold a stack's files, in one commit.
 *
 * When somebody else moves the branch, when GitLab is busy and when an answer is lost, everything is read and planned
 * again: what arrived in the meantime needs no second commit.
 *
 * @param props - what to push
 * @throws PushError when GitLab refuses it or cannot be reached
 * @throws ConflictError when files of others stand in the way
 */
export async function push(props: PushProps): Promise<PushResult> {
  const { target } = props;
  const backoff = new Backoff(props.backoff);
  try {
    const branch = await GitLabBranch.connect(target, props.token, patientSender(backoff));
    return await attempts(props, branch, backoff);
  } catch (error) {
    throw error instanceof GitLabError ? PushError.of(target, error) : error;
  }
}

async function attempts(props: PushProps, branch: GitLabBranch, backoff: Backoff): Promise<PushResult> {
  let refused: { head?: string; error: GitLabError } | undefined;
  for (let attempt = 1; ; attempt++) {
    props.onProgress?.(attempt === 1 ? 'reading the branch' : 'reading the branch again');
    const state = await branch.read(props.wanted.map(({ path }) => path));
    // Nobody moved the branch, so it was no race: the same commit would be refused again.
    if (refused !== undefined && refused.head === state.head) throw refused.error;
    try {
      return await commit(props, branch, state);
    } catch (error) {
      if (!(error instanceof GitLabError)) throw error;
      const race = error.transient || error.branchMoved;
      if (!race && !error.refused) throw error;
      refused = race ? undefined : { head: state.head, error };
      await backoff.wait(attempt, error);
    }
  }
}

async function commit(props: PushProps, branch: GitLabBranch, state: BranchState): Promise<PushResult> {
  const { target, wanted, released } = props;
  const { inventory, files } = state;
  const plan = planCommit({ wanted, released, inventory, branch: files, onConflict: target.onConflict });
  if (plan.conflicts.length > 0) throw new ConflictError(target, plan.conflicts);
  const result = { changes: changesOf(plan), counts: countChanges(plan), changed: plan.actions.length > 0 };
  if (!result.changed || props.dryRun === true) return result;
  props.onProgress?.(`committing ${plan.actions.length} ${plan.actions.length === 1 ? 'action' : 'actions'}`);
  const actions = payloadOf(plan, { wanted, contentOf: props.contentOf, inventoryCommit: state.inventoryCommit });
  const id = await branch.commit(commitMessage(plan, target.message), actions, state.startBranch);
  return { ...result, commit: id };
}
