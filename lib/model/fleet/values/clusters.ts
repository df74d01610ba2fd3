import { Cluster } from '../../cluster/cluster';
import { type ClusterConnection } from '../../cluster/cluster-connection';
import { type Component } from '../../component/component';
import { checkAgentOfHub, type ClusterDefinition, fluxOf } from '../../definition/fleet-definition';
import { type FleetPath } from '../fleet-document';
import { pathText } from '../../error-place';
import { mergeChoices, mergeLayers } from '../layers';
import { schemaProblems } from '../schema-problems';
import { type ClusterDefaultsInput, type ClusterInput } from '../schema/cluster';
import { connection as connectionSchema, type ConnectionInput } from '../schema/connection';
import { type FleetInput } from '../schema/fleet';
import { type SpokeInput } from '../schema/spoke';
import { didYouMean } from '../suggestion';
import { agentOf } from './agent';
import { connectionOf, triggerOf } from './connection';
import { type Construction } from './construction';
import { checkSharedFluxKeys, fluxDefinitionOf } from './flux';
import { checkHubKeys, spokeOf } from './spoke';

/**
 * The clusters, in the order of the file, without those that cannot be made.
 *
 * @param construction - the fleet in the making
 * @param fleet - what the file says
 * @param components - the components by name
 */
export function clustersOf(
  construction: Construction,
  fleet: FleetInput,
  components: ReadonlyMap<string, Component | undefined>,
): readonly ClusterDefinition[] {
  const clusters = Object.entries(fleet.clusters).flatMap(([name, input]) => {
    const made = construction.attempt([['clusters', name]], () =>
      clusterOf(construction, fleet, components, name, input),
    );
    return made === undefined ? [] : [made];
  });
  // A cluster that could not be made may know what no other does.
  if (construction.problems.length === 0) checkSharedFluxKeys(construction, sharedLayers(fleet, clusters));
  clusters.forEach((each) =>
    construction.attempt([['clusters', each.cluster.name]], () => checkAgentOfHub(each, clusters)),
  );
  return clusters;
}

/**
 * Where the file may describe a cluster: what counts most comes first.
 *
 * @param name - name of the cluster
 * @param environment - its environment
 */
export function placesOf(name: string, environment: string): readonly FleetPath[] {
  return [['clusters', name], ['environments', environment], ['defaults']];
}

function clusterOf(
  construction: Construction,
  fleet: FleetInput,
  components: ReadonlyMap<string, Component | undefined>,
  name: string,
  input: ClusterInput,
): ClusterDefinition {
  const { environment } = input;
  checkEnvironment(construction, fleet, name, environment);
  checkHubKeys(construction, name, input);
  const places = placesOf(name, environment);
  const under = (key: string): readonly FleetPath[] => places.map((place) => [...place, key]);
  const layers = layersOf(fleet, input);
  const { hub } = input;

  // Each part is attempted, so that what is wrong with one does not hide what is wrong with the next.
  const connection = construction.attempt(under('connection'), () =>
    completeConnection(construction, name, under('connection'), mergeChoices(layers.map((layer) => layer?.connection))),
  );
  const flux = construction.attempt(under('flux'), () =>
    hub === undefined
      ? fluxDefinitionOf(construction, under('flux'), mergeLayers(layers.map((layer) => layer?.flux)))
      : spokeOf(construction, under('spoke'), hub, spokeInputOf(layers)),
  );
  const trigger = construction.attempt(
    under('trigger').flatMap((path) => [path, [...path, 'interval'], [...path, 'pipeline', 'access']]),
    () => triggerOf(last(layersOf(fleet, fleet.clusters[hub ?? name] ?? input), 'trigger') ?? 'interval'),
  );
  const agentInput = mergeLayers(layers.map((layer) => layer?.agent));
  const isAgentSaid = layers.some((layer) => layer?.agent !== undefined);
  const agent =
    hub === undefined
      ? construction.attempt(under('agent'), () =>
          agentOf(isAgentSaid ? agentInput : undefined, trigger?.type ?? 'interval'),
        )
      : undefined;
  const chosen = (input.components ?? []).map((component, index) =>
    construction.attempt([], () =>
      componentNamed(construction, components, component, ['clusters', name, 'components', index]),
    ),
  );
  if (connection === undefined || flux === undefined || trigger === undefined || chosen.includes(undefined)) {
    construction.giveUp();
  }
  const externalSecrets = last(layers, 'externalSecrets');
  const suspend = last(layers, 'suspend');
  const cluster = construction.within(
    places,
    () =>
      new Cluster({
        name,
        environment,
        connection,
        trigger,
        externalSecrets,
        suspend,
        components: chosen.filter((one) => one !== undefined),
      }),
  );
  if (flux.way === 'spoke') {
    return { cluster, flux };
  }
  const definition: ClusterDefinition = { cluster, flux, ...(agent && { agent }) };
  construction.within([...places, ...under('flux')], () => fluxOf(definition));
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

function checkEnvironment(
  construction: Construction,
  { environments }: FleetInput,
  name: string,
  environment: string,
): void {
  if (!Object.hasOwn(environments, environment)) {
    const path = ['clusters', name, 'environment'];
    const names = Object.keys(environments);
    const message = `${pathText(path)}: unknown environment "${environment}"${didYouMean(environment, names)}`;
    construction.refuse(construction.document.problem(path, message));
  }
}

function completeConnection(
  construction: Construction,
  name: string,
  places: readonly FleetPath[],
  input: unknown,
): ClusterConnection {
  const { document } = construction;
  if (input === undefined) {
    const path = ['clusters', name];
    const want = 'how Terraform reaches the cluster, here, in its environment or under "defaults"';
    construction.refuse(document.problem(path, `${pathText(path)}: missing key "connection": want ${want}`, 'key'));
  }
  const result = connectionSchema.safeParse(input);
  if (!result.success) {
    construction.problems.push(...schemaProblems(document, connectionSchema, result.error.issues, places));
    construction.giveUp();
  }
  const data: ConnectionInput = result.data;
  const [kind = ''] = Object.keys(data);
  return construction.within(
    places.map((place) => [...place, kind]),
    () => connectionOf(data) ?? construction.giveUp(),
  );
}

function componentNamed(
  construction: Construction,
  components: ReadonlyMap<string, Component | undefined>,
  name: string,
  path: FleetPath,
): Component {
  if (!components.has(name)) {
    const message = `${pathText(path)}: unknown component "${name}"${didYouMean(name, components.keys())}`;
    construction.refuse(construction.document.problem(path, message));
  }
  return components.get(name) ?? construction.giveUp();
}
