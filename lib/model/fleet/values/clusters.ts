import { Cluster } from '../../cluster/cluster';
import { ClusterConnection } from '../../cluster/cluster-connection';
import { type Component } from '../../component/component';
import { pathText } from '../../error-place';
import { checkHub } from '../../installation/flux-definition';
import { checkAgentOfHub, type ClusterDefinition, fluxOf } from '../definition/fleet-definition';
import { type FleetPath } from '../fleet-document';
import { mergeChoices, mergeLayers } from '../layers';
import { type ClusterDefaultsInput, type ClusterInput } from '../schema/cluster';
import { connection as connectionSchema, type ConnectionInput } from '../schema/connection';
import { type FleetInput } from '../schema/fleet';
import { type SpokeInput } from '../schema/spoke';
import { schemaProblems } from '../schema-problems';
import { didYouMean } from '../suggestion';
import { agentOf } from './agent';
import { checkName } from './components';
import { connectionOf, triggerOf } from './connection';
import { checkSharedFluxKeys, fluxDefinitionOf } from './flux';
import { type LoadContext } from './load-context';
import { checkHubKeys, spokeOf } from './spoke';

/** The clusters, in the order of the file, without those that cannot be made. */
export function clustersOf(
  context: LoadContext,
  fleet: FleetInput,
  components: ReadonlyMap<string, Component | undefined>,
): readonly ClusterDefinition[] {
  const ways = waysOf(fleet);
  const clusters = Object.entries(fleet.clusters).flatMap(([name, input]) => {
    const made = context.attempt([['clusters', name]], () => clusterOf(context, fleet, components, ways, name, input));
    return made === undefined ? [] : [made];
  });
  // A cluster that could not be made may know what no other does.
  if (context.problems.length === 0) checkSharedFluxKeys(context, sharedLayers(fleet, clusters));
  clusters.forEach((each) => context.attempt([['clusters', each.cluster.name]], () => checkAgentOfHub(each, clusters)));
  return clusters;
}

type Ways = ReadonlyMap<string, ClusterDefinition['flux']['way']>;

/** How Flux runs for each cluster, as the file says it. */
function waysOf(fleet: FleetInput): Ways {
  const wayOf = (input: ClusterInput): ClusterDefinition['flux']['way'] =>
    input.hub === undefined
      ? (mergeLayers(layersOf(fleet, input).map((layer) => layer?.flux)).way ?? 'bootstrap')
      : 'spoke';
  return new Map(Object.entries(fleet.clusters).map(([name, input]) => [name, wayOf(input)]));
}

/** Where the file may describe a cluster: what counts most comes first. */
export function placesOf(name: string, environment: string): readonly FleetPath[] {
  return [['clusters', name], ['environments', environment], ['defaults']];
}

function clusterOf(
  context: LoadContext,
  fleet: FleetInput,
  components: ReadonlyMap<string, Component | undefined>,
  ways: Ways,
  name: string,
  input: ClusterInput,
): ClusterDefinition {
  const { environment } = input;
  const places = placesOf(name, environment);
  const under = (key: string): readonly FleetPath[] => places.map((place) => [...place, key]);
  const layers = layersOf(fleet, input);
  const { hub } = input;
  const own: readonly FleetPath[] = [['clusters', name]];

  // Each part is attempted, so that what is wrong with one does not hide what is wrong with the next.
  const chosen = (input.components ?? []).map((component, index) =>
    context.attempt([], () => componentNamed(context, components, component, ['clusters', name, 'components', index])),
  );
  if (chosen.includes(undefined) || context.isLeftOut(['clusters', name, 'components'])) {
    context.incomplete.add(name);
  }

  const isInFleet = [
    context.attempt([], () => (checkEnvironment(context, fleet, name, environment), true)),
    context.attempt([], () => (checkHubKeys(context, name, input), true)),
    context.attempt(own, () => (checkHubOf(context, ways, name, hub), true)),
  ].every((each) => each === true);
  if (!isInFleet) {
    // What it gets from elsewhere is not known.
    context.giveUp();
  }
  const connection = context.attempt(under('connection'), () =>
    completeConnection(context, name, under('connection'), mergeChoices(layers.map((layer) => layer?.connection))),
  );
  const flux = context.attempt(under('flux'), () =>
    hub === undefined
      ? fluxDefinitionOf(context, under('flux'), mergeLayers(layers.map((layer) => layer?.flux)))
      : spokeOf(context, under('spoke'), hub, spokeInputOf(layers)),
  );
  const trigger = context.attempt(
    under('trigger').flatMap((path) => [path, [...path, 'interval'], [...path, 'pipeline', 'access']]),
    () => triggerOf(last(layersOf(fleet, fleet.clusters[hub ?? name] ?? input), 'trigger') ?? 'interval'),
  );
  const agentInput = mergeLayers(layers.map((layer) => layer?.agent));
  const isAgentSaid = layers.some((layer) => layer?.agent !== undefined);
  const agent =
    hub === undefined
      ? context.attempt(under('agent'), () =>
          agentOf(isAgentSaid ? agentInput : undefined, trigger?.type ?? 'interval'),
        )
      : undefined;
  const cluster = context.within(
    places,
    () =>
      new Cluster({
        name,
        environment,
        // One that is wrong was noted, and the rest can be judged with another.
        connection: connection ?? ClusterConnection.kubeconfig({ context: name }),
        trigger,
        externalSecrets: last(layers, 'externalSecrets'),
        suspend: last(layers, 'suspend'),
        components: chosen.filter((one) => one !== undefined),
      }),
  );
  if (connection === undefined || flux === undefined || trigger === undefined) context.giveUp();
  if (flux.way === 'spoke') return { cluster, flux };
  const definition: ClusterDefinition = { cluster, flux, ...(agent && { agent }) };
  context.within([...places, ...under('flux')], () => fluxOf(definition));
  return definition;
}

