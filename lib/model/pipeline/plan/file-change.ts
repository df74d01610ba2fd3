import { structuredPatch } from 'diff';

/** A file that a deploy brings to the GitOps repository, changes or takes away. */
export interface FileChange {
  /** Path below the repository's root. */
  readonly path: string;
  /** What happens to it. */
  readonly action: 'create' | 'update' | 'delete';
  /** A short diff, without headers; empty for what is no text. */
  readonly diff: string;
}

/** The files that a stack writes, by path. */
export interface StackTree {
  /** A digest of each file. */
  readonly digests: ReadonlyMap<string, string>;
  /** The content of one of them. */
  contentOf(path: string): Uint8Array;
}

const longest = 60;

/**
 * What changes between two trees of a stack.
 *
 * @param before - the tree of the target branch
 */
export function fileChanges(before: StackTree, after: StackTree): readonly FileChange[] {
  return [...new Set([...before.digests.keys(), ...after.digests.keys()])]
    .filter((path) => before.digests.get(path) !== after.digests.get(path))
    .sort()
    .map((path) => {
      const old = before.digests.has(path) ? before.contentOf(path) : undefined;
      const now = after.digests.has(path) ? after.contentOf(path) : undefined;
      const action = old === undefined ? 'create' : now === undefined ? 'delete' : 'update';
      return { path, action, diff: action === 'delete' ? '' : shortDiff(textOf(old), textOf(now)) };
    });
}

/** The lines that differ between two texts, with one line around them, cut where it gets long. */
export function shortDiff(before: string | undefined, after: string | undefined): string {
  if (before === undefined || after === undefined) return '';
  const lines = structuredPatch('', '', before, after, '', '', { context: 1 }).hunks.flatMap(
    ({ oldStart, newStart, lines: hunk }) => [`@@ -${oldStart} +${newStart} @@`, ...hunk],
  );
  const rest = lines.length - longest;
  return (rest > 1 ? [...lines.slice(0, longest), `… ${rest} more lines`] : lines).join('\n');
}

/** An absent file is an empty text; what holds a zero byte is no text. */
function textOf(content: Uint8Array | undefined): string | undefined {
  if (content === undefined) return '';
  return content.includes(0) ? undefined : new TextDecoder().decode(content);
}
