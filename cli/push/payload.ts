import { type CommitAction as GitLabAction } from '@gitbeaker/rest';
import { isUtf8 } from 'node:buffer';

import { gitBlobId } from '../../lib/model/delivery/blob';
import { type CommitPlan, type WantedFile } from '../../lib/model/delivery/commit-plan';
import { ValidationError } from '../../lib/model/validation-error';

/** A content as GitLab's Commits API takes it. */
export type EncodedContent = Pick<GitLabAction, 'content' | 'encoding'>;

/** What a plan writes. */
export interface ContentsProps {
  /** The files that the plan wants. */
  readonly wanted: readonly WantedFile[];
  /** Content of a wanted file. */
  readonly contentOf: (path: string) => Uint8Array;
}

/**
 * The contents that a plan writes, by path.
 *
 * @throws ValidationError when a content is not the one that the plan was made for
 */
export function contentsOf(plan: CommitPlan, props: ContentsProps): ReadonlyMap<string, EncodedContent> {
  const blobs = new Map(props.wanted.map(({ path, blob }) => [path, blob]));
  const written = plan.actions.filter(({ action, path }) => action !== 'delete' && path !== plan.inventoryPath);
  return new Map(
    written
      .filter(({ action }) => action !== 'chmod')
      .map(({ path }) => [path, encoded(checked(path, props.contentOf(path), blobs.get(path)))]),
  );
}

/**
 * The actions of a plan with their contents, as GitLab's Commits API takes them.
 *
 * @param plan - the plan, or a part of it
 * @param inventoryCommit - commit that changed the inventory last: GitLab refuses everything when there is a later one;
 * nothing when the inventory is new
 */
export function payloadOf(
  plan: CommitPlan,
  contents: ReadonlyMap<string, EncodedContent>,
  inventoryCommit?: string,
): GitLabAction[] {
  return plan.actions.map((action) => {
    const filePath = action.path;
    if (filePath === plan.inventoryPath && action.action !== 'chmod') {
      const content = action.action === 'delete' ? undefined : plan.inventoryText;
      return { action: action.action, filePath, content, lastCommitId: inventoryCommit };
    }
    switch (action.action) {
      case 'delete':
        return { action: 'delete', filePath };
      case 'chmod':
        return { action: 'chmod', filePath, execute_filemode: action.executable };
      default:
        return { action: action.action, filePath, ...contents.get(filePath) };
    }
  });
}

function checked(path: string, content: Uint8Array, blob: string | undefined): Uint8Array {
  const got = gitBlobId(content);
  if (got === blob) return content;
  throw new ValidationError({ at: path, prop: 'content', got, want: `${blob} as in the manifest; synthesize again` });
}

// JSON carries text as it is; a NUL in it is more than GitLab takes.
function encoded(content: Uint8Array): EncodedContent {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  return isUtf8(bytes) && !bytes.includes(0)
    ? { content: bytes.toString('utf8'), encoding: 'text' }
    : { content: bytes.toString('base64'), encoding: 'base64' };
}
