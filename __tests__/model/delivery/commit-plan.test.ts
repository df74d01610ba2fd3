import fc from 'fast-check';

import { gitBlobId } from '../../../lib/model/delivery/blob';
import { planCommit, type BranchFile, type CommitPlan, type WantedFile } from '../../../lib/model/delivery/commit-plan';
import { formatInventory, inventoryPath, parseInventory, type Inventory } from '../../../lib/model/delivery/inventory';

type Branch = ReadonlyMap<string, BranchFile>;

const name = 'dev-uni-dev';
const never: Inventory = { name, files: new Map() };
const blob = (content: string): string => gitBlobId(content);
const file = (content: string, executable = false): BranchFile => ({ blob: blob(content), executable });
const want = (path: string, content: string, rest: Partial<WantedFile> = {}): WantedFile => ({
  path,
  blob: blob(content),
  executable: false,
  policy: 'managed',
  ...rest,
});

/** What GitLab does with the actions: all or nothing, and it refuses what does not fit. */
function apply(plan: CommitPlan, branch: Branch, wanted: readonly WantedFile[]): Map<string, BranchFile> {
  const next = new Map(branch);
  const blobs = new Map(wanted.map((each) => [each.path, each.blob]));
  blobs.set(plan.inventoryPath, blob(plan.inventoryText));
  for (const action of plan.actions) {
    const there = next.get(action.path);
    if ((there === undefined) !== (action.action === 'create')) throw new Error(`refused: ${JSON.stringify(action)}`);
    if (action.action === 'delete') next.delete(action.path);
    else if (action.action === 'chmod') next.set(action.path, { ...there!, executable: action.executable });
    else next.set(action.path, { blob: blobs.get(action.path)!, executable: there?.executable ?? false });
  }
  return next;
}

/** The inventory as it lies on a branch; its text is known by its blob. */
function push(branch: Branch, inventory: Inventory, wanted: readonly WantedFile[], onConflict?: 'adopt' | 'overwrite') {
  const plan = planCommit({ wanted, inventory, branch, onConflict });
  return { plan, branch: plan.conflicts.length > 0 ? branch : apply(plan, branch, wanted) };
}

