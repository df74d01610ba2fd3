import { type BranchState, type GitLabBranch } from '../../lib/gitlab/gitlab-branch';
import { type RepositoryTexts } from '../../lib/model/changes/flux-deployments';
import { checkFluxMoves } from '../../lib/model/changes/flux-moves';
import { type CommitPlan } from '../../lib/model/delivery/commit-plan';
import { isDescription } from '../repository-texts';
import { type ContentsProps } from './payload';

/** What a plan is compared with. */
export interface CheckMovesProps extends ContentsProps {
  /** Where the plan would be written. */
  readonly branch: GitLabBranch;
  /** What the plan was made from. */
  readonly state: BranchState;
}

/**
 * Refuses a plan that moves Flux objects while Flux would delete with them what they deployed. What is on the branch is
 * read only when something comes that may take the place of something else.
 *
 * @throws ValidationError when it does
 * @throws GitLabError when GitLab cannot be read
 */
export async function checkMoves(plan: CommitPlan, props: CheckMovesProps): Promise<void> {
  const { branch, state, wanted, contentOf } = props;
  const { head } = state;
  const pathsOf = (...kinds: readonly string[]): readonly string[] =>
    plan.actions.filter(({ action, path }) => kinds.includes(action) && isDescription(path)).map(({ path }) => path);
  const lost = pathsOf('update', 'delete');
  if (head === undefined || lost.length === 0) return;
  const described = wanted.map(({ path }) => path).filter(isDescription);
  const after = new Map(described.map((path) => [path, Buffer.from(contentOf(path)).toString('utf8')]));
  const written = new Set(pathsOf('create', 'update'));
  if (![...written].some((path) => path.startsWith('clusters/') && deploys(after.get(path)))) return;
  const kept = [...after].filter(([path]) => !written.has(path));
  const before = new Map([...kept, ...(await branch.texts(lost, head))]);
  const [gone, come] = [componentsWithout(before, after), componentsWithout(after, before)];
  // Only then it may be a component with another name, which its base tells. The old one may have been deleted since.
  const areBasesNeeded = gone.length > 0 && come.length > 0;
  const old = areBasesNeeded ? await textsBelow(branch, gone, state.inventoryCommit ?? head) : [];
  const now = areBasesNeeded ? await textsBelow(branch, come, head) : [];
  checkFluxMoves(new Map([...before, ...old]), new Map([...after, ...now]));
}

async function textsBelow(
  branch: GitLabBranch,
  directories: readonly string[],
  commit: string,
): Promise<RepositoryTexts> {
  return branch.texts((await branch.pathsBelow(directories, commit)).filter(isDescription), commit);
}

function deploys(text = ''): boolean {
  return /^kind: (Kustomization|HelmRelease)$/m.test(text) && text.includes('.toolkit.fluxcd.io/');
}

/** Directories of components that have files in one state and none in the other. */
function componentsWithout(some: RepositoryTexts, others: RepositoryTexts): readonly string[] {
  const directoriesOf = (texts: RepositoryTexts): readonly string[] =>
    [...texts.keys()].flatMap((path) => /^systems\/[^/]+/.exec(path) ?? []);
  const known = new Set(directoriesOf(others));
  return [...new Set(directoriesOf(some))].filter((directory) => !known.has(directory));
}