/** What several clusters are told about Flux, and the ways of these clusters. */
function sharedLayers(
  { defaults, environments }: FleetInput,
  clusters: readonly ClusterDefinition[],
): Parameters<typeof checkSharedFluxKeys>[1] {
  const waysOf = (some: readonly ClusterDefinition[]) =>
    some.flatMap(({ flux }) => (flux.way === 'spoke' ? [] : [flux.way]));
  return [
    { path: ['defaults', 'flux'], input: defaults?.flux ?? {}, ways: waysOf(clusters) },
    ...Object.entries(environments).map(([name, { flux = {} }]) => ({
      path: ['environments', name, 'flux'],
      input: flux,
      ways: waysOf(clusters.filter(({ cluster }) => cluster.environment === name)),
    })),
  ];
}

type Layers = readonly (ClusterDefaultsInput | undefined)[];

/** What fleet, environment and cluster say, from the farthest to the nearest. */
function layersOf({ defaults, environments }: FleetInput, input: ClusterInput): Layers {
  return [defaults, environments[input.environment], input];
}

function last<K extends keyof ClusterDefaultsInput>(layers: Layers, key: K): ClusterDefaultsInput[K] {
  return layers.findLast((layer) => layer?.[key] !== undefined)?.[key];
}

/** Of the authentication exactly one kind is said. */
function spokeInputOf(layers: Layers): SpokeInput {
  const authentication = mergeChoices(layers.map((layer) => layer?.spoke?.authentication));
  return { ...mergeLayers<SpokeInput>(layers.map((layer) => layer?.spoke)), authentication };
}

function checkEnvironment(context: LoadContext, { environments }: FleetInput, name: string, environment: string): void {
  if (context.document.has(['environments', environment]) && !Object.hasOwn(environments, environment)) {
    context.giveUp();
  }

  if (!Object.hasOwn(environments, environment)) {
    const path = ['clusters', name, 'environment'];
    const names = Object.keys(environments);
    const hint =
      didYouMean(environment, names) || `; there ${names.length === 0 ? 'is none' : `are ${names.join(', ')}`}`;
    const message = `${pathText(path)}: unknown environment "${environment}"${hint}`;
    context.refuse(context.document.problem(path, message));
  }
}

/** A hub that the file describes, but not as a cluster, was noted. */
function checkHubOf({ document }: LoadContext, ways: Ways, name: string, hub: string | undefined): void {
  if (hub !== undefined && (ways.has(hub) || !document.has(['clusters', hub]))) checkHub(name, hub, ways);
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

function componentNamed(
  context: LoadContext,
  components: ReadonlyMap<string, Component | undefined>,
  name: string,
  path: FleetPath,
): Component {
  checkName(context, name, path);
  return components.get(name) ?? context.giveUp();
}
