import { attempts, type Attempt } from '../../lib/gitlab/attempts';
import { Backoff, type BackoffOptions } from '../../lib/gitlab/backoff';
import { BranchHistory } from '../../lib/gitlab/branch-history';
import { GitLabBranch } from '../../lib/gitlab/gitlab-branch';
import { gitLabClient } from '../../lib/gitlab/gitlab-client';
import { GitLabError } from '../../lib/gitlab/gitlab-error';
import { MergeRequests } from '../../lib/gitlab/merge-requests';
import { patientSender } from '../../lib/gitlab/request';
import { sourceBranchOf } from '../../lib/model/delivery/push-manifest';
import { checkMoves } from './check-moves';
import { foreignChange, type ForeignChangeProps } from './foreign-change';
import { PayloadLimit } from './payload-limit';
import { propose } from './propose';
import { PushError } from './push-error';
import { NOTHING, nothingToRemove, planFor, resultOf, type PushPlanProps, type PushResult } from './push-plan';
import { writePlan, type WritePlanProps } from './write-plan';

const patienceForHistory = 15_000;

/** What to push, and how. */
export interface PushProps extends Omit<PushPlanProps, 'foreignChange'> {
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
   * How many bytes of content one commit may have.
   *
   * @default - less than GitLab's limits
   */
  readonly payloadLimit?: number;
  /**
   * Told what happens.
   *
   * @default - nobody is told
   */
  readonly onProgress?: (sentence: string) => void;
}

/**
 * Makes a branch hold a stack's files: in one commit, unless that would be larger than GitLab takes.
 *
 * When somebody else moves the branch, when GitLab is busy and when an answer is lost, everything is read and planned
 * again: what arrived in the meantime needs no second commit.
 *
 * @throws PushError when GitLab refuses it or cannot be reached
 * @throws HistoryError when it would undo what somebody else did to everything that the stack wrote
 * @throws ConflictError when files of others stand in the way
 * @throws PendingError when the files are in a merge request that is not merged in time
 */
export async function push(props: PushProps): Promise<PushResult> {
  const { target } = props;
  const backoff = new Backoff(props.backoff);
  try {
    const client = await gitLabClient(target.url, props.token, patientSender(backoff));
    const limit = new PayloadLimit(props.payloadLimit);
    const branch = new GitLabBranch(target, client);
    const remedy = (error: GitLabError): boolean => limit.lower(error);
    const { mergeRequest: settings } = target;
    const requests = new MergeRequests(target, settings ?? { sourceBranch: sourceBranchOf(target) }, client);
    const onProgress = props.onProgress ?? ignore;
    const wasMerged = (commit: string): Promise<boolean> => requests.brought(commit);
    const history = settings === undefined ? await historyOf(props) : undefined;
    const changes: ForeignChangeProps = { target, branch, wasMerged, history, onProgress };
    const all = { ...props, branch, limit, foreignChange: foreignChange.bind(undefined, changes), onProgress };
    if (settings === undefined) return await attempts({ backoff, remedy }, commitsOf(all));
    const source = new GitLabBranch({ ...target, branch: settings.sourceBranch }, client);
    const proposal = { ...all, source, settings, requests, sleep: backoff.sleep };
    return await attempts({ backoff, remedy }, (attempt) => propose(proposal, attempt));
  } catch (error) {
    throw error instanceof GitLabError ? PushError.of(target, error) : error;
  }
}

/** The history is worth a few seconds: a deploy is not to fail because GitLab cannot say what was before. */
async function historyOf({ target, token, backoff }: PushProps): Promise<BranchHistory> {
  const limit = Math.min(backoff.limit, patienceForHistory);
  return new BranchHistory(
    target,
    await gitLabClient(target.url, token, patientSender(new Backoff({ ...backoff, limit }))),
  );
}

interface CommitProps extends PushPlanProps, Omit<WritePlanProps, 'state'> {
  readonly dryRun?: boolean;
}

/** Attempts to commit. What one sent and heard nothing of is what the push did, when the next one finds it there. */
function commitsOf(props: CommitProps): (attempt: Attempt) => Promise<PushResult> {
  const { target, wanted, branch, onProgress } = props;
  let sent: PushResult | undefined;
  return async (attempt) => {
    onProgress(attempt.number === 1 ? 'reading the branch' : 'reading the branch again');
    const state = await branch.read(wanted.map(({ path }) => path));
    const nothing = nothingToRemove(props, state);
    if (nothing !== undefined) {
      onProgress(nothing);
      return sent === undefined ? NOTHING : { ...sent, commit: state.lastChange?.id };
    }
    if (state.startBranch !== undefined) onProgress(`there is no such branch; it starts from ${state.startBranch}`);
    const plan = await planFor(props, state);
    await checkMoves(plan, { ...props, state });
    const result = resultOf(plan);
    if (!result.changed && sent !== undefined) return { ...sent, commit: state.lastChange?.id };
    if (!result.changed || props.dryRun === true) return result;
    attempt.read(state.head ?? '');
    sent = result;
    const start = { branch: state.startBranch };
    return { ...result, commit: await writePlan(plan, { ...props, state, start, message: target.message }) };
  };
}

function ignore(): void {
  // Nobody wants to know.
}
