import { createHash } from 'node:crypto';

/** Names of stacks with a digest of what each was synthesized to. */
export type StackContents = Readonly<Record<string, string>>;

/**
 * The digest of a synthesized stack: its JSON and its assets.
 *
 * @param files - path below the stack's directory, and bytes, in any order
 */
export function contentDigest(files: Iterable<readonly [path: string, content: Uint8Array]>): string {
  const hash = createHash('sha256');
  for (const [path, content] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    // Lengths, so that no two lists of files give the same bytes.
    hash.update(`${Buffer.byteLength(path)} ${path} ${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

/** Whether a file below a stack's directory is something that Terraform left there. */
export function isLeftover(path: string): boolean {
  return /^(\.terraform\/|\.terraform\.|terraform\.tfstate|plan$)/.test(path);
}

/** How the stacks of a program differ from another state of it. */
export interface StackDifference {
  /** Stacks that are new or another, in order. */
  readonly changed: readonly string[];
  /** Stacks that are no longer there: Terraform still has their resources. */
  readonly removed: readonly string[];
}

/**
 * Compares what was synthesized with another state of it.
 *
 * @param before - the stacks of the target branch, or as they were applied
 */
export function differenceOf(now: StackContents, before: StackContents): StackDifference {
  return {
    changed: Object.keys(now)
      .filter((name) => now[name] !== before[name])
      .sort(),
    removed: Object.keys(before)
      .filter((name) => !(name in now))
      .sort(),
  };
}