describe('planCommit', () => {
  test('creates the files and the inventory last', () => {
    const wanted = [want('b.sh', '2', { executable: true }), want('a.yaml', '1')];
    const { plan } = push(new Map(), never, wanted);
    expect(plan.actions).toEqual([
      { action: 'create', path: 'a.yaml' },
      { action: 'create', path: 'b.sh' },
      { action: 'chmod', path: 'b.sh', executable: true },
      { action: 'create', path: '.gitlab/gitops/dev-uni-dev.json' },
    ]);
  });

  test('adopts a foreign file with the same content, and refuses one with another', () => {
    const branch = new Map([
      ['same', file('x')],
      ['other', file('theirs')],
    ]);
    const wanted = [want('same', 'x'), want('other', 'ours')];
    const { plan } = push(branch, never, wanted);
    expect(plan.conflicts).toEqual([{ path: 'other', reason: 'foreign' }]);
    const overwritten = push(branch, never, wanted, 'overwrite');
    expect(overwritten.plan.actions).toEqual([
      { action: 'update', path: 'other' },
      { action: 'create', path: inventoryPath(name) },
    ]);
  });

  test('names a file of ours that somebody changed, wanted or not', () => {
    const inventory: Inventory = {
      name,
      files: new Map([
        ['gone', { blob: blob('1') }],
        ['kept', { blob: blob('1') }],
      ]),
    };
    const branch = new Map([
      ['gone', file('edited')],
      ['kept', file('edited')],
    ]);
    const { plan } = push(branch, inventory, [want('kept', '2')]);
    expect(plan.conflicts).toEqual([
      { path: 'gone', reason: 'edited' },
      { path: 'kept', reason: 'edited' },
    ]);
  });

  test("'adopt' leaves what others changed, until both have changed", () => {
    const inventory: Inventory = { name, files: new Map([['edited', { blob: blob('1') }]]) };
    const branch = new Map([
      ['edited', file('theirs')],
      ['foreign', file('theirs')],
      [inventoryPath(name), file('')],
    ]);
    const first = push(branch, inventory, [want('edited', '1'), want('foreign', 'ours')], 'adopt');
    expect(first.plan).toMatchObject({
      actions: [{ action: 'update', path: inventoryPath(name) }],
      conflicts: [],
      kept: ['edited', 'foreign'],
    });
    const again = push(first.branch, first.plan.inventory, [want('edited', '1'), want('foreign', 'ours')], 'adopt');
    expect(again.plan).toMatchObject({ actions: [], conflicts: [], kept: ['edited', 'foreign'] });
    const both = push(first.branch, first.plan.inventory, [want('edited', '2')], 'adopt');
    expect(both.plan.conflicts).toEqual([
      { path: 'edited', reason: 'edited' },
      { path: 'foreign', reason: 'edited' },
    ]);
  });

  describe('for another owner', () => {
    const before: Inventory = { name, owner: 'A', files: new Map([['a', { blob: blob('1') }]]) };
    const branch = new Map([
      ['a', file('1')],
      [inventoryPath(name), file('')],
    ]);
    const plan = (owner: string | undefined, wanted: readonly WantedFile[]) =>
      planCommit({ wanted, inventory: before, branch, owner });

    test('says whose files it would delete or change', () => {
      expect(plan('B', [want('b', '1')]).otherOwner).toBe('A');
      expect(plan('B', [want('a', '2')]).otherOwner).toBe('A');
      expect(plan('B', [want('a', '1', { executable: true })]).otherOwner).toBe('A');
      expect(plan('B', []).otherOwner).toBe('A');
    });

    test('hands the inventory over as long as no file changes', () => {
      const taken = plan('B', [want('a', '1'), want('b', '1')]);
      expect(taken.otherOwner).toBeUndefined();
      expect(taken.inventory.owner).toBe('B');
      expect(plan('B', [want('a', '1')]).actions).toEqual([{ action: 'update', path: inventoryPath(name) }]);
    });

    test('a person who names no owner changes none', () => {
      const byHand = plan(undefined, [want('a', '2')]);
      expect(byHand.otherOwner).toBeUndefined();
      expect(byHand.inventory.owner).toBe('A');
      expect(plan('A', [want('a', '2')]).otherOwner).toBeUndefined();
    });
  });

  test('creates a seed once, leaves it alone, and deletes only one that it created', () => {
    const seed = want('seed', '# seed', { policy: 'seed' });
    const first = push(new Map(), never, [seed]);
    const filled = new Map(first.branch).set('seed', file('filled by flux'));
    const second = push(filled, first.plan.inventory, [{ ...seed, blob: blob('# another seed') }]);
    expect(second.plan.actions).toEqual([]);
    expect(push(filled, second.plan.inventory, []).plan.actions).toEqual([
      { action: 'delete', path: 'seed' },
      { action: 'delete', path: inventoryPath(name) },
    ]);
    const theirs = push(new Map([['seed', file('theirs')]]), never, [seed]);
    expect(theirs.plan.actions).toEqual([]);
    expect(push(theirs.branch, theirs.plan.inventory, []).plan.actions).toEqual([]);
  });

  test('leaves a released file in Git, and forgets it', () => {
    const inventory: Inventory = {
      name,
      files: new Map([
        ['kept', { blob: blob('1') }],
        ['gone', { blob: blob('1') }],
      ]),
    };
    const branch = new Map([
      ['kept', file('1')],
      ['gone', file('1')],
      [inventoryPath(name), file('')],
    ]);
    const plan = planCommit({ wanted: [], released: ['kept', 'never-written'], inventory, branch });
    expect(plan.actions).toEqual([
      { action: 'delete', path: 'gone' },
      { action: 'delete', path: inventoryPath(name) },
    ]);
    expect(plan.inventory.files.size).toBe(0);
  });

  test('needs no action for a file that is gone already', () => {
    const inventory: Inventory = { name, files: new Map([['gone', { blob: blob('1') }]]) };
    expect(push(new Map([[inventoryPath(name), file('')]]), inventory, []).plan.actions).toEqual([
      { action: 'delete', path: inventoryPath(name) },
    ]);
  });
});

const path = fc.constantFrom('a', 'b', 'c/d', 'c/e', 'f');
const content = fc.constantFrom('1', '2', '3');
const files = fc.uniqueArray(
  fc.record({
    path,
    blob: content.map(blob),
    executable: fc.boolean(),
    policy: fc.constantFrom<'managed' | 'seed'>('managed', 'seed'),
  }),
  { selector: (each) => each.path },
);
const foreign = fc.array(
  fc.tuple(
    path,
    content.map((text) => file(text)),
  ),
  { maxLength: 3 },
);
// A life: what the stack wants, and what others then do to the branch.
const life = fc.array(fc.record({ wanted: files, foreign, deleted: fc.array(path, { maxLength: 1 }) }), {
  maxLength: 5,
});

