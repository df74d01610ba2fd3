import { type Attempt } from '../../lib/gitlab/attempts';
import { type BranchState, type GitLabBranch } from '../../lib/gitlab/gitlab-branch';
import { GitLabError } from '../../lib/gitlab/gitlab-error';
import { type MergeRequest, type MergeRequests, type MergeRequestText } from '../../lib/gitlab/merge-requests';
import { commitBody, commitSubject } from '../../lib/model/delivery/commit-message';
import { type CommitPlan } from '../../lib/model/delivery/commit-plan';
import { type PushMergeRequest } from '../../lib/model/delivery/push-manifest';
import { secondsOf } from '../../lib/model/manifest/duration';
import { checkMoves } from './check-moves';
import { PendingError, PushError } from './push-error';
import { NOTHING, nothingToRemove, planFor, resultOf, type PushPlanProps, type PushResult } from './push-plan';
import { writePlan, type WritePlanProps } from './write-plan';

/** What a merge request is made with. */
export interface ProposeProps extends PushPlanProps, Pick<WritePlanProps, 'contentOf' | 'limit' | 'onProgress'> {
  /** The branch that shall hold the files. */
  readonly branch: GitLabBranch;
  /** The branch that is merged. */
  readonly source: GitLabBranch;
  /** How the merge request is made. */
  readonly settings: PushMergeRequest;
  /** The merge requests of the stack. */
  readonly requests: MergeRequests;
  /**
   * Whether to only say what would be committed.
   *
   * @default false
   */
  readonly dryRun?: boolean;
  /** Waits. */
  readonly sleep: (milliseconds: number) => Promise<void>;
}

const firstPoll = 1_000;
const longestPoll = 15_000;

/**
 * Makes a branch hold a stack's files by a merge request: it opens one or brings the open one up to date, and closes it
 * when the branch holds the files without it.
 *
 * @throws PendingError when the merge request is not merged in time
 */
export async function propose(props: ProposeProps, attempt: Attempt): Promise<PushResult> {
  const { target, requests, onProgress } = props;
  onProgress(attempt.number === 1 ? 'reading the branch' : 'reading the branch again');
  const state = await props.branch.read(props.wanted.map(({ path }) => path));
  const nothing = nothingToRemove(props, state);
  if (nothing !== undefined) {
    onProgress(nothing);
    const left = state.startBranch === undefined ? await requests.open() : undefined;
    if (left !== undefined && props.dryRun !== true) await requests.close(left.iid);
    return NOTHING;
  }
  if (state.head === undefined || state.startBranch !== undefined) throw new PushError(target, noBranch(state));
  const plan = await planFor(props, state);
  await checkMoves(plan, { ...props, state });
  const result = resultOf(plan);
  const open = await requests.open();
  if (props.dryRun === true) return { ...result, mergeRequest: open };
  if (!result.changed) {
    if (open !== undefined) {
      onProgress(`closing !${open.iid}: the branch holds what is wanted`);
      await requests.close(open.iid);
    }
    return result;
  }
  const commit = await bringUpToDate(props, attempt, { state, plan, open });
  const text = textOf(plan, props);
  const mergeRequest = open === undefined ? await requests.create(text) : await requests.describe(open.iid, text);
  if (props.settings.ready === 'opened') return { ...result, commit, mergeRequest };
  return { ...result, commit, mergeRequest: await merged(props, mergeRequest) };
}

/** Makes the source branch hold the files. */
async function bringUpToDate(
  props: ProposeProps,
  attempt: Attempt,
  base: { readonly state: BranchState; readonly plan: CommitPlan; readonly open?: MergeRequest },
): Promise<string | undefined> {
  const { target, settings, source } = props;
  const { head } = base.state;
  if (base.open === undefined) {
    // What an earlier merge request left behind is no place to go on from.
    attempt.read(`${head ?? ''} without merge request`);
    const state = { ...base.state, inventoryCommit: undefined };
    return writePlan(base.plan, { ...props, branch: source, state, message: target.message, start: { commit: head } });
  }
  const state = await source.read(props.wanted.map(({ path }) => path));
  attempt.read(`${head ?? ''} !${base.open.iid} ${state.head ?? ''}`);
  const plan = await planFor({ ...props, target: { ...target, branch: settings.sourceBranch } }, state);
  if (plan.actions.length === 0) return undefined;
  return writePlan(plan, { ...props, branch: source, state, message: target.message });
}

function noBranch({ startBranch, head }: BranchState): string {
  const from = startBranch === undefined ? '' : `, from ${startBranch} or from the last commit that it had`;
  return [
    `there is no such branch${head === undefined ? ', and no commit in the project' : ''}; a merge request needs one that it is merged into.`,
    `If it was deleted, restore it; if it is new, make it${from}. Then deploy again.`,
  ].join('\n');
}

function textOf(plan: CommitPlan, { target, settings }: ProposeProps): MergeRequestText {
  const description = [
    `Files of the stack \`${target.inventory}\`, made by its deploy. The next deploy brings this up to date.`,
    `\`\`\`diff\n${commitBody(plan)}\n\`\`\``,
  ].join('\n\n');
  return { title: settings.title ?? commitSubject(plan, target.message), description };
}

async function merged({ target, settings, requests, onProgress, sleep }: ProposeProps, opened: MergeRequest) {
  const until = Date.now() + secondsOf(settings.wait ?? '0s') * 1000;
  let interval = firstPoll;
  // While GitLab is busy, nothing is known to have changed.
  const again = (error: unknown): MergeRequest => {
    if (error instanceof GitLabError && error.transient) return opened;
    throw error;
  };
  for (let request = opened; ; request = await requests.show(opened.iid).catch(again)) {
    if (request.state === 'merged') return request;
    if (request.state === 'closed') {
      throw new PushError(target, `!${request.iid} was closed without a merge: ${request.url}`);
    }
    if (Date.now() + interval > until) throw new PendingError(target, request);
    if (request === opened) onProgress(`waiting for the merge of !${request.iid}: ${request.url}`);
    await sleep(interval);
    interval = Math.min(2 * interval, longestPoll);
  }
}
