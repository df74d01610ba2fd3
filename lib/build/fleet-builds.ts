import { type Cluster } from '../model/cluster/cluster';
import { type Component } from '../model/component/component';
import { type ChartBuild, type OverlayBuild } from '../model/component/component-build';
import { type ClusterDefinition, type FleetDefinition } from '../model/fleet/definition/fleet-definition';
import { type RepositoryIndex } from './repository-index';
import { type RunningFlux, runningFlux } from './running-flux';

/** One thing to build. */
export type FleetBuild = OverlayOfCluster | ChartOfCluster | RootOfCluster;

interface OfCluster {
  /** The cluster. */
  readonly cluster: Cluster;
  /** The Flux that serves it. */
  readonly flux: RunningFlux;
}

/** The overlay of a component on a cluster. */
export interface OverlayOfCluster extends OfCluster {
  /** An overlay. */
  readonly kind: 'overlay';
  /** The component. */
  readonly component: Component;
  /** What Flux builds. */
  readonly build: OverlayBuild;
}

/** The chart of a component on a cluster. */
export interface ChartOfCluster extends OfCluster {
  /** A chart. */
  readonly kind: 'chart';
  /** The component. */
  readonly component: Component;
  /** What Flux installs. */
  readonly build: ChartBuild;
}

/** A directory, or a file, with the Flux objects of a cluster. */
export interface RootOfCluster extends OfCluster {
  /** The Flux objects of a cluster. */
  readonly kind: 'root';
  /** The directory, or the file that GitLab CI applies. */
  readonly directory: string;
}

/** Something that is not built, and why. */
export interface NotBuilt {
  /** What it is, for example the name of a component. */
  readonly name: string;
  /** Why, as a phrase. */
  readonly why: string;
}

/** What there is to build of a fleet. */
export interface FleetBuilds {
  /** What there is to build. */
  readonly builds: readonly FleetBuild[];
  /** What comes from elsewhere. */
  readonly elsewhere: readonly NotBuilt[];
}

/** What there is to build of a fleet: an overlay or a chart for each component on each cluster, and the roots. */
export function fleetBuilds(fleet: FleetDefinition, index: RepositoryIndex): FleetBuilds {
  const elsewhere = new Map<string, NotBuilt>();
  const builds = fleet.clusters.flatMap((definition): readonly FleetBuild[] => {
    const { cluster } = definition;
    const of = { cluster, flux: runningFlux(definition) };
    const components = cluster.components.flatMap((component): readonly FleetBuild[] => {
      const build = component.buildFor(cluster);
      if (build === undefined) {
        elsewhere.set(component.name, { name: component.name, why: 'from elsewhere' });
        return [];
      }
      return [
        build.type === 'overlay'
          ? { ...of, kind: 'overlay', component, build }
          : { ...of, kind: 'chart', component, build },
      ];
    });
    const roots = rootsOf(definition, index).map((directory) => ({ ...of, kind: 'root' as const, directory }));
    return [...components, ...roots];
  });
  return { builds, elsewhere: [...elsewhere.values()] };
}

/** What the root of Flux applies, what brings namespaces to a spoke, and what GitLab CI applies. */
function rootsOf({ cluster }: ClusterDefinition, index: RepositoryIndex): readonly string[] {
  const { name, trigger, components } = cluster;
  const directories = [`clusters/${name}`, `spokes/${name}`].filter((path) => index.filesIn(path).length > 0);
  return trigger.layout === 'flux-common'
    ? [...directories, ...components.map((component) => `clusters/flux-common/${name}-${component.name}.yaml`)]
    : directories;
}