describe('planCommit, whatever others do in between', () => {
  test('the files are there, foreign files are untouched, a second plan is empty, a removal leaves nothing of ours', () => {
    fc.assert(
      fc.property(life, (steps) => {
        let branch: Branch = new Map();
        let inventory = never;
        for (const step of steps) {
          const before = branch;
          const { plan, branch: after } = push(before, inventory, step.wanted, 'overwrite');
          const touched = new Set([
            ...inventory.files.keys(),
            ...step.wanted.map((each) => each.path),
            plan.inventoryPath,
          ]);
          for (const [at, there] of before) if (!touched.has(at)) expect(after.get(at)).toEqual(there);
          for (const each of step.wanted) {
            const there = after.get(each.path);
            const left = each.policy === 'seed' ? before.get(each.path) : undefined;
            expect(there).toEqual(left ?? { blob: each.blob, executable: each.executable });
          }
          for (const at of inventory.files.keys()) {
            if (!step.wanted.some((each) => each.path === at)) expect(after.has(at)).toBe(false);
          }

          expect(push(after, plan.inventory, step.wanted).plan).toMatchObject({ actions: [], conflicts: [] });
          inventory = parseInventory(plan.inventoryText, name);
          expect(inventory).toEqual(plan.inventory);
          const edited = new Map(after);
          for (const [at, there] of step.foreign) edited.set(at, there);
          for (const at of step.deleted) edited.delete(at);
          branch = edited;
        }
        const removed = push(branch, inventory, [], 'overwrite').branch;
        expect([...removed.keys()].filter((at) => inventory.files.has(at) || at === inventoryPath(name))).toEqual([]);
      }),
    );
  });

  test("without 'overwrite' nothing that others wrote is ever changed or deleted", () => {
    fc.assert(
      fc.property(life, fc.constantFrom(undefined, 'adopt' as const), (steps, onConflict) => {
        let branch: Branch = new Map();
        let inventory = never;
        for (const step of steps) {
          const { plan } = push(branch, inventory, step.wanted, onConflict);
          for (const { action, path: at } of plan.actions) {
            if (at === plan.inventoryPath || action === 'create' || action === 'chmod') continue;
            const recorded = inventory.files.get(at);
            expect(recorded).toBeDefined();
            if (recorded?.policy !== 'seed') expect(branch.get(at)?.blob).toBe(recorded?.blob);
          }
          const next = push(branch, inventory, step.wanted, 'overwrite');
          inventory = next.plan.inventory;
          branch = new Map([...next.branch, ...step.foreign]);
        }
      }),
    );
  });
});

describe('inventory', () => {
  test('is the same text whatever the order, one file a line', () => {
    const a: Inventory = {
      name,
      files: new Map([
        ['x', { blob: '1' }],
        ['"', { blob: '2', policy: 'seed' }],
      ]),
    };
    const b: Inventory = { name, files: new Map([...a.files].reverse()) };
    expect(formatInventory(a)).toBe(formatInventory(b));
    expect(formatInventory(a)).toBe(
      '{\n  "version": 1,\n  "name": "dev-uni-dev",\n  "files": {\n' +
        '    "\\"": {"blob":"2","policy":"seed"},\n    "x": {"blob":"1"}\n  }\n}\n',
    );
    expect(parseInventory(formatInventory(a), name).files).toEqual(new Map([...a.files].reverse()));
    const owned = formatInventory({ ...a, owner: 'state-1' });
    expect(owned).toContain('  "name": "dev-uni-dev",\n  "owner": "state-1",\n  "files": {');
    expect(parseInventory(owned, name).owner).toBe('state-1');
  });

  test.each([
    ['nonsense', /a JSON object/],
    ['{"version":2}', /version: got 2, want 1/],
    ['{"version":1,"name":"other","files":{}}', /name: got "other"/],
    ['{"version":1,"name":"dev-uni-dev","owner":1,"files":{}}', /owner: got 1/],
    ['{"version":1,"name":"dev-uni-dev","files":{"a":{}}}', /files\["a"\]/],
  ])('refuses %s', (text, message) => {
    expect(() => parseInventory(text, name)).toThrow(message);
  });

  test('refuses a name that leaves its directory', () => {
    expect(() => inventoryPath('../x')).toThrow(/inventory: name/);
  });
});

test('gitBlobId is what git says', () => {
  expect(gitBlobId('hello\n')).toBe('ce013625030ba8dba906f756967f9e9ca394464a');
  expect(gitBlobId(Buffer.from('hello\n'))).toBe('ce013625030ba8dba906f756967f9e9ca394464a');
});
