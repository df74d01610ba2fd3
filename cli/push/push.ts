import type { WantedFile } from '../../lib/model/delivery/commit-plan';
import type { PushTarget } from '../../lib/model/delivery/push-manifest';
import { attempts, type Attempt } from './attempts';
import { Backoff, type BackoffOptions } from './backoff';
import { GitLabBranch } from './gitlab-branch';
import { gitLabClient } from './gitlab-client';
import { GitLabError } from './gitlab-error';
import { PayloadLimit } from './payload-limit';
import { planFor, resultOf, type PushResult } from './push-plan';
import { PushError } from './push-error';
import { patientSender } from './request';
import { writePlan } from './write-plan';

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
  /**
   * Who pushes: another program with a stack of the same name is somebody else.
   *
   * @default - whoever pushed before
   */
  readonly owner?: string;
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
 * @param props - what to push
 * @throws PushError when GitLab refuses it or cannot be reached
 * @throws ConflictError when files of others stand in the way
 */
export async function push(props: PushProps): Promise<PushResult> {
  const { target } = props;
  const backoff = new Backoff(props.backoff);
  try {
    const client = await gitLabClient(target.url, props.token, patientSender(backoff));
    const limit = new PayloadLimit(props.payloadLimit);
    const branch = new GitLabBranch(target, client);
    const remedy = (error: GitLabError): boolean => limit.lower(error);
    return await attempts({ backoff, remedy }, (attempt) => commit(props, branch, limit, attempt));
  } catch (error) {
    throw error instanceof GitLabError ? PushError.of(target, error) : error;
  }
}

async function commit(props: PushProps, branch: GitLabBranch, limit: PayloadLimit, attempt: Attempt) {
  const { target, wanted, onProgress = ignore } = props;
  onProgress(attempt.number === 1 ? 'reading the branch' : 'reading the branch again');
  const state = await branch.read(wanted.map(({ path }) => path));
  const plan = planFor(props, state);
  const result = resultOf(plan);
  if (!result.changed || props.dryRun === true) return result;
  attempt.read(state.head ?? '');
  const start = { branch: state.startBranch };
  const id = await writePlan(plan, { ...props, branch, state, limit, start, message: target.message, onProgress });
  return { ...result, commit: id };
}

function ignore(): void {
  // Nobody wants to know.
}
