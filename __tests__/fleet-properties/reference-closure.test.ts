import fc from 'fast-check';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { loadFleet } from '../../lib/model/fleet';
import { type FleetDefinition } from '../../lib/model/fleet/definition/fleet-definition';
import { FileTree } from '../../lib/model/manifest/file-tree';
import { FleetStacks } from '../../stacks';
import { basesOfOthers, fleetPlans } from '../support/arbitrary-fleet';
import { examplePlan, fleetOf } from '../support/fleets';
import { buildFleet, clusterObjects, danglingReferences, idOf, treeOf } from '../support/reference-closure';
import { findProgram } from '../support/rig';
import { stackJson, testApp } from '../support/template';

const directories: string[] = [];
afterAll(() => directories.forEach((directory) => rmSync(directory, { recursive: true, force: true })));

function emptyDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'closure-'));
  directories.push(directory);
  return directory;
}

/** The Terraform JSON of a fleet, by stack. */
function terraformOf(definition: FleetDefinition) {
  const app = testApp();
  const { repository, clusters } = new FleetStacks(app, definition);
  return stackJson([repository, ...clusters]);
}

/** What is wrong with what kustomize makes of a fleet's repository. */
async function buildProblems(definition: FleetDefinition, others = FileTree.EMPTY): Promise<string[]> {
  const { overlays, roots } = await buildFleet(definition, emptyDirectory(), others);
  const tree = treeOf(definition, others);
  const problems: string[] = [];
  for (const { cluster } of definition.clusters) {
    // GitLab CI applies the rest; what the flux CLI adds is not of interest.
    const applied = cluster.trigger.type === 'pipeline' ? [] : clusterObjects(tree, cluster);
    const [want, got] = [applied, roots.get(cluster.name)!].map((objects) =>
      objects.map(idOf).filter((id) => !id.includes('flux-system')),
    ) as [string[], string[]];
    if (JSON.stringify(want.sort()) !== JSON.stringify(got.sort())) {
      problems.push(`${cluster.name}: the root is ${got.join()}, not ${want.join()}`);
    }

    // What a chart waits for gets its namespace from the Kustomization.
    for (const component of cluster.components.filter(({ type }) => type === 'kustomize')) {
      for (const object of overlays.get(`systems/${component.name}/overlays/${cluster.name}`) ?? []) {
        const where = `${component.name} on ${cluster.name}: ${idOf(object)}`;
        if (object.kind === 'Namespace' && object.metadata.name === component.namespace) {
          problems.push(`${where} fights with the owner's`);
        }

        if (
          object.kind !== 'Namespace' &&
          !/^Cluster|^CustomResource/.test(object.kind) &&
          !object.metadata.namespace
        ) {
          problems.push(`${where} has no namespace`);
        }
      }
    }
  }
  return problems;
}

const example = join(__dirname, '../../fleet.yaml');
const fleets: [string, FleetDefinition][] = [
  ['a fleet with everything', fleetOf(examplePlan)],
  ...(existsSync(example) ? [['the example fleet', loadFleet(example)] as [string, FleetDefinition]] : []),
];

describe.each(fleets)('%s', (_, definition) => {
  test('has no reference that leads to nothing', () => {
    expect(danglingReferences(definition, { terraform: terraformOf(definition) })).toEqual([]);
  });

  (findProgram('kubectl') ? test : test.skip)('can be built by kustomize: overlays and roots', async () => {
    expect(await buildProblems(definition)).toEqual([]);
  });
});

describe('any fleet', () => {
  test('has no reference that leads to nothing in the tree', () => {
    fc.assert(
      fc.property(fleetPlans, (plan) => {
        expect(danglingReferences(fleetOf(plan), { others: basesOfOthers(plan) })).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  test('has no reference that leads to nothing in the Terraform JSON', () => {
    fc.assert(
      fc.property(fleetPlans, (plan) => {
        const definition = fleetOf(plan);
        const terraform = terraformOf(definition);
        expect(danglingReferences(definition, { others: basesOfOthers(plan), terraform })).toEqual([]);
      }),
      { numRuns: 6 },
    );
  }, 60_000);

  (findProgram('kubectl') ? test : test.skip)(
    'can be built by kustomize: overlays and roots',
    async () => {
      await fc.assert(
        fc.asyncProperty(fleetPlans, async (plan) => {
          expect(await buildProblems(fleetOf(plan), basesOfOthers(plan))).toEqual([]);
        }),
        { numRuns: 3, endOnFailure: true },
      );
    },
    90_000,
  );
});

describe('the check itself', () => {
  const without = (path: RegExp): string[] => {
    const definition = fleetOf(examplePlan);
    const tree = treeOf(definition);
    const rest = FileTree.of([...tree].filter((file) => !path.test(file.path)));
    return [...danglingReferences(definition, { replace: rest })];
  };

  test.each([
    [/^systems\/fluentd\/overlays\/uni-dev\//, /path \.\/systems\/fluentd\/overlays\/uni-dev is no directory/],
    [/clusters\/uni-dev\/logging\/logging-namespace/, /namespace Namespace logging is not there/],
    [/clusters\/uni-dev\/logging\/logging-kustomization/, /dependsOn Kustomization logging\/logging is not there/],
    [/clusters\/uni-dev\/fluentd\/fluentd-git-repository/, /sourceRef GitRepository logging\/fluentd is not there/],
    [/clusters\/uni-dev\/kiosk\/kiosk-secret/, /secretRef Secret kiosk\/kiosk-git is not there/],
    [/clusters\/uni-prod\/logging\/logging-namespace/, /serviceAccountName ServiceAccount logging\/flux-reconciler/],
    [/clusters\/flux-common\/campus-dev-logging/, /dependsOn Kustomization flux-system\/logging is not there/],
  ])('sees that %s is missing', (path, problem) => {
    expect(without(path).join('\n')).toMatch(problem);
  });
});
