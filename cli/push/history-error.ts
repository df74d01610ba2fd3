import { type BranchState } from '../../lib/gitlab/gitlab-branch';
import { changesOf } from '../../lib/model/delivery/commit-message';
import { type CommitPlan } from '../../lib/model/delivery/commit-plan';
import { type PushTarget } from '../../lib/model/delivery/push-manifest';
import { type ForeignChange } from './foreign-change';
import { plain, PushError, someOf } from './push-error';

/** What others did to all that a stack wrote, and that a push would undo. Nothing was committed. */
export class HistoryError extends PushError {
  constructor(
    target: PushTarget,
    plan: CommitPlan,
    /** What they did. */
    public readonly change: ForeignChange,
    state: BranchState,
  ) {
    const { commit } = change;
    const id = commit.id.slice(0, 11);
    super(
      target,
      [
        `nothing was committed, because ${reasonOf(change, target, plan.inventoryPath)}:`,
        `  ${id} ${plain(commit.title)}, by ${plain(commit.author)}, ${plain(commit.date)}`,
        ...pusherOf(change),
        ...consequencesOf(change, plan, state),
        ...remedyOf(change, target),
        `  GITLAB_FLUX_DEPLOY_OVER=${id} npx cdktf deploy ${target.inventory}`,
      ].join('\n'),
    );
    this.name = 'HistoryError';
  }
}

function reasonOf({ did }: ForeignChange, { inventory: stack }: PushTarget, inventoryPath: string): string {
  switch (did) {
    case 'dropped':
      return `the branch was rewritten, and a deploy of ${stack} is lost`;
    case 'removed':
      return `the branch was deleted, and ${stack} had deployed to it`;
    default:
      return `somebody else ${did} ${inventoryPath}, where ${stack} keeps what it wrote`;
  }
}

function pusherOf({ did, push }: ForeignChange): readonly string[] {
  if (push === undefined) return [];
  const [who, when] = [plain(push.author), plain(push.date)];
  return did === 'removed'
    ? [`  ${who} deleted the branch, which ended there, ${when}`]
    : [`  a push of ${who} took it off the branch, ${when}`];
}

function consequencesOf({ did }: ForeignChange, plan: CommitPlan, { startBranch }: BranchState): readonly string[] {
  if (did === 'removed')
    return [`This push would make it anew from ${startBranch ?? ''}, without what others had there.`];
  return [
    did === 'dropped'
      ? 'It may have been taken back, and this push would undo that:'
      : 'It may have taken back a deploy, and this push would undo that:',
    ...someOf([...changesOf(plan)].map(([path, sign]) => `  ${sign} ${path}`)),
    ...someOf(plan.conflicts.map(({ path }) => `  ! ${path}`)),
  ];
}

function remedyOf({ did, commit }: ForeignChange, { branch }: PushTarget): readonly string[] {
  const { id } = commit;
  const mistakes = {
    changed: [],
    deleted: [`If it was a mistake, take that commit back: git revert ${id.slice(0, 11)}.`],
    dropped: ['If it was a mistake, bring that commit back:', `  git fetch origin ${id} && git cherry-pick ${id}`],
    removed: [
      'If it was a mistake, bring the branch back:',
      `  git fetch origin ${id} && git push origin ${id}:refs/heads/${branch}`,
    ],
  };
  return [
    ...mistakes[did],
    did === 'removed'
      ? 'Otherwise deploy to it anew, this once:'
      : 'Otherwise let the fleet say what the branch says now, and deploy again; or deploy over it, this once:',
  ];
}
