import fc from 'fast-check';

import { gitBlobId } from '../../../lib/model/delivery/blob';
import { commitMessage } from '../../../lib/model/delivery/commit-message';
import { divideCommit } from '../../../lib/model/delivery/commit-parts';
import { planCommit, type BranchFile, type CommitPlan, type WantedFile } from '../../../lib/model/delivery/commit-plan';
import { inventoryPath, parseInventory, type Inventory } from '../../../lib/model/delivery/inventory';

type Branch = ReadonlyMap<string, BranchFile>;

const name = 'dev-uni-dev';
const inventoryFile = inventoryPath(name);
const never: Inventory = { name, files: new Map() };
const want = (path: string, content: string, executable = false): WantedFile => ({
  path,
  blob: gitBlobId(content),
  executable,
  policy: 'managed',
});

/** What Git does with the actions, one after the other: a file and a directory of one name exclude each other. */
function apply(plan: CommitPlan, branch: Branch, wanted: readonly WantedFile[]): Map<string, BranchFile> {
  const next = new Map(branch);
  const blobs = new Map(wanted.map((each) => [each.path, each.blob]));
  for (const action of plan.actions) {
    const there = next.get(action.path);
    const blob = action.path === inventoryFile ? gitBlobId(plan.inventoryText) : blobs.get(action.path);
    if ((there === undefined) !== (action.action === 'create')) throw new Error(`refused: ${JSON.stringify(action)}`);
    for (const path of next.keys()) {
      const nested = path.startsWith(`${action.path}/`) || action.path.startsWith(`${path}/`);
      if (action.action === 'create' && nested) throw new Error(`${action.path} and ${path} exclude each other`);
    }
    if (action.action === 'delete') next.delete(action.path);
    else if (action.action === 'chmod') next.set(action.path, { ...there!, executable: action.executable });
    else next.set(action.path, { blob: blob!, executable: there?.executable ?? false });
  }
  return next;
}

const divide = (plan: CommitPlan, before: Inventory, limit: number, size = 1000) =>
  divideCommit(plan, { before, limit, sizeOf: () => size });

test('what fits is one commit', () => {
  const plan = planCommit({ wanted: [want('a', '1'), want('b', '2')], inventory: never, branch: new Map() });
  expect(divide(plan, never, 1_000_000)).toEqual([plan]);
});

test('each part ends with the inventory of what is written by then; deletes come last', () => {
  const before: Inventory = { name, files: new Map([['gone', { blob: gitBlobId('0') }]]) };
  const branch = new Map([['gone', { blob: gitBlobId('0'), executable: false }]]);
  branch.set(inventoryFile, { blob: '', executable: false });
  const wanted = [want('a', '1'), want('b.sh', '2', true), want('c', '3')];
  const parts = divide(planCommit({ wanted, inventory: before, branch }), before, 1);
  expect(parts.map(({ actions }) => actions.map(({ action, path }) => `${action} ${path}`))).toEqual([
    ['create a', `update ${inventoryFile}`],
    ['create b.sh', 'chmod b.sh', `update ${inventoryFile}`],
    ['create c', `update ${inventoryFile}`],
    ['delete gone', `update ${inventoryFile}`],
  ]);
  expect(parts.map(({ inventoryText }) => [...parseInventory(inventoryText, name).files.keys()])).toEqual([
    ['a', 'gone'],
    ['a', 'b.sh', 'gone'],
    ['a', 'b.sh', 'c', 'gone'],
    ['a', 'b.sh', 'c'],
  ]);
  expect(commitMessage(parts[1]!, {}, { number: 2, of: 4 })).toBe(
    'dev-uni-dev: create 1 file (2 of 4)\n\n+ b.sh\n\n[skip ci]\n\nGitLab-Flux-Stack: dev-uni-dev',
  );
  expect(commitMessage(parts[3]!, {}, { number: 4, of: 4 })).toBe(
    'dev-uni-dev: delete 1 file (4 of 4)\n\n- gone\n\nGitLab-Flux-Stack: dev-uni-dev',
  );
});

const files = fc.uniqueArray(
  fc.record({
    path: fc.constantFrom('a', 'a/b', 'a/b/c', 'b', 'c/d', 'c/e', 'f', 'g'),
    content: fc.constantFrom('1', '2', '3'),
    executable: fc.boolean(),
  }),
  { selector: ({ path }) => path },
);
const tree = files.map((given) =>
  given
    .filter(({ path }) => !given.some((other) => other.path.startsWith(`${path}/`)))
    .map(({ path, content, executable }) => want(path, content, executable)),
);

test('whatever fails, and whatever is wanted by then, the next push ends with what is wanted and nothing else', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(tree, fc.nat({ max: 6 })), { minLength: 1, maxLength: 5 }), (pushes) => {
      let branch: Branch = new Map([['theirs', { blob: gitBlobId('theirs'), executable: false }]]);
      let inventory = never;
      const run = (wanted: readonly WantedFile[], failsAfter: number): void => {
        const plan = planCommit({ wanted, inventory, branch });
        expect(plan.conflicts).toEqual([]);
        for (const part of divide(plan, inventory, 1200).slice(0, failsAfter)) {
          branch = apply(part, branch, wanted);
          inventory = parseInventory(part.inventoryText, name);
          // Files and inventory agree after every commit.
          for (const [path, { blob }] of inventory.files) expect(branch.get(path)?.blob).toBe(blob);
        }
      };
      for (const [wanted, failsAfter] of pushes) run(wanted, failsAfter);
      const [last] = pushes.at(-1)!;
      run(last, Infinity);
      const own = [...branch].filter(([path]) => path !== 'theirs' && path !== inventoryFile);
      const wanted = last.map(({ path, blob, executable }) => [path, { blob, executable }] as const);
      expect(own.sort(([a], [b]) => (a < b ? -1 : 1))).toEqual([...wanted].sort(([a], [b]) => (a < b ? -1 : 1)));
      expect(branch.has('theirs')).toBe(true);
    }),
  );
});
