import { SpokeAuthentication } from '../../cluster/spoke-authentication';
import { checkFluxDefinition } from '../../installation/flux-checks';
import { type SpokeDefinition } from '../../installation/flux-definition';
import { type FleetPath } from '../fleet-document';
import { type ClusterInput } from '../schema/cluster';
import { type SpokeInput } from '../schema/spoke';
import { type LoadContext } from './load-context';

/**
 * How a hub deploys to a cluster.
 *
 * @param places - where the file says it: for the cluster, its environment and the fleet
 */
export function spokeOf(
  context: LoadContext,
  places: readonly FleetPath[],
  hub: string,
  input: SpokeInput,
): SpokeDefinition {
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
  return context.within(places, () => {
    const definition: SpokeDefinition = { ...settings, way: 'spoke', hub, authentication };
    return checkFluxDefinition('spoke', definition);
  });
}

/** What a spoke does not have, because its hub has it. */
const OF_HUB = {
  flux: 'no Flux of its own: its hub has one, and `spoke` says how that deploys',
  trigger: 'the trigger of its hub, which it gets by itself',
  agent: 'no agent: the agent of the hub tells Flux about pushes',
} as const;

/**
 * Refuses what a cluster says itself and cannot have, with a hub or without.
 *
 * @param input - what the file says about it
 */
export function checkHubKeys(context: LoadContext, name: string, input: ClusterInput): void {
  const refuse = (key: string, want: string): never =>
    context.refuse(context.document.problem(['clusters', name, key], `clusters.${name}.${key}: want ${want}`, 'key'));
  if (input.hub === undefined) {
    if (input.spoke !== undefined) refuse('spoke', 'the key `hub` beside it, with the name of the hub');
    return;
  }
  for (const [key, want] of Object.entries(OF_HUB)) if (Object.hasOwn(input, key)) refuse(key, want);
}
