import { type Cluster } from '../cluster/cluster';
import { spokeServer } from '../cluster/spoke-authentication';
import { type FluxSpokeSettings } from '../cluster/spoke-settings';
import { type ErrorThing } from '../error-place';
import { ValidationError } from '../validation-error';
import { type OperatorInstallation } from './operator-installation';

/** A cluster whose Flux deploys to others too. */
export interface FluxHub {
  /** The cluster. */
  readonly cluster: Cluster;
  /** How flux-operator installs Flux on it. */
  readonly flux: OperatorInstallation;
}

/** Namespaces that every cluster has. */
const OF_KUBERNETES = /^(default|kube-.*|flux-system)$/;

/**
 * Refuses a spoke that its hub could not serve.
 *
 * @param settings - how the hub deploys to it
 */
export function checkSpokeOnHub(spoke: Cluster, settings: FluxSpokeSettings, hub: FluxHub): void {
  const at = { cluster: spoke.name };
  checkTrigger(at, spoke, hub.cluster);
  checkNamespace(at, spoke, hub.cluster);
  checkVariables(at, spoke, hub.cluster);
  const { shards } = hub.flux;
  if (settings.shard !== undefined && !shards.includes(settings.shard)) {
    const want = shards.length === 0 ? 'nothing: the hub has no `sharding`' : `one of ${shards.join(', ')}`;
    throw new ValidationError({ at, prop: ['spoke', 'shard'], got: settings.shard, want });
  }
  const { data } = settings.authentication;
  const { multiTenancyLockdown, objectLevelWorkloadIdentity = multiTenancyLockdown?.workloadIdentity !== undefined } =
    hub.flux.settings;
  if (data.type === 'service-account-token') spokeServer(at, data, spoke.connection);
  if (data.type === 'workload-identity' && data.serviceAccountAnnotations && !objectLevelWorkloadIdentity) {
    throw new ValidationError({
      at,
      prop: ['spoke', 'authentication', 'workloadIdentity', 'serviceAccountAnnotations'],
      want: `nothing, or \`objectLevelWorkloadIdentity: true\` for the hub "${hub.cluster.name}", which would not use the account otherwise`,
    });
  }
  for (const { name, serviceAccount } of spoke.components) {
    if (serviceAccount !== undefined) {
      throw new ValidationError({
        at: { component: name, cluster: spoke.name },
        prop: 'serviceAccount',
        got: serviceAccount.name,
        want: 'nothing: on a spoke the account of the spoke applies every component, with the role `spoke.clusterRole`',
      });
    }
  }
}

function checkTrigger(at: ErrorThing, { trigger }: Cluster, hub: Cluster): void {
  const { type, layout } = hub.trigger;
  if (layout !== 'per-cluster') {
    const want = `a hub with another trigger than ${type}: GitLab CI applies files to the hub only as a whole`;
    throw new ValidationError({ at, prop: 'hub', got: hub.name, want });
  }
  if (trigger.type !== type) {
    throw new ValidationError({
      at,
      prop: 'trigger',
      got: trigger.type,
      want: `${type}, that of the hub "${hub.name}"`,
    });
  }
}

/** The spoke's Flux objects live on the hub, in a namespace of its name. */
function checkNamespace(at: ErrorThing, { name }: Cluster, hub: Cluster): void {
  const other = hub.components.find(({ namespace }) => namespace === name);
  if (other !== undefined || OF_KUBERNETES.test(name)) {
    const whose = other === undefined ? 'Kubernetes or Flux' : `its component "${other.name}"`;
    const want = `another name: on the hub "${hub.name}" the namespace of this name belongs to ${whose}`;
    throw new ValidationError({ at, prop: 'name', got: name, want });
  }
}

/** The stack of a spoke reaches both clusters, so one variable cannot mean both. */
function checkVariables(at: ErrorThing, spoke: Cluster, hub: Cluster): void {
  const ofHub = variablesOf(hub);
  const shared = variablesOf(spoke).find((name) => ofHub.includes(name));
  if (shared !== undefined) {
    const want = `other names of variables than the connection of the hub "${hub.name}" has`;
    throw new ValidationError({ at, prop: 'connection', got: shared, want });
  }
}

function variablesOf({ connection: { data } }: Cluster): readonly string[] {
  if (data.type === 'token') return [data.tokenVariable];
  return data.type === 'client-certificate' ? [data.certificateVariable, data.keyVariable] : [];
}
