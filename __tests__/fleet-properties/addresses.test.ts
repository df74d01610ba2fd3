import fc from 'fast-check';

import { FleetStacks } from '../../stacks';
import { fleetPlans } from '../support/arbitrary-fleet';
import { fleetOf, type ClusterPlan, type ComponentPlan, type FleetPlan } from '../support/fleets';
import { stackJson, testApp, type SynthesizedStack } from '../support/template';

type Stacks = Readonly<Record<string, SynthesizedStack>>;

function synthesize(plan: FleetPlan, type: 'commit' | 'files'): Stacks {
  const { repository, clusters } = new FleetStacks(testApp(), fleetOf(plan, { delivery: { type } }));
  return stackJson([repository, ...clusters]);
}

/** Everything in a stack that has an address, without Terraform's `depends_on`, which is not part of it. */
function addressesOf(stack: SynthesizedStack | undefined): string[] {
  return ['resource', 'data', 'variable', 'output'].flatMap((kind) =>
    Object.entries<any>(stack?.[kind] ?? {}).flatMap(([type, names]) =>
      kind === 'variable' || kind === 'output'
        ? [`${kind}.${type}`]
        : Object.keys(names).map((name) => `${type}.${name}`),
    ),
  );
}

const stackNames = (plan: FleetPlan): string[] =>
  plan.clusters.map(({ name, environment }) => `${environment}-${name}`);

/** A fleet, and one that is described in another order. */
const reordered = fleetPlans.chain((plan) =>
  fc
    .tuple(
      fc.shuffledSubarray([...plan.clusters], { minLength: plan.clusters.length, maxLength: plan.clusters.length }),
      fc.shuffledSubarray([...plan.components], { minLength: plan.components.length }),
      fc.boolean(),
    )
    .map(([clusters, components, reverse]): [FleetPlan, FleetPlan] => [
      plan,
      {
        components,
        clusters: clusters.map((cluster) => ({
          ...cluster,
          components: reverse ? [...cluster.components].reverse() : cluster.components,
        })),
      },
    ]),
);

const newCluster: ClusterPlan = { name: 'zz-new', environment: 'new', components: [] };
const newComponent: ComponentPlan = { name: 'new-component', changes: true };
const delivery = fc.constantFrom('commit' as const, 'files' as const);
const runs = { numRuns: 8, endOnFailure: true };

describe('Terraform addresses and bytes', () => {
  test('do not depend on the order of clusters and components', () => {
    fc.assert(
      fc.property(reordered, delivery, ([before, after], type) => {
        expect(synthesize(after, type)).toEqual(synthesize(before, type));
      }),
      runs,
    );
  }, 60_000);

  test('of other stacks do not change when a cluster comes or goes', () => {
    fc.assert(
      fc.property(fleetPlans, delivery, (plan, type) => {
        const more = { ...plan, clusters: [newCluster, ...plan.clusters] };
        const [without, together] = [synthesize(plan, type), synthesize(more, type)];
        expect(Object.keys(together).sort()).toEqual([...Object.keys(without), 'new-zz-new'].sort());
        for (const name of stackNames(plan)) expect(JSON.stringify(together[name])).toBe(JSON.stringify(without[name]));
        expect(addressesOf(together['repository'])).toEqual(addressesOf(without['repository']));
      }),
      runs,
    );
  }, 60_000);

  test('of other stacks do not change when a component comes to a cluster, and all others stay', () => {
    fc.assert(
      fc.property(fleetPlans, fc.nat(3), delivery, (plan, nat, type) => {
        const index = nat % plan.clusters.length;
        const target = stackNames(plan)[index]!;
        const more: FleetPlan = {
          components: [newComponent, ...plan.components],
          clusters: plan.clusters.map((cluster, position) =>
            position === index ? { ...cluster, components: ['new-component', ...cluster.components] } : cluster,
          ),
        };
        const [before, after] = [synthesize(plan, type), synthesize(more, type)];
        for (const name of stackNames(plan).filter((other) => other !== target)) {
          expect(JSON.stringify(after[name])).toBe(JSON.stringify(before[name]));
        }

        for (const name of [target, 'repository']) {
          expect(addressesOf(after[name])).toEqual(expect.arrayContaining(addressesOf(before[name])));
          if (type === 'files') expectSameFiles(before[name]!, after[name]!, plan.clusters[index]!.name);
        }
      }),
      runs,
    );
  }, 60_000);
});

/** A resource of a file that was there before stays as it was: no commit is made for it. */
function expectSameFiles(before: SynthesizedStack, after: SynthesizedStack, cluster: string): void {
  const files = (stack: SynthesizedStack): Record<string, any> => stack['resource']?.['gitlab_repository_file'] ?? {};
  for (const [name, file] of Object.entries(files(before))) {
    // The first component that needs a credential makes the root look for it, and a webhook's receivers name the sources.
    if (file.file_path === `clusters/${cluster}/flux-system/kustomization.yaml`) continue;
    if (file.file_path.startsWith(`clusters/${cluster}/webhook-receiver/`)) continue;
    // What it waits for changes nothing about it.
    expect({ ...files(after)[name], depends_on: file.depends_on }).toEqual(file);
  }
}
