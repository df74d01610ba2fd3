import { type CommitAction, type CommitPlan } from './commit-plan';
import { formatInventory, type Inventory, type InventoryFile } from './inventory';

/** How a plan is divided. */
export interface CommitPartsProps {
  /** What the stack wrote before the plan. */
  readonly before: Inventory;
  /** How many bytes a content takes in a request. */
  readonly sizeOf: (path: string) => number;
  /** How many bytes one commit may take. A file that is larger has a commit of its own. */
  readonly limit: number;
}

// Braces, quotes and the words of an action.
const overhead = 128;

/**
 * Divides a plan into commits that GitLab takes. As long as it fits into one, it is one.
 *
 * Each part ends with the inventory of what is written by then, so that files and inventory agree after every one: when
 * a later part fails, the next plan goes on from there, also when it wants something else by then. Deletes come in the
 * last parts, so that what moves is never missing.
 */
export function divideCommit(plan: CommitPlan, props: CommitPartsProps): readonly CommitPlan[] {
  const groups = groupsOf(inOrder(plan), props, plan.inventoryText.length);
  if (groups.length < 2) return [plan];
  const files = new Map(props.before.files);
  const exists = !plan.actions.some(({ action, path }) => action === 'create' && path === plan.inventoryPath);
  let text = exists ? formatInventory(props.before) : '';
  return groups.map((group, index): CommitPlan => {
    for (const { action, path } of group) {
      const file = plan.inventory.files.get(path);
      if (action === 'delete' || file === undefined) files.delete(path);
      else files.set(path, file);
    }
    const last = index === groups.length - 1;
    const inventory = last ? plan.inventory : { ...plan.inventory, files: new Map<string, InventoryFile>(files) };
    const part = { ...plan, inventory, inventoryText: formatInventory(inventory) };
    const actions = [...group, ...inventoryActions(part, text, last)];
    text = part.inventoryText;
    return { ...part, actions };
  });
}

function inventoryActions(part: CommitPlan, before: string, last: boolean): CommitAction[] {
  const path = part.inventoryPath;
  if (before === '') return [{ action: 'create', path }];
  if (last && part.inventory.files.size === 0) return [{ action: 'delete', path }];
  return part.inventoryText === before ? [] : [{ action: 'update', path }];
}

/** The actions on files, with deletes at the end, unless a directory takes the place of a file or the other way round. */
function inOrder({ actions, inventoryPath }: CommitPlan): readonly CommitAction[] {
  const files = actions.filter(({ path }) => path !== inventoryPath);
  const created = new Set(files.filter(({ action }) => action === 'create').map(({ path }) => path));
  const directories = new Set([...created].flatMap(directoriesOf));
  const stands = ({ action, path }: CommitAction): boolean =>
    action === 'delete' && (directories.has(path) || directoriesOf(path).some((each) => created.has(each)));
  const first = files.filter(stands);
  const rest = files.filter((each) => !stands(each));
  return [
    ...first,
    ...rest.filter(({ action }) => action !== 'delete'),
    ...rest.filter(({ action }) => action === 'delete'),
  ];
}

function directoriesOf(path: string): string[] {
  const segments = path.split('/');
  return segments.slice(1).map((_, index) => segments.slice(0, index + 1).join('/'));
}

function groupsOf(
  actions: readonly CommitAction[],
  { sizeOf, limit }: CommitPartsProps,
  inventorySize: number,
): CommitAction[][] {
  const groups: CommitAction[][] = [];
  let size = 0;
  for (const action of actions) {
    const writes = action.action === 'create' || action.action === 'update';
    const weight = overhead + action.path.length + (writes ? sizeOf(action.path) : 0);
    const group = groups.at(-1);
    // The mode of a file belongs into the commit that writes it.
    const same = action.action === 'chmod' && group?.at(-1)?.path === action.path;
    if (group === undefined || (!same && size + weight > limit)) {
      groups.push([action]);
      size = inventorySize + weight;
    } else {
      group.push(action);
      size += weight;
    }
  }
  return groups;
}
