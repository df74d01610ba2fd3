import { formatInventory, inventoryPath, type Inventory, type InventoryFile } from './inventory';

/** A file as a stack wants it. */
export interface WantedFile {
  /** Path below the repository's root. */
  readonly path: string;
  /** Git blob of its content. */
  readonly blob: string;
  /** Whether Git marks it as executable. */
  readonly executable: boolean;
  /** `managed`: always this content. `seed`: created when absent, and left alone afterwards. */
  readonly policy: 'managed' | 'seed';
}

/** A file as it is on the branch. */
export interface BranchFile {
  /** Git blob of its content. */
  readonly blob: string;
  /** Whether Git marks it as executable. */
  readonly executable: boolean;
}

/**
 * What to do when the content of a file on the branch is neither what the stack wrote nor what it wants. `adopt` leaves
 * it for as long as the stack's own content stays the same: when both have changed, it is a conflict again.
 */
export type OnConflict = 'fail' | 'adopt' | 'overwrite';

/** What a plan is made of. */
export interface CommitPlanProps {
  /** The files that shall be there. */
  readonly wanted: Iterable<WantedFile>;
  /** Paths that somebody else writes from now on: what the stack wrote there before is left as it is. */
  readonly released?: readonly string[];
  /** What the stack wrote before; without files when it never did. */
  readonly inventory: Inventory;
  /** Files on the branch by path. At least those that are wanted, those of the inventory, and the inventory itself. */
  readonly branch: ReadonlyMap<string, BranchFile>;
  /**
   * What to do about a file that somebody else wrote.
   *
   * @default 'fail'
   */
  readonly onConflict?: OnConflict;
  /**
   * Who makes the plan, so that two programs whose stacks have one name notice each other.
   *
   * @default - whom the inventory belongs to
   */
  readonly owner?: string;
  /**
   * A commit that others made or lost, and with it what the stack wrote, and that the plan knows of.
   *
   * @default - only the stack itself changed what it wrote
   */
  readonly accepts?: string;
}

/** One action of a commit, in the words of GitLab's Commits API. */
export type CommitAction =
  | { readonly action: 'create' | 'update' | 'delete'; readonly path: string }
  | { readonly action: 'chmod'; readonly path: string; readonly executable: boolean };

/** A file that the plan must not touch without being told to. */
export interface CommitConflict {
  /** Path of the file. */
  readonly path: string;
  /** `edited`: the stack wrote it and somebody changed it since. `foreign`: somebody else wrote it. */
  readonly reason: 'edited' | 'foreign';
}

/** The commit that makes a branch what a stack wants. */
export interface CommitPlan {
  /** Deletes, then creates, updates and modes by path, then the inventory. Empty: there is nothing to commit. */
  readonly actions: readonly CommitAction[];
  /** Files that stand in the way. With any of them there must be no commit. */
  readonly conflicts: readonly CommitConflict[];
  /** Files that others changed and that `adopt` leaves as they are. */
  readonly kept: readonly string[];
  /**
   * Another owner, whose files the plan would change or delete. With one there must be no commit.
   *
   * @default - nobody else's files are touched
   */
  readonly otherOwner?: string;
  /**
   * A commit that others made or lost, and with it what the stack wrote.
   *
   * @default - only the stack itself changed what it wrote
   */
  readonly accepts?: string;
  /** What the stack will have written. */
  readonly inventory: Inventory;
  /** Path of the inventory. */
  readonly inventoryPath: string;
  /** Text of the inventory. */
  readonly inventoryText: string;
}

/**
 * Plans the one commit that makes a branch hold a stack's files.
 *
 * It deletes what the stack wrote and no longer wants, unless that is released, and nothing else.
 *
 * @param props - what is wanted, what was written, what is there
 */
export function planCommit(props: CommitPlanProps): CommitPlan {
  const { inventory, branch, onConflict = 'fail', released = [] } = props;
  const wanted = [...props.wanted].sort(byPath);
  const wantedPaths = new Set(wanted.map(({ path }) => path));

  const conflicts: CommitConflict[] = [];
  const kept: string[] = [];
  const mayReplace = (path: string, there: BranchFile, blob?: string): boolean => {
    const ours = inventory.files.get(path);
    if (ours?.blob === there.blob || onConflict === 'overwrite') return true;
    if (onConflict === 'adopt' && blob !== undefined && blob === (ours?.blob ?? blob)) kept.push(path);
    else conflicts.push({ path, reason: ours === undefined ? 'foreign' : 'edited' });
    return false;
  };

  const deletes = [...inventory.files.keys()].sort().flatMap((path): CommitAction[] => {
    const there = branch.get(path);
    if (wantedPaths.has(path) || released.includes(path) || there === undefined) return [];
    // A seed is meant to be changed by others, so its content is no reason to keep it.
    const seed = inventory.files.get(path)?.policy === 'seed';
    return seed || mayReplace(path, there) ? [{ action: 'delete', path }] : [];
  });

  const writes = wanted.flatMap((file): CommitAction[] => {
    const there = branch.get(file.path);
    if (there === undefined) return [{ action: 'create', path: file.path }, ...mode(file, false)];
    if (file.policy === 'seed') return [];
    if (there.blob === file.blob) return mode(file, there.executable);
    if (!mayReplace(file.path, there, file.blob)) return [];
    return [{ action: 'update', path: file.path }, ...mode(file, there.executable)];
  });

  const next: Inventory = {
    name: inventory.name,
    owner: props.owner ?? inventory.owner,
    accepted: props.accepts ?? inventory.accepted,
    files: new Map(wanted.flatMap((file) => written(file, props))),
  };
  return {
    actions: [...deletes, ...writes, ...inventoryAction(next, inventory, branch)],
    conflicts: conflicts.sort(byPath),
    kept,
    otherOwner: otherOwner(props, [...deletes, ...writes]),
    accepts: props.accepts,
    inventory: next,
    inventoryPath: inventoryPath(next.name),
    inventoryText: formatInventory(next),
  };
}

// An inventory may change hands as long as no file of it does: a stack whose state was lost writes the same files again.
function otherOwner({ owner, inventory }: CommitPlanProps, actions: readonly CommitAction[]): string | undefined {
  if (owner === undefined || inventory.owner === owner) return undefined;
  const touches = actions.some(({ action, path }) => action !== 'create' && inventory.files.has(path));
  return touches ? inventory.owner : undefined;
}

// GitLab takes the mode of a file from a 'chmod' action alone, also for a file that the same commit creates.
function mode({ path, executable }: WantedFile, now: boolean): CommitAction[] {
  return executable === now ? [] : [{ action: 'chmod', path, executable }];
}

function written(file: WantedFile, { inventory, branch }: CommitPlanProps): [string, InventoryFile][] {
  if (file.policy === 'managed') return [[file.path, { blob: file.blob }]];
  if (!branch.has(file.path)) return [[file.path, { blob: file.blob, policy: 'seed' }]];
  // A seed that was there before belongs to somebody else: in the inventory it would be deleted one day.
  const ours = inventory.files.get(file.path);
  return ours === undefined ? [] : [[file.path, { blob: ours.blob, policy: 'seed' }]];
}

function inventoryAction(next: Inventory, before: Inventory, branch: CommitPlanProps['branch']): CommitAction[] {
  const path = inventoryPath(next.name);
  const exists = branch.has(path);
  if (next.files.size === 0) return exists ? [{ action: 'delete', path }] : [];
  if (!exists) return [{ action: 'create', path }];
  return formatInventory(next) === formatInventory(before) ? [] : [{ action: 'update', path }];
}

function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return a.path < b.path ? -1 : 1;
}
