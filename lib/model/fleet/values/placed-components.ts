import { type ClusterSelector, selects } from '../../component/cluster-selector';
import { type Component } from '../../component/component';
import { ValidationError } from '../../validation-error';
import { type FleetPath } from '../fleet-document';
import { type ComponentInput } from '../schema/fleet';
import { type ClusterLayer, type LayeredCluster } from './cluster-layers';
import { checkName } from './components';
import { type LoadContext } from './load-context';

/** A component on a cluster, and who put it there. */
export interface PlacedComponent {
  /** Name of the component. */
  readonly name: string;
  /** Who put it there, in words: `environment prod`, or `on` for the component itself. */
  readonly origins: readonly string[];
  /** Where the file says so. */
  readonly paths: readonly FleetPath[];
}

/** What a component says about clusters. */
export interface ComponentSelectors extends Pick<Component, 'name' | 'type' | 'on'> {
  /** The conditions of its variants. */
  readonly variants: readonly ClusterSelector[];
}

/** What components say about clusters. */
export function selectorsOf(components: Readonly<Record<string, ComponentInput>>): readonly ComponentSelectors[] {
  return Object.entries(components).map(([name, { kustomize, helm }]) => ({
    name,
    type: kustomize === undefined ? 'helm' : 'kustomize',
    on: [(kustomize ?? helm)?.on ?? []].flat(),
    variants: ((kustomize ?? helm)?.variants ?? []).map(({ when }) => when),
  }));
}

/**
 * The components of a cluster: those that any layer names and those that come by themselves, without those that any layer
 * takes away. In which order layers say it does not matter.
 */
export function placedComponents(
  cluster: LayeredCluster,
  components: readonly ComponentSelectors[],
): readonly PlacedComponent[] {
  const { name, environment, labels, layers } = cluster;
  const named = layers.flatMap(({ origin, path, input }) =>
    (input.components ?? []).map((component, index) => ({
      name: component,
      origin,
      path: [...path, 'components', index],
    })),
  );
  const coming = components
    .filter(({ on }) => on.some((selector) => selects(selector, { name, environment, labels })))
    .map((component) => ({
      name: component.name,
      origin: 'on',
      path: ['components', component.name, component.type, 'on'],
    }));
  const taken = new Set(layers.flatMap(({ input }) => input.without ?? []));
  const all = [...named, ...coming].filter((each) => !taken.has(each.name));
  return [...new Set(all.map((each) => each.name))].map((component) => {
    const own = all.filter((each) => each.name === component);
    return { name: component, origins: own.map(({ origin }) => origin), paths: own.map(({ path }) => path) };
  });
}

/** Refuses names that are none, and a list with the same name twice, wherever the file names components. */
export function checkComponentNames(context: LoadContext, layers: readonly ClusterLayer[]): void {
  for (const { path, input } of layers) {
    for (const key of ['components', 'without'] as const) {
      const names = input[key] ?? [];
      names.forEach((name, index) =>
        context.attempt([path], () => {
          checkName(context, name, [...path, key, index]);
          if (names.indexOf(name) === index) return;
          throw new ValidationError({ at: 'fleet', prop: [key, index], got: name, want: 'each component once' });
        }),
      );
    }
  }
}

/** Entries of `without` that take nothing away from any cluster: most likely a mistake. */
export function idleRemovals(
  clusters: readonly LayeredCluster[],
  components: readonly ComponentSelectors[],
): readonly { readonly path: FleetPath; readonly name: string }[] {
  const removals = new Map<string, { readonly path: FleetPath; readonly name: string; isIdle: boolean }>();
  for (const cluster of clusters) {
    const layers = cluster.layers.map(({ input: { without: _, ...input }, ...layer }) => ({ ...layer, input }));
    const there = new Set(placedComponents({ ...cluster, layers }, components).map(({ name }) => name));
    for (const { path, input } of cluster.layers) {
      (input.without ?? []).forEach((name, index) => {
        const place = [...path, 'without', index];
        const key = JSON.stringify(place);
        const before = removals.get(key)?.isIdle ?? true;
        removals.set(key, { path: place, name, isIdle: before && !there.has(name) });
      });
    }
  }
  return [...removals.values()].filter(({ isIdle }) => isIdle);
}
