import fc from 'fast-check';

import { FileTree } from '../../lib/model/manifest/file-tree';
import { kustomizationFile } from '../../lib/model/manifest/kustomize';
import { toYaml } from '../../lib/model/manifest/yaml';
import { baseOf, type ClusterPlan, type ComponentPlan, type FleetPlan } from './fleets';

// Names that read alike, hold hyphens, or are also something else somewhere.
const componentNames = ['a', 'b', 'a-b', 'fluentd', 'git', 'base', 'overlays', 'x1', 'default'];
const clusterNames = ['uni', 'uni-dev', 'dev', 'c1', 'campus', 'a'];
const environments = ['dev', 'prod', 'stage'];

/** Any component; it depends on, and joins, only components before it. */
function component(name: string, before: readonly ComponentPlan[]): fc.Arbitrary<ComponentPlan> {
  const names = before.map((other) => other.name);
  return fc.record({
    name: fc.constant(name),
    joins:
      names.length === 0 ? fc.constant(undefined) : fc.option(fc.constantFrom(...names), { nil: undefined, freq: 2 }),
    dependsOn: fc.subarray(names),
    source: fc.constantFrom('gitops', 'gitops', 'tag', 'in-repository', 'public', 'private'),
    chart: fc.constantFrom(
      undefined,
      undefined,
      undefined,
      'repository',
      'private-repository',
      'oci',
      'private-oci',
      'own',
      'git',
    ),
    account: fc.constantFrom(undefined, undefined, 'namespaced', 'cluster-wide'),
    bringsNamespace: fc.boolean(),
    changes: fc.boolean(),
  });
}

const components = (names: readonly string[]): fc.Arbitrary<ComponentPlan[]> =>
  names.reduce<fc.Arbitrary<ComponentPlan[]>>(
    (earlier, name) => earlier.chain((before) => component(name, before).map((next) => [...before, next])),
    fc.constant([]),
  );

/** Whether GitLab CI could apply it: no Secret, no account of its own. */
const fitsPipeline = ({ source, account, chart }: ComponentPlan): boolean =>
  account === undefined && (chart === undefined ? source !== 'private' : !chart.startsWith('private'));

/** Whether Flux may look at the releases that it waits for: an account with rights in one namespace sees no other. */
function seesReleases(all: readonly ComponentPlan[], plan: ComponentPlan, lockdown: boolean): boolean {
  const find = (name: string): ComponentPlan => all.find((each) => each.name === name)!;
  const namespaceOf = (each: ComponentPlan): string =>
    each.joins === undefined ? each.name : namespaceOf(find(each.joins));
  const elsewhere = (plan.dependsOn ?? [])
    .map(find)
    .some((other) => other.chart !== undefined && namespaceOf(other) !== namespaceOf(plan));
  if (plan.chart !== undefined || !elsewhere || plan.account === 'cluster-wide') return true;
  return plan.account === undefined && !lockdown;
}

/** What a choice of components needs besides: dependencies and owners of namespaces; undefined when one does not fit. */
function closure(
  all: readonly ComponentPlan[],
  names: readonly string[],
  pipeline: boolean,
  lockdown: boolean,
): string[] {
  const needed = new Set<string>();
  const fits = (name: string): boolean => {
    const plan = all.find((each) => each.name === name)!;
    return (
      (pipeline ? fitsPipeline(plan) : seesReleases(all, plan, lockdown)) &&
      [...(plan.dependsOn ?? []), plan.joins ?? []].flat().every(fits)
    );
  };
  const add = (name: string): void => {
    const plan = all.find((each) => each.name === name)!;
    [...(plan.dependsOn ?? []), plan.joins ?? []].flat().forEach(add);
    needed.add(name);
  };
  names.filter(fits).forEach(add);
  return [...needed];
}

function cluster(name: string, all: readonly ComponentPlan[]): fc.Arbitrary<ClusterPlan> {
  return fc
    .record({
      environment: fc.constantFrom(...environments),
      trigger: fc.constantFrom('interval', 'agent', 'webhook', 'pipeline'),
      lockdown: fc.boolean(),
      names: fc.subarray(all.map((each) => each.name)),
    })
    .map(({ names, ...rest }) => ({
      name,
      ...rest,
      components: closure(all, names, rest.trigger === 'pipeline', rest.lockdown),
    }));
}

/** Fleets of up to four clusters and five components with everything that a fleet can have. */
export const fleetPlans: fc.Arbitrary<FleetPlan> = fc
  .tuple(
    fc.subarray(componentNames, { minLength: 1, maxLength: 5 }).chain((names) => components(names)),
    fc.subarray(clusterNames, { minLength: 1, maxLength: 4 }),
  )
  .chain(([all, names]) =>
    fc.tuple(...names.map((name) => cluster(name, all))).map((clusters) => ({ components: all, clusters })),
  )
  .filter(({ clusters }) => !collides(clusters));

/** `a` + `b-c` and `a-b` + `c` share a file in flux-common, which is refused. */
function collides(clusters: readonly ClusterPlan[]): boolean {
  const files = clusters
    .filter(({ trigger }) => trigger === 'pipeline')
    .flatMap(({ name, components: names }) => names.map((each) => `${name}-${each}`));
  return new Set(files).size !== files.length;
}

/** The bases that are somebody else's, as they would be in the repository. */
export function basesOfOthers(plan: FleetPlan): FileTree {
  return FileTree.merge(
    plan.components
      .filter(({ source, chart }) => source === 'in-repository' && chart === undefined)
      .map(({ name, bringsNamespace }) =>
        FileTree.of([
          { path: 'objects.yaml', content: toYaml(baseOf(name, bringsNamespace)) },
          { path: 'kustomization.yaml', content: toYaml([kustomizationFile({ resources: ['objects.yaml'] })]) },
        ]).below(`systems/${name}/base`),
      ),
  );
}
