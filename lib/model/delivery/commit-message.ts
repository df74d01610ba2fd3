import { type CommitPlan } from './commit-plan';

/** How a commit is described. */
export interface CommitMessageOptions {
  /**
   * First line of the message.
   *
   * @default - the name of the stack and how many files are created, updated and deleted
   */
  readonly subject?: string;
  /**
   * Whether the message tells GitLab to run no pipeline for the commit.
   *
   * @default false
   */
  readonly skipCi?: boolean;
}

/** Which one of several commits that a plan became. */
export interface CommitPartNumber {
  /** Its number, from 1. */
  readonly number: number;
  /** How many there are. */
  readonly of: number;
}

/** How many files a commit creates, updates and deletes; the inventory is not counted. */
export interface CommitCounts {
  /** Files that are new. */
  readonly created: number;
  /** Files with another content or mode. */
  readonly updated: number;
  /** Files that go away. */
  readonly deleted: number;
}

/** Key of the last line of a commit's message, by which pipelines tell a delivery from what people commit. */
export const STACK_TRAILER = 'GitLab-Flux-Stack';

const listed = 50;

/** Counts what a plan changes. */
export function countChanges(plan: CommitPlan): CommitCounts {
  const changes = [...changesOf(plan).values()];
  const count = (sign: string): number => changes.filter((each) => each === sign).length;
  return { created: count('+'), updated: count('~'), deleted: count('-') };
}

/** What each file goes through: `+` created, `~` updated, `-` deleted; without the inventory. */
export function changesOf(plan: CommitPlan): ReadonlyMap<string, '+' | '~' | '-'> {
  const signs = { create: '+', update: '~', delete: '-', chmod: '~' } as const;
  const changes = new Map<string, '+' | '~' | '-'>();
  for (const { action, path } of plan.actions) {
    // The mode of a new file is an action of its own, but no change of its own.
    if (path !== plan.inventoryPath && !changes.has(path)) changes.set(path, signs[action]);
  }
  return changes;
}

/**
 * The message of a plan's commit: a line that says what changed, then the paths, and at the end which stack it is of.
 *
 * @param options - subject and `[skip ci]`
 * @param part - which commit it is; of several, only the last one runs a pipeline
 */
export function commitMessage(
  plan: CommitPlan,
  options: CommitMessageOptions = {},
  part: CommitPartNumber = { number: 1, of: 1 },
): string {
  const skipCi = options.skipCi === true || part.number < part.of;
  const number = part.of === 1 ? '' : ` (${part.number} of ${part.of})`;
  const trailer = `${STACK_TRAILER}: ${plan.inventory.name}`;
  return [`${commitSubject(plan, options)}${number}`, commitBody(plan), skipCi ? '[skip ci]' : '', trailer]
    .filter((text) => text !== '')
    .join('\n\n');
}

/** The first line of a commit's message. */
export function commitSubject(plan: CommitPlan, options: CommitMessageOptions = {}): string {
  return options.subject ?? `${plan.inventory.name}: ${describeCounts(countChanges(plan))}`;
}

/** The paths that a plan changes, one a line, the first fifty. */
export function commitBody(plan: CommitPlan): string {
  const lines = [...changesOf(plan)].map(([path, sign]) => `${sign} ${path}`);
  const rest = lines.length - listed;
  const noted = plan.accepts === undefined ? [] : [`takes note of ${plan.accepts.slice(0, 11)}`];
  return [...lines.slice(0, listed), ...(rest > 0 ? [`… and ${rest} more`] : []), ...noted].join('\n');
}

/** Whether a commit is the delivery of a stack, by its message. */
export function isDeliveryOf(message: string, stack: string): boolean {
  return message.split(/\r?\n/).includes(`${STACK_TRAILER}: ${stack}`);
}

/** Counts as a phrase: `create 2 files, update 1 file`. */
export function describeCounts({ created, updated, deleted }: CommitCounts): string {
  const phrases = Object.entries({ create: created, update: updated, delete: deleted })
    .filter(([, n]) => n > 0)
    .map(([verb, n]) => `${verb} ${n} ${n === 1 ? 'file' : 'files'}`);
  return phrases.length === 0 ? 'update the inventory' : phrases.join(', ');
}
