import { type BranchState, type CommitStart, type GitLabBranch } from '../../lib/gitlab/gitlab-branch';
import { commitMessage, type CommitMessageOptions } from '../../lib/model/delivery/commit-message';
import { divideCommit } from '../../lib/model/delivery/commit-parts';
import { type CommitPlan } from '../../lib/model/delivery/commit-plan';
import { contentsOf, payloadOf, type ContentsProps } from './payload';
import { type PayloadLimit } from './payload-limit';

/** What a plan is written with. */
export interface WritePlanProps extends ContentsProps {
  /** Where to. */
  readonly branch: GitLabBranch;
  /** What the plan was made from. */
  readonly state: BranchState;
  /** How large a commit may be. */
  readonly limit: PayloadLimit;
  /**
   * How the commits are described.
   *
   * @default - what changed
   */
  readonly message?: CommitMessageOptions;
  /**
   * Where the branch starts.
   *
   * @default - where it is
   */
  readonly start?: CommitStart;
  /** Told what happens. */
  readonly onProgress: (sentence: string) => void;
}

/**
 * Commits a plan: in one commit, or in several when one would be larger than GitLab takes.
 *
 * @param plan - the plan; it has actions
 * @returns the last commit
 * @throws GitLabError when GitLab does not take one of them; those before it are there then
 */
export async function writePlan(plan: CommitPlan, props: WritePlanProps): Promise<string> {
  const { branch, state, limit, message } = props;
  const contents = contentsOf(plan, props);
  const sizeOf = (path: string): number => contents.get(path)?.content?.length ?? 0;
  const parts = divideCommit(plan, { before: state.inventory, sizeOf, limit: limit.bytes });
  let { start } = props;
  let commit = state.inventoryCommit ?? '';
  for (const [index, part] of parts.entries()) {
    const files = part.actions.filter(({ path }) => path !== part.inventoryPath);
    const count = files.length === 0 ? 'the inventory' : `${files.length} ${files.length === 1 ? 'action' : 'actions'}`;
    props.onProgress(parts.length === 1 ? `committing ${count}` : `commit ${index + 1} of ${parts.length}, ${count}`);
    limit.sending(
      files.reduce((sum, { path }) => sum + sizeOf(path), part.inventoryText.length),
      new Set(files.map(({ path }) => path)).size,
    );
    const text = commitMessage(part, message, { number: index + 1, of: parts.length });
    commit = await branch.commit(text, payloadOf(part, contents, commit === '' ? undefined : commit), start);
    start = undefined;
  }
  return commit;
}
