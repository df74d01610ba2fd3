import { pathText } from '../../error-place';
import { textMistakes } from '../classes/check-class';
import { expand } from '../classes/expand';
import { type Mistake } from '../classes/parameter-values';
import { type FleetPath } from '../fleet-document';
import { mergeLayers } from '../layers';
import { type ClassLayerInput, type ClusterDefaultsInput, type ClusterInput } from '../schema/cluster';
import { type FleetInput } from '../schema/fleet';
import { classLayerOf } from './class-layer';
import { type LoadContext } from './load-context';

/** What one place of the file says about a cluster. */
export interface ClusterLayer {
  /** Who says it, in words: `environment prod`. */
  readonly origin: string;
  /** Where it stands in the file. */
  readonly path: FleetPath;
  /** What stands there, with the cluster's values in the places of what stands for them. */
  readonly input: ClassLayerInput;
}

/** A cluster as the file says it, in layers. */
export interface LayeredCluster {
  /** Name of the cluster. */
  readonly name: string;
  /** Its environment. */
  readonly environment: string;
  /** The cluster whose Flux deploys to it; undefined for its own. */
  readonly hub: string | undefined;
  /** Name of its class; undefined for none. */
  readonly class: string | undefined;
  /** What is said about it, from the farthest, the fleet's defaults, to the nearest, its own. */
  readonly layers: readonly ClusterLayer[];
  /** Its labels, of all layers. */
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Every cluster with what fleet, environment, class and itself say about it, in the order of the file. One whose class or
 * environment cannot be known is left out, and the reason has been noted.
 */
export function layeredClusters(context: LoadContext, fleet: FleetInput): readonly LayeredCluster[] {
  noteMistakesInTexts(context, fleet);
  return Object.entries(fleet.clusters).flatMap(
    ([name, input]) => context.attempt([['clusters', name]], () => layeredCluster(context, fleet, name, input)) ?? [],
  );
}

/** Where the file may describe a cluster: what counts most comes first. */
export function placesOf({ layers }: Pick<LayeredCluster, 'layers'>): readonly FleetPath[] {
  return layers.map(({ path }) => path).reverse();
}

/** The layers of fleet and environments as they stand in the file, for rules about the file itself. */
function sharedLayersOf({ defaults = {}, environments }: FleetInput): readonly ClusterLayer[] {
  return [
    { origin: 'defaults', path: ['defaults'], input: defaults },
    ...Object.entries(environments).map(([name, input]) => ({
      origin: `environment ${name}`,
      path: ['environments', name],
      input,
    })),
  ];
}

/** All layers as clusters have them, and those that no cluster has. */
export function distinctLayers(fleet: FleetInput, clusters: readonly LayeredCluster[]): readonly ClusterLayer[] {
  const used = clusters.flatMap(({ layers }) => layers);
  const origins = new Set(used.map(({ origin }) => origin));
  return [...used, ...sharedLayersOf(fleet).filter(({ origin }) => !origins.has(origin))];
}

function layeredCluster(context: LoadContext, fleet: FleetInput, name: string, input: ClusterInput): LayeredCluster {
  const { class: className, parameters: _, ...own } = input;
  const ofClass = classLayerOf(context, fleet, name, input);
  const environment = (expand(own.environment, { cluster: name }) as string | undefined) ?? ofClass?.environment;
  if (environment === undefined) {
    const place = ['clusters', name, 'environment'];
    context.miss([place], `${pathText(['clusters', name])}: missing key "environment": want text`);
  }
  const values = { cluster: name, environment };
  const ofCluster = expand(own, values) as ClassLayerInput;
  const layers = [
    { origin: 'defaults', path: ['defaults'], input: expand(fleet.defaults ?? {}, values) as ClusterDefaultsInput },
    {
      origin: `environment ${environment}`,
      path: ['environments', environment],
      input: expand(environmentOf(fleet, environment), values) as ClusterDefaultsInput,
    },
    ...(ofClass === undefined
      ? []
      : [{ origin: `class ${className ?? ''}`, path: ['classes', className ?? '', 'cluster'], input: ofClass }]),
    { origin: `cluster ${name}`, path: ['clusters', name], input: ofCluster },
  ];
  return {
    name,
    environment,
    hub: ofCluster.hub ?? ofClass?.hub,
    class: className,
    layers,
    labels: mergeLayers(layers.map((layer) => layer.input.labels)),
  };
}

function environmentOf({ environments }: FleetInput, name: string): ClusterDefaultsInput {
  return (Object.hasOwn(environments, name) ? environments[name] : undefined) ?? {};
}

function noteMistakesInTexts(context: LoadContext, fleet: FleetInput): void {
  for (const { path, input } of sharedLayersOf(fleet)) context.noteMistakes(path, textMistakes(input));
  for (const [name, { parameters: _, ...input }] of Object.entries(fleet.clusters)) {
    const mistakes: readonly Mistake[] = textMistakes(input);
    context.noteMistakes(['clusters', name], mistakes);
  }
}
