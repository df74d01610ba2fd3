import { Cluster } from '../../cluster/cluster';
import { ClusterConnection } from '../../cluster/cluster-connection';
import { type Component } from '../../component/component';
import { pathText } from '../../error-place';
import { type FluxHub } from '../../installation/flux-hub';
import { ValidationError } from '../../validation-error';
import { checkAgentOfHub, type ClusterDefinition, fluxOf } from '../definition/fleet-definition';
import { type FleetPath } from '../fleet-document';
import { mergeChoices, mergeLayers } from '../layers';
import { type ClusterDefaultsInput } from '../schema/cluster';
import { connection as connectionSchema, type ConnectionInput } from '../schema/connection';
import { type FleetInput } from '../schema/fleet';
import { type FluxInput } from '../schema/flux';
import { type SpokeInput } from '../schema/spoke';
import { schemaProblems } from '../schema-problems';
import { didYouMean } from '../suggestion';
import { agentOf } from './agent';
import { type ClusterLayer, type LayeredCluster, placesOf } from './cluster-layers';
import { connectionOf, triggerOf } from './connection';
import { checkSharedFluxKeys, installationOf } from './flux';
import { type LoadContext } from './load-context';
import { type PlacedComponent } from './placed-components';
import { checkHub, checkHubKeys, spokeOf } from './spoke';

/** What clusters are made of, beside what the file says about each. */
export interface ClusterParts {
  /** The components by name; those that cannot be made are undefined. */
  readonly components: ReadonlyMap<string, Component | undefined>;
  /** The components that are on a cluster. */
  placedOn(cluster: LayeredCluster): readonly PlacedComponent[];
}

/** The clusters, in the order of the file, without those that cannot be made. */
export function clustersOf(
  context: LoadContext,
  fleet: FleetInput,
  layered: readonly LayeredCluster[],
  parts: ClusterParts,
): readonly ClusterDefinition[] {
  const all = new Map(layered.map((cluster) => [cluster.name, cluster]));
  const types: Types = new Map(layered.map((cluster) => [cluster.name, typeOf(cluster)]));
  const made = new Map<string, ClusterDefinition | undefined>();
  checkVersions(context, fleet, layered);
  // Spokes are made of their hubs.
  for (const cluster of [...layered].sort((a, b) => Number(isSpoke(a)) - Number(isSpoke(b)))) {
    const make = (): ClusterDefinition => clusterOf(context, { fleet, all, types, made, parts }, cluster);
    made.set(cluster.name, context.attempt([['clusters', cluster.name]], make));
  }
  const clusters = layered.flatMap(({ name }) => made.get(name) ?? []);
  // A cluster that could not be made may know what no other does.
  if (context.problems.length === 0) checkSharedFluxKeys(context, sharedLayers(fleet, layered, clusters));
  clusters.forEach((each) => context.attempt([['clusters', each.cluster.name]], () => checkAgentOfHub(each, clusters)));
  return clusters;
}

type Types = ReadonlyMap<string, ClusterDefinition['flux']['type']>;

/** How Flux runs for a cluster, as the file says it. */
function typeOf(cluster: LayeredCluster): ClusterDefinition['flux']['type'] {
  return isSpoke(cluster) ? 'spoke' : (fluxInputOf(cluster).type ?? 'bootstrap');
}

function isSpoke({ hub }: LayeredCluster): boolean {
  return hub !== undefined;
}

function fluxInputOf({ layers }: LayeredCluster): FluxInput {
  return mergeLayers(layers.map(({ input }) => input.flux));
}

/** A version that is missing is one mistake, however many clusters lack it. */
function checkVersions(context: LoadContext, fleet: FleetInput, layered: readonly LayeredCluster[]): void {
  const lacking = layered.filter((cluster) => {
    const { type, version } = fluxInputOf(cluster);
    const places = placesOf(cluster).flatMap((place) => ['version', 'type'].map((key) => [...place, 'flux', key]));
    const isInFleet = !isSpoke(cluster) && Object.hasOwn(fleet.environments, cluster.environment);
    const isNoted = places.some((place) => context.isLeftOut(place));
    return isInFleet && type !== 'provider' && version === undefined && !isNoted;
  });
  const [first, ...others] = lacking.map(({ name }) => name);
  if (first === undefined) return;
  const want = 'want a version of Flux for the cluster, its environment or under "defaults"';
  const path = ['clusters', first];
  const problem = context.document.problem([...path, 'flux'], `${pathText(path)}: missing key "flux.version": ${want}`);
  context.problems.push(others.length === 0 ? problem : { ...problem, clusters: [first, ...others] });
}

