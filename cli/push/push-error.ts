import { type GitLabError } from '../../lib/gitlab/gitlab-error';
import { type MergeRequest } from '../../lib/gitlab/merge-requests';
import { type CommitConflict } from '../../lib/model/delivery/commit-plan';
import { type PushTarget } from '../../lib/model/delivery/push-manifest';
import { CommandError } from '../command-error';

/** A push that did not happen, as a sentence for people that names project and branch. */
export class PushError extends CommandError {
  /** Explains a failed request. */
  public static of(target: PushTarget, error: GitLabError): PushError {
    const hint = hintOf(error);
    return new PushError(target, hint === undefined ? error.message : `${error.message}\n${hint}`);
  }

  constructor(target: PushTarget, sentence: string) {
    super(`${target.project} at ${target.url}, branch ${target.branch}: ${sentence}`);
    this.name = 'PushError';
  }
}

/** Files on the branch that a stack would have to overwrite. Nothing was committed. */
export class ConflictError extends PushError {
  constructor(
    target: PushTarget,
    /** The files that stand in the way. */
    public readonly conflicts: readonly CommitConflict[],
  ) {
    super(target, sentenceOf(target.inventory, conflicts));
    this.name = 'ConflictError';
  }
}

/** A manifest without files, of a stack that wrote some, and nobody said that they shall go. Nothing was committed. */
export class EmptyError extends PushError {
  /** @param files - how many files the stack wrote */
  constructor(target: PushTarget, files: number) {
    super(
      target,
      [
        `nothing was committed, because the manifest has no files, and ${target.inventory} wrote ${files}: all of them would go.`,
        "If they shall go, say --remove; otherwise run 'npx cdktf synth' again.",
      ].join('\n'),
    );
    this.name = 'EmptyError';
  }
}

/** Files that are in a merge request and not yet on the branch. */
export class PendingError extends PushError {
  constructor(
    target: PushTarget,
    /** What holds the files. */
    public readonly mergeRequest: MergeRequest,
  ) {
    super(
      target,
      [
        `!${mergeRequest.iid} holds the files and waits for its merge: ${mergeRequest.url}`,
        'Merge it, then deploy again. What needs the files has not been changed.',
      ].join('\n'),
    );
    this.name = 'PendingError';
  }
}

/** A stack of another program that has the same name. Nothing was committed. */
export class OwnerError extends PushError {
  constructor(target: PushTarget, inventory: string, owner: string) {
    super(
      target,
      [
        `nothing was committed, because ${inventory} belongs to another Terraform state (${owner}):`,
        `  another program has a stack "${target.inventory}" that delivers to this project, and this push would change its files.`,
        'Give one of the two stacks another name. If it is the same stack, and its state was lost, run once by hand:',
        `  gitlab-flux push --manifest <the stack's manifest in cdktf.out>`,
      ].join('\n'),
    );
    this.name = 'OwnerError';
  }
}

const shown = 10;

/** The first of many lines, and how many more there are. */
export function someOf(lines: readonly string[]): readonly string[] {
  const rest = lines.length - shown;
  return rest > 0 ? [...lines.slice(0, shown), `  … and ${rest} more`] : lines;
}

/** What others wrote, without what would move the cursor of a terminal. */
export function plain(text: string): string {
  return text.replace(/[\0-\x1f\x7f-\x9f]+/g, ' ').slice(0, 200);
}

function sentenceOf(stack: string, conflicts: readonly CommitConflict[]): string {
  const reasons = { edited: `was changed since ${stack} wrote it`, foreign: `exists and was not written by ${stack}` };
  return [
    `nothing was committed, because ${conflicts.length === 1 ? 'a file stands' : `${conflicts.length} files stand`} in the way:`,
    ...conflicts.map(({ path, reason }) => `  ${path} ${reasons[reason]}`),
    "Revert or remove what was changed there; or take the stack's content with onConflict: 'overwrite' (--on-conflict",
    "overwrite); or leave it for as long as the stack's content stays the same, with onConflict: 'adopt'.",
  ].join('\n');
}

function hintOf({ status, message }: GitLabError): string | undefined {
  if (status === 401) return 'GITLAB_TOKEN is not valid for this GitLab, or it has expired.';
  if (status === 403 && message.includes('push into this branch')) {
    return 'The branch is protected: the owner of GITLAB_TOKEN must be allowed to push to it (Maintainer by default), or the files must come by a merge request.';
  }

  if (status === 403) return 'GITLAB_TOKEN needs the scope api and at least the role Developer in the project.';
  if (status === 404) return 'There is no such project, or the owner of GITLAB_TOKEN may not see it.';
  if (/certificate/i.test(message)) {
    return 'The certificate of GitLab is not trusted: a private certificate authority goes into NODE_EXTRA_CA_CERTS.';
  }

  if (status === 413) return 'The commit is larger than GitLab or a proxy before it takes.';
  return undefined;
}
