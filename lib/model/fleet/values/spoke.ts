import { Cluster } from '../../cluster/cluster';
import { ClusterConnection } from '../../cluster/cluster-connection';
import { SpokeAuthentication } from '../../cluster/spoke-authentication';
import { pathText } from '../../error-place';
import { OLDEST_FLUX } from '../../flux/flux-version';
import { type FluxHub } from '../../installation/flux-hub';
import { FluxInstallation } from '../../installation/flux-installation';
import { type SpokeInstallation } from '../../installation/spoke-installation';
import { ValidationError } from '../../validation-error';
import { type FleetPath } from '../fleet-document';
import { type SpokeInput } from '../schema/spoke';
import { type ClusterLayer, type LayeredCluster } from './cluster-layers';
import { type LoadContext } from './load-context';

/**
 * How a hub deploys to a cluster.
 *
 * @param places - where the file says it: for the cluster, its environment and the fleet
 * @param hub - undefined when it could not be made
 */
export function spokeOf(
  context: LoadContext,
  places: readonly FleetPath[],
  hub: FluxHub | undefined,
  input: SpokeInput,
): SpokeInstallation {
  const { authentication: given, ...settings } = input;
  if (given === undefined) {
    const [place = []] = places;
    const name = place.slice(0, -1).join('.');
    const want = 'how the hub proves who it is, for the cluster, its environment or under "defaults"';
    context.miss(
      places.map((each) => [...each, 'authentication']),
      `${name}: missing key "spoke.authentication": want ${want}`,
    );
  }
  const { workloadIdentity, serviceAccountToken, existingSecret } = given;
  const [kind = ''] = Object.keys(given);
  const authentication =
    context.within(
      places.map((place) => [...place, 'authentication', kind]),
      () =>
        (workloadIdentity && SpokeAuthentication.workloadIdentity(workloadIdentity)) ??
        (serviceAccountToken && SpokeAuthentication.serviceAccountToken(serviceAccountToken)) ??
        (existingSecret && SpokeAuthentication.existingSecret(existingSecret)),
    ) ?? context.giveUp();
  const props = { ...settings, authentication };
  const installation = context.within(places, () => FluxInstallation.spoke({ ...props, hub: hub ?? standIn() }));
  return hub === undefined ? context.giveUp() : installation;
}

/** In place of a hub that is wrong, so that the rest can be judged. */
function standIn(): FluxHub {
  const connection = ClusterConnection.kubeconfig({ context: 'hub' });
  const cluster = new Cluster({ name: 'hub', environment: 'hub', connection, components: [] });
  return { cluster, flux: FluxInstallation.operator({ version: `v${OLDEST_FLUX}` }) };
}

/**
 * Refuses the choice of a hub that is none.
 *
 * @param types - how Flux runs for each cluster, by name
 */
export function checkHub(spoke: string, hub: string, types: ReadonlyMap<string, FluxInstallation['type']>): void {
  const type = types.get(hub);
  if (type === 'operator') return;
  const hubs = [...types].filter(([, each]) => each === 'operator').map(([name]) => name);
  const there = hubs.join(', ') || 'there is none';
  const want =
    hub === spoke
      ? `another cluster, with flux.type operator: ${there}`
      : type === 'spoke'
        ? `a cluster with flux.type operator: ${there}; "${hub}" is a spoke itself`
        : type === undefined
          ? `a cluster with flux.type operator: ${there}`
          : `a cluster with flux.type operator, not ${type}: flux-operator gives a hub its size and its shards`;
  throw new ValidationError({ at: { cluster: spoke }, prop: 'hub', got: hub, want });
}

/** What a spoke does not have, because its hub has it. */
const OF_HUB = {
  flux: 'no Flux of its own: its hub has one, and `spoke` says how that deploys',
  trigger: 'the trigger of its hub, which it gets by itself',
  agent: 'no agent: the agent of the hub tells Flux about pushes',
} as const;

/** Refuses what a cluster or its class says and it cannot have, with a hub or without. */
export function checkHubKeys(context: LoadContext, { hub, layers }: LayeredCluster): void {
  const own = layers.filter(({ path: [root] }) => root === 'classes' || root === 'clusters');
  const refuse = (layer: ClusterLayer, key: string, want: string): never => {
    const path = [...layer.path, key];
    return context.refuse(context.document.problem(path, `${pathText(path)}: want ${want}`, 'key'));
  };
  for (const layer of own) {
    if (hub === undefined) {
      if (layer.input.spoke !== undefined) refuse(layer, 'spoke', 'the key `hub` beside it, with the name of the hub');
      continue;
    }
    for (const [key, want] of Object.entries(OF_HUB)) if (Object.hasOwn(layer.input, key)) refuse(layer, key, want);
  }
}
