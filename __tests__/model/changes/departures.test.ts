import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { checkDepartures, checkEarlierState } from '../../../lib/model/changes/departures';

const made: string[] = [];
afterAll(() => made.forEach((directory) => rmSync(directory, { recursive: true })));

const treeWith = (...paths: readonly string[]): string => {
  const directory = mkdtempSync(join(tmpdir(), 'departures-'));
  made.push(directory);
  for (const path of paths) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), '');
  }
  return directory;
};

const FLEET = [{ name: 'uni-dev', stack: 'dev-uni-dev' }];
const OF_UNI_DEV = ['clusters/uni-dev/flux-system/kustomization.yaml', '.gitlab/gitops/dev-uni-dev.json'];

describe('an earlier state', () => {
  it('is a tree of this project, or an empty repository', () => {
    expect(() => checkEarlierState(treeWith(...OF_UNI_DEV))).not.toThrow();
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
      checkDepartures(FLEET, treeWith(...OF_UNI_DEV, '.gitlab/gitops/repository.json', 'clusters/mine/README.md')),
    ).not.toThrow());

  it('is destroyed first, by its stack', () =>
    expect(() =>
      checkDepartures(FLEET, treeWith(...OF_UNI_DEV, 'clusters/old/flux-system/x', '.gitlab/gitops/prod-old.json')),
    ).toThrow(
      'fleet: clusters: got "no \\"old\\", and clusters/old is still in the repository", want its stack destroyed first, with the file as it was: npx cdktf destroy prod-old',
    ));

  it('may be a spoke, and several are named', () =>
    expect(() =>
      checkDepartures(
        FLEET,
        treeWith(...OF_UNI_DEV, 'clusters/uni-dev/spokes/shop.yaml', 'clusters/old/flux-system/x'),
      ),
    ).toThrow(/no \\"old\\".*destroy <environment>-old\n.*no \\"shop\\".*destroy <environment>-shop$/));

  it('may leave an environment only', () =>
    expect(() => checkDepartures([{ name: 'uni-dev', stack: 'test-uni-dev' }], treeWith(...OF_UNI_DEV))).toThrow(
      /"\\"uni-dev\\" with the stack test-uni-dev, and the stack dev-uni-dev is still there", .*npx cdktf destroy dev-uni-dev$/,
    ));
});
