import { checkAll, mapAll } from '../check-all';
import { type Component } from '../component/component';
import { type ErrorThing } from '../error-place';
import { ValidationError } from '../validation-error';
import { type Cluster } from './cluster';

const AT = 'fleet';

/** Names of a fleet that no cluster of it has. */
export interface KnownNames {
  /** Environments without a cluster. */
  readonly environments?: readonly string[];
  /** Clusters that are not there yet, or not as they should be. */
  readonly clusters?: readonly string[];
}

/** Clusters whose files are in one GitOps repository. Rules that concern several clusters are checked here. */
export class Fleet {
  /** The clusters, in the given order. */
  public readonly clusters: readonly Cluster[];
  /** The components of all clusters, each once, in the order of their names. */
  public readonly components: readonly Component[];

  /**
   * @param known - names that components may name, beside those of the clusters
   * @throws ValidationError when names collide, or a component names a cluster or an environment that does not exist
   */
  constructor(clusters: readonly Cluster[], known: KnownNames = {}) {
    this.clusters = [...clusters];
    this.components = [...new Set(clusters.flatMap(({ components }) => components))].sort(byName);
    checkAll(
      () => checkClusterNames(clusters),
      () => checkEnvironments(clusters),
      () => checkCommonFiles(clusters),
      () => checkComponents(this.components, clusters, known),
    );
  }
}

function byName(a: Component, b: Component): number {
  return a.name < b.name ? -1 : 1;
}

function checkClusterNames(clusters: readonly Cluster[]): void {
  const names = new Set<string>();
  for (const { name } of clusters) {
    if (names.has(name)) throw new ValidationError({ at: AT, prop: 'clusters', got: name, want: 'each cluster once' });
    names.add(name);
  }
}

/** `cdktf deploy 'dev-*'` must not reach the stacks of an environment `dev-eu`. */
function checkEnvironments(clusters: readonly Cluster[]): void {
  const environments = [...new Set(clusters.map(({ environment }) => environment))].sort();
  for (const environment of environments) {
    const longer = environments.find((other) => other.startsWith(`${environment}-`));
    if (longer !== undefined) {
      throw new ValidationError({
        at: AT,
        prop: 'environments',
        got: longer,
        want: `a name that does not begin with "${environment}-": the pattern '${environment}-*' selects the stacks of ${environment}`,
      });
    }
  }
}

/** `clusters/flux-common/<cluster>-<component>.yaml`: `a` with `b-c` and `a-b` with `c` would share a file. */
function checkCommonFiles(clusters: readonly Cluster[]): void {
  const owners = new Map<string, string>();
  for (const { name, components, trigger } of clusters) {
    for (const component of trigger.type === 'pipeline' ? components : []) {
      const file = `${name}-${component.name}`;
      const owner = owners.get(file);
      if (owner !== undefined) {
        throw new ValidationError({
          at: AT,
          prop: 'clusters',
          got: `component "${component.name}" on "${name}", and ${owner}`,
          want: `other names: both would be clusters/flux-common/${file}.yaml`,
        });
      }
      owners.set(file, `"${component.name}" on "${name}"`);
    }
  }
}

function checkComponents(components: readonly Component[], clusters: readonly Cluster[], known: KnownNames): void {
  const others = known.clusters ?? [];
  const clusterNames = new Set([...clusters.map(({ name }) => name), ...others]);
  const environments = new Set([...clusters.map(({ environment }) => environment), ...(known.environments ?? [])]);
  mapAll(components, (component, index) => {
    const at = { component: component.name };
    if (components[index + 1]?.name === component.name) {
      throw new ValidationError({
        at: AT,
        prop: 'components',
        got: component.name,
        want: `one component of this name for all clusters, because systems/${component.name} belongs to one`,
      });
    }
    const users = clusters.filter((cluster) => cluster.components.includes(component)).map(({ name }) => name);
    const named = component.clustersNamed.filter((name) => clusterNames.has(name) && !others.includes(name));
    checkAll(
      () => refuseUnknown(at, 'clusters', component.clustersNamed, clusterNames),
      () => checkEnvironmentsNamed(component, environments),
      () => refuseUnknown(at, 'clusters', named, new Set(users), 'a cluster that has the component'),
    );
  });
}

/** Refuses environments that a component names and a fleet does not have. */
export function checkEnvironmentsNamed(component: Component, known: ReadonlySet<string>): void {
  const at = { component: component.name };
  const unknown = component.environmentsNamed.filter(({ name }) => !known.has(name));
  mapAll(unknown, ({ name, prop }) => {
    const want = `one of the fleet's environments: ${[...known].sort().join(', ')}`;
    throw new ValidationError({ at, prop, got: name, want });
  });
}

function refuseUnknown(
  at: ErrorThing,
  prop: string,
  names: readonly string[],
  known: ReadonlySet<string>,
  want?: string,
): void {
  const unknown = names.filter((name) => !known.has(name));
  mapAll(unknown, (name) => {
    throw new ValidationError({
      at,
      prop,
      got: name,
      want: `${want ?? `one of the fleet's ${prop}`}: ${[...known].sort().join(', ')}`,
    });
  });
}
