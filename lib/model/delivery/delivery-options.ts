import { checkAll, mapAll } from '../check-all';
import { type ErrorThing, type PropPath } from '../error-place';
import { checkDuration, checkTimeout } from '../manifest/duration';
import { ValidationError } from '../validation-error';
import { type CommitMessageOptions } from './commit-message';
import { type OnConflict } from './commit-plan';
import { type CommitAuthor, type MergeRequestOptions } from './push-manifest';

/** Options of `RepositoryDelivery.commit()`. */
export interface CommitDeliveryOptions {
  /**
   * What to do about a file whose content on the branch is neither what the stack wrote nor what it wants: `fail` names
   * it and commits nothing.
   *
   * @default 'fail'
   */
  readonly onConflict?: OnConflict;
  /**
   * What `terraform destroy` does: `remove` deletes the stack's files in one commit, `keep` leaves them in Git.
   *
   * @default 'remove'
   */
  readonly onDestroy?: 'remove' | 'keep';
  /**
   * The message of the commits.
   *
   * @default - the stack's name and what changed, then the paths
   */
  readonly message?: CommitMessageOptions;
  /**
   * The author of the commits.
   *
   * @default - the owner of the token
   */
  readonly author?: CommitAuthor;
  /**
   * Whether the files come by a merge request, for a branch that nobody may push to.
   *
   * @default - a commit on the branch
   */
  readonly mergeRequest?: MergeRequestOptions;
  /**
   * The delivery that the stack had before, for the one deploy that changes it: its files stay as they are.
   *
   * @default - none, or this one
   */
  readonly from?: 'files';
  /**
   * How `gitlab-flux` is called, from the stack's directory below `cdktf.out`.
   *
   * @default 'npx --no-install gitlab-flux'
   */
  readonly command?: string;
}

/** Options of `RepositoryDelivery.files()`. */
export interface FilesDeliveryOptions {
  /**
   * Whether a managed file that exists already is overwritten when Terraform creates it. A seed never is: it must not
   * exist.
   *
   * @default false - Terraform fails and names the file
   */
  readonly overwriteOnCreate?: boolean;
  /**
   * Whether the commits tell GitLab to run no pipeline: each file is a commit.
   *
   * @default false
   */
  readonly skipCi?: boolean;
  /**
   * The author of the commits.
   *
   * @default - the owner of the token
   */
  readonly author?: CommitAuthor;
  /**
   * How long one file may take. The provider writes one file at a time, and the time in its queue counts.
   *
   * @default '10m'
   */
  readonly timeout?: string;
  /**
   * The delivery that the stack had before, for the one deploy that changes it: its files stay as they are.
   *
   * @default - none, or this one
   */
  readonly from?: 'commit';
}

/**
 * Refuses options of `RepositoryDelivery.commit()` that GitLab would refuse.
 *
 * @param at - the thing that has the options
 */
export function checkCommitOptions(
  at: ErrorThing,
  { message, author, mergeRequest, command }: CommitDeliveryOptions,
): void {
  const { labels = [] } = mergeRequest ?? {};
  checkAll(
    () => checkLine(at, ['message', 'subject'], message?.subject),
    () => checkAuthor(at, author),
    () => checkLine(at, 'command', command),
    () => checkLine(at, ['mergeRequest', 'title'], mergeRequest?.title),
    () =>
      mapAll(labels, (label, index) => {
        // GitLab takes the labels as one text, with commas between them.
        if (label.trim() === '' || label.includes(',')) {
          throw new ValidationError({
            at,
            prop: ['mergeRequest', 'labels', index],
            got: label,
            want: 'a text without commas',
          });
        }
      }),
    () => checkDuration(at, ['mergeRequest', 'wait'], mergeRequest?.wait),
  );
}

/**
 * Refuses options of `RepositoryDelivery.files()` that GitLab or Terraform would refuse.
 *
 * @param at - the thing that has the options
 */
export function checkFilesOptions(at: ErrorThing, { author, timeout }: FilesDeliveryOptions): void {
  checkAll(
    () => checkAuthor(at, author),
    () => checkTimeout(at, 'timeout', timeout),
  );
}

function checkAuthor(at: ErrorThing, author: CommitAuthor | undefined): void {
  checkAll(
    () => checkLine(at, ['author', 'name'], author?.name),
    () => checkLine(at, ['author', 'email'], author?.email),
  );
}

function checkLine(at: ErrorThing, prop: PropPath, text: string | undefined): void {
  if (text !== undefined && !/^[^\r\n]*\S[^\r\n]*$/.test(text)) {
    throw new ValidationError({ at, prop, got: text, want: 'one line of text' });
  }
}