/** What a cluster shares with the others. */
interface Surroundings {
  readonly fleet: FleetInput;
  readonly all: ReadonlyMap<string, LayeredCluster>;
  readonly types: Types;
  /** The clusters that are made already; undefined is one that cannot be made. */
  readonly made: ReadonlyMap<string, ClusterDefinition | undefined>;
  readonly parts: ClusterParts;
}

function clusterOf(
  context: LoadContext,
  { fleet, all, types, made, parts }: Surroundings,
  layered: LayeredCluster,
): ClusterDefinition {
  const { name, environment, hub, labels } = layered;
  const places = placesOf(layered);
  const under = (key: string): readonly FleetPath[] => places.map((place) => [...place, key]);
  const layers = layered.layers.map((layer) => layer.input);

  // Each part is attempted, so that what is wrong with one does not hide what is wrong with the next.
  const placed = parts.placedOn(layered);
  const chosen = placed.flatMap((each) => {
    const component = parts.components.get(each.name);
    return component === undefined ? [] : [{ ...each, component }];
  });
  const lists = [...under('components'), ...under('without')];
  if (chosen.length < placed.length || lists.some((path) => context.isLeftOut(path))) context.incomplete.add(name);

  const isInFleet = [
    context.attempt([], () => (checkEnvironment(context, fleet, layered), true)),
    context.attempt([], () => (checkHubKeys(context, layered), true)),
    context.attempt(places, () => (checkHubOf(context, types, name, hub), true)),
  ].every((each) => each === true);
  if (!isInFleet) {
    // What it gets from elsewhere is not known.
    context.giveUp();
  }
  const connection = context.attempt(under('connection'), () =>
    completeConnection(context, name, under('connection'), mergeChoices(layers.map((layer) => layer.connection))),
  );
  const flux = context.attempt(under('flux'), () =>
    hub === undefined
      ? installationOf(context, under('flux'), fluxInputOf(layered))
      : spokeOf(context, under('spoke'), hubOf(made.get(hub)), spokeInputOf(layers)),
  );
  const trigger = context.attempt(
    under('trigger').flatMap((path) => [path, [...path, 'interval'], [...path, 'pipeline', 'access']]),
    () => triggerOf(last(all.get(hub ?? name)?.layers ?? layered.layers, 'trigger') ?? 'interval'),
  );
  const agentInput = mergeLayers(layers.map((layer) => layer.agent));
  const isAgentSaid = layers.some((layer) => layer.agent !== undefined);
  const agent =
    hub === undefined
      ? context.attempt(under('agent'), () =>
          agentOf(isAgentSaid ? agentInput : undefined, trigger?.type ?? 'interval'),
        )
      : undefined;
  const props = {
    name,
    environment,
    labels,
    variables: mergeLayers(layers.map((layer) => layer.variables)),
    // One that is wrong was noted, and the rest can be judged with another.
    connection: connection ?? ClusterConnection.kubeconfig({ context: name }),
    trigger,
    externalSecrets: last(layered.layers, 'externalSecrets'),
    suspend: last(layered.layers, 'suspend'),
    components: chosen.map(({ component }) => component),
  };
  const cluster = whereComponentsAreSaid(context, places, chosen, () => new Cluster(props));
  if (connection === undefined || flux === undefined || trigger === undefined) context.giveUp();
  if (flux.type === 'spoke') return { cluster, flux };
  const definition: ClusterDefinition = { cluster, flux, ...(agent && { agent }) };
  context.within([...places, ...under('flux')], () => fluxOf(definition));
  return definition;
}

