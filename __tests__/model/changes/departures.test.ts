import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { checkDepartures, checkEarlierState } from '../../../lib/model/changes/departures';
import { formatInventory, inventoryPath } from '../../../lib/model/delivery/inventory';

const made: string[] = [];
afterAll(() => made.forEach((directory) => rmSync(directory, { recursive: true })));

const treeWith = (...paths: readonly string[]): string => {
  const directory = mkdtempSync(join(tmpdir(), 'departures-'));
  made.push(directory);
  for (const path of paths) write(directory, path, '');
  return directory;
};
const write = (directory: string, path: string, content: string): void => {
  mkdirSync(dirname(join(directory, path)), { recursive: true });
  writeFileSync(join(directory, path), content);
};
/** A tree to which stacks have delivered. */
const treeOf = (stacks: Readonly<Record<string, readonly string[]>>): string => {
  const directory = treeWith(...Object.values(stacks).flat());
  for (const [name, paths] of Object.entries(stacks)) {
    const files = new Map(paths.map((path) => [path, { blob: '' }]));
    write(directory, inventoryPath(name), formatInventory({ name, files }));
  }
  return directory;
};

const FLEET = [{ name: 'uni-dev', stack: 'dev-uni-dev' }];
const FLUX_OF_UNI_DEV = 'clusters/uni-dev/flux-system/kustomization.yaml';
const OF_UNI_DEV = { 'dev-uni-dev': [FLUX_OF_UNI_DEV] };

describe('an earlier state', () => {
  it('is a tree of this project, or an empty repository', () => {
    expect(() => checkEarlierState(treeOf(OF_UNI_DEV))).not.toThrow();
    expect(() => checkEarlierState(treeWith('.git/HEAD'))).not.toThrow();
  });

  it('is no other directory', () =>
    expect(() => checkEarlierState(treeWith('package.json'))).toThrow(
      /^--against: got ".*", want a clone of the GitOps repository, .*: none of clusters, systems, \.gitlab\/gitops is there$/,
    ));
});

describe('a cluster that leaves the fleet', () => {
  it('is none when all are there', () =>
    expect(() =>
      checkDepartures(
        FLEET,
        treeOf({
          ...OF_UNI_DEV,
          repository: ['systems/a/base/a.yaml'],
          mine: ['clusters/mine/README.md', 'clusters/uni-dev/README.md'],
        }),
      ),
    ).not.toThrow());

  it('is destroyed first, by its stack', () =>
    expect(() => checkDepartures(FLEET, treeOf({ ...OF_UNI_DEV, 'prod-old': ['clusters/old/flux-system/x'] }))).toThrow(
      'fleet: clusters: got "no \\"old\\", and clusters/old is still in the repository", want its stack destroyed first, with the file as it was: npx cdktf destroy prod-old',
    ));

  it('is destroyed by the stack that wrote its files, whatever the name of either', () => {
    const stacks = {
      'prod-very-old': ['clusters/very-old/flux-system/x'],
      'a-readme': ['clusters/old/README.md'],
      'prod-old': ['clusters/old/flux-system/x'],
    };
    expect(() => checkDepartures([{ name: 'very-old', stack: 'prod-very-old' }], treeOf(stacks))).toThrow(
      /no \\"old\\".*destroy prod-old$/,
    );
  });

  it('may be a spoke', () =>
    expect(() =>
      checkDepartures(FLEET, treeOf({ ...OF_UNI_DEV, 'prod-shop': ['clusters/uni-dev/spokes/shop.yaml'] })),
    ).toThrow(/no \\"shop\\".*destroy prod-shop$/));

  it('may be one of several, of deliveries that keep no inventory', () =>
    expect(() =>
      checkDepartures(
        FLEET,
        treeWith(FLUX_OF_UNI_DEV, 'clusters/uni-dev/spokes/shop.yaml', 'clusters/old/flux-system/x'),
      ),
    ).toThrow(/no \\"old\\".*destroy <environment>-old\n.*no \\"shop\\".*destroy <environment>-shop$/));

  it('may leave an environment only', () =>
    expect(() => checkDepartures([{ name: 'uni-dev', stack: 'test-uni-dev' }], treeOf(OF_UNI_DEV))).toThrow(
      /"\\"uni-dev\\" with the stack test-uni-dev, and the stack dev-uni-dev is still there", .*npx cdktf destroy dev-uni-dev$/,
    ));

  it('has moved when both stacks wrote files of it', () =>
    expect(() =>
      checkDepartures(
        FLEET,
        treeOf({
          ...OF_UNI_DEV,
          'test-uni-dev': ['clusters/uni-dev/web/web-namespace.yaml'],
          'prod-dev': ['clusters/dev/a'],
        }),
      ),
    ).toThrow(/the stack test-uni-dev is still there/));
});
