import { type FleetPath } from '../fleet-document';
import { mergeLayers } from '../layers';
import { type ClusterDefaultsInput, type ClusterInput } from '../schema/cluster';
import { type FleetInput } from '../schema/fleet';

/** What one place of the file says about a cluster. */
export interface ClusterLayer {
  /** Who says it, in words: `environment prod`. */
  readonly origin: string;
  /** Where it stands in the file. */
  readonly path: FleetPath;
  /** What stands there. */
  readonly input: ClusterDefaultsInput;
}

/** A cluster as the file says it, in layers. */
export interface LayeredCluster {
  /** Name of the cluster. */
  readonly name: string;
  /** Its environment. */
  readonly environment: string;
  /** What it says itself. */
  readonly input: ClusterInput;
  /** What is said about it, from the farthest, the fleet's defaults, to the nearest, its own. */
  readonly layers: readonly ClusterLayer[];
  /** Its labels, of all layers. */
  readonly labels: Readonly<Record<string, string>>;
}

/** Every cluster with what fleet, environment and itself say about it, in the order of the file. */
export function layeredClusters(fleet: FleetInput): readonly LayeredCluster[] {
  return Object.entries(fleet.clusters).map(([name, input]) => {
    const { environment } = input;
    const layers = [
      { origin: 'defaults', path: ['defaults'], input: fleet.defaults ?? {} },
      { origin: `environment ${environment}`, path: ['environments', environment], input: environmentOf(fleet, input) },
      { origin: `cluster ${name}`, path: ['clusters', name], input },
    ];
    return { name, environment, input, layers, labels: mergeLayers(layers.map((layer) => layer.input.labels)) };
  });
}

/** Where the file may describe a cluster: what counts most comes first. */
export function placesOf({ layers }: Pick<LayeredCluster, 'layers'>): readonly FleetPath[] {
  return layers.map(({ path }) => path).reverse();
}

function environmentOf({ environments }: FleetInput, { environment }: ClusterInput): ClusterDefaultsInput {
  return (Object.hasOwn(environments, environment) ? environments[environment] : undefined) ?? {};
}