/** What several clusters are told about Flux, and the types of these clusters. */
function sharedLayers(
  { defaults, environments }: FleetInput,
  layered: readonly LayeredCluster[],
  clusters: readonly ClusterDefinition[],
): Parameters<typeof checkSharedFluxKeys>[1] {
  const typesOf = (some: readonly ClusterDefinition[]) =>
    some.flatMap(({ flux }) => (flux.type === 'spoke' ? [] : [flux.type]));
  return [
    { path: ['defaults', 'flux'], input: defaults?.flux ?? {}, types: typesOf(clusters) },
    ...Object.entries(environments).map(([name, { flux = {} }]) => ({
      path: ['environments', name, 'flux'],
      input: flux,
      types: typesOf(clusters.filter(({ cluster }) => cluster.environment === name)),
    })),
    ...layered.flatMap(({ class: className, layers }) =>
      layers
        .filter(({ path }) => path[0] === 'classes')
        .map(({ path, input: { flux = {} } }) => {
          const members = new Set(layered.filter((each) => each.class === className).map(({ name }) => name));
          const types = typesOf(clusters.filter(({ cluster }) => members.has(cluster.name)));
          return { path: [...path, 'flux'], input: flux, types };
        }),
    ),
  ];
}

function hubOf({ cluster, flux }: Partial<ClusterDefinition> = {}): FluxHub | undefined {
  return cluster && flux?.type === 'operator' ? { cluster, flux } : undefined;
}

function last<K extends keyof ClusterDefaultsInput>(layers: readonly ClusterLayer[], key: K): ClusterDefaultsInput[K] {
  return layers.findLast(({ input }) => input[key] !== undefined)?.input[key];
}

/**
 * Makes a cluster. What is wrong with one of its components stands where the file puts it there.
 *
 * @param placed - the components in the order in which the cluster gets them
 */
function whereComponentsAreSaid(
  context: LoadContext,
  places: readonly FleetPath[],
  placed: readonly PlacedComponent[],
  make: () => Cluster,
): Cluster {
  try {
    return make();
  } catch (error) {
    if (!ValidationError.isValidationError(error)) throw error;
    for (const mistake of error.mistakes) {
      const [key, index] = mistake.path;
      const paths = key === 'components' && typeof index === 'number' ? placed[index]?.paths : undefined;
      const { subject, got, want } = mistake;
      if (paths === undefined) context.note(mistake, places);
      else context.note(new ValidationError({ at: subject, got, want }), paths.slice(-1));
    }
    return context.giveUp();
  }
}

/** Of the authentication exactly one kind is said. */
function spokeInputOf(layers: readonly ClusterDefaultsInput[]): SpokeInput {
  const authentication = mergeChoices(layers.map((layer) => layer.spoke?.authentication));
  return { ...mergeLayers<SpokeInput>(layers.map((layer) => layer.spoke)), authentication };
}

function checkEnvironment(
  context: LoadContext,
  { environments }: FleetInput,
  { name, environment, class: className }: LayeredCluster,
): void {
  if (Object.hasOwn(environments, environment)) return;
  const own = ['clusters', name, 'environment'];
  // What is wrong with it was noted.
  if (context.document.has(['environments', environment]) || context.isLeftOut(own)) context.giveUp();
  const isOwn = context.document.has(own);
  const path = isOwn ? own : ['classes', className ?? '', 'cluster', 'environment'];
  const names = Object.keys(environments);
  const hint =
    didYouMean(environment, names) || `; there ${names.length === 0 ? 'is none' : `are ${names.join(', ')}`}`;
  const problem = context.document.problem(path, `${pathText(path)}: unknown environment "${environment}"${hint}`);
  context.refuse(isOwn ? problem : { ...problem, clusters: [name] });
}

/** A hub that the file describes, but not as a cluster, was noted. */
function checkHubOf({ document }: LoadContext, types: Types, name: string, hub: string | undefined): void {
  if (hub !== undefined && (types.has(hub) || !document.has(['clusters', hub]))) checkHub(name, hub, types);
}

function completeConnection(
  context: LoadContext,
  name: string,
  places: readonly FleetPath[],
  input: unknown,
): ClusterConnection {
  const { document } = context;
  if (input === undefined) {
    const want = 'how Terraform reaches the cluster, here, in its environment or under "defaults"';
    context.miss(places, `${pathText(['clusters', name])}: missing key "connection": want ${want}`, 'key');
  }
  const result = connectionSchema.safeParse(input);
  if (!result.success) {
    context.problems.push(...schemaProblems(document, connectionSchema, result.error.issues, places));
    context.giveUp();
  }
  const data: ConnectionInput = result.data;
  const [kind = ''] = Object.keys(data);
  return context.within(
    places.map((place) => [...place, kind]),
    () => connectionOf(data) ?? context.giveUp(),
  );
}
