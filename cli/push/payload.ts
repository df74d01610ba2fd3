import { isUtf8 } from 'node:buffer';
import type { CommitAction as GitLabAction } from '@gitbeaker/rest';
import { gitBlobId } from '../../lib/model/delivery/blob';
import type { CommitPlan, WantedFile } from '../../lib/model/delivery/commit-plan';
import { ValidationError } from '../../lib/model/validation-error';

/** What a payload is made of, beside the plan. */
export interface PayloadProps {
  /** The files that the plan wants. */
  readonly wanted: readonly WantedFile[];
  /** Content of a wanted file. */
  readonly contentOf: (path: string) => Uint8Array;
  /**
   * Commit that changed the inventory last. GitLab refuses the whole commit when there is a later one.
   *
   * @default - the inventory is new
   */
  readonly inventoryCommit?: string;
}

/**
 * The actions of a plan with their contents, as GitLab's Commits API takes them.
 *
 * @param plan - the plan
 * @param props - contents and the state of the inventory
 * @throws ValidationError when a content is not the one that the plan was made for
 */
export function payloadOf(plan: CommitPlan, props: PayloadProps): GitLabAction[] {
  const blobs = new Map(props.wanted.map(({ path, blob }) => [path, blob]));
  return plan.actions.map((action) => {
    const filePath = action.path;
    if (filePath === plan.inventoryPath && action.action !== 'chmod') {
      const content = action.action === 'delete' ? undefined : plan.inventoryText;
      return { action: action.action, filePath, content, lastCommitId: props.inventoryCommit };
    }
    switch (action.action) {
      case 'delete':
        return { action: 'delete', filePath };
      case 'chmod':
        return { action: 'chmod', filePath, execute_filemode: action.executable };
      default:
        return {
          action: action.action,
          filePath,
          ...encoded(checked(filePath, props.contentOf(filePath), blobs.get(filePath))),
        };
    }
  });
}

function checked(path: string, content: Uint8Array, blob: string | undefined): Uint8Array {
  const got = gitBlobId(content);
  if (got === blob) return content;
  throw new ValidationError({ at: path, prop: 'content', got, want: `${blob} as in the manifest; synthesize again` });
}

// JSON carries text as it is; a NUL in it is more than GitLab takes.
function encoded(content: Uint8Array): Pick<GitLabAction, 'content' | 'encoding'> {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  return isUtf8(bytes) && !bytes.includes(0)
    ? { content: bytes.toString('utf8'), encoding: 'text' }
    : { content: bytes.toString('base64'), encoding: 'base64' };
}
