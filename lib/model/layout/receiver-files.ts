import { kustomization } from '../flux/kustomization';
import { FLUX_NAMESPACE, SUBSTITUTE_DISABLED } from '../flux/metadata';
import { receiver } from '../flux/receiver';
import { type FluxTarget } from '../installation/flux-target';
import { WEBHOOK_SECRET } from '../installation/root-patches';
import { FileTree } from '../manifest/file-tree';
import { LONGEST_LABEL } from '../manifest/kubernetes-name';
import { type KubernetesObject } from '../manifest/kubernetes-object';
import { withKustomization } from '../manifest/kustomize';
import { ValidationError } from '../validation-error';
import { type ClusterLayout } from './cluster-layout';
import { type ClusterReceiver, clusterReceivers } from './cluster-receivers';
import { RECEIVER_SERVICE, receiverHttpRoute, receiverIngress } from './receiver-route';

/** Name by which Flux fills in the token. */
export const WEBHOOK_TOKEN = 'WEBHOOK_TOKEN';
/** Name by which Flux fills in what changes with the token, so that receivers look at it again. */
export const WEBHOOK_REVISION = 'WEBHOOK_REVISION';
/** Name of the Receivers. */
export const RECEIVER_NAME = 'webhook';

const TOKEN_SECRET = 'webhook-token';
/** The directory with the receivers and what leads GitLab to them. */
const DIRECTORY = RECEIVER_SERVICE;

/**
 * Name in `flux-system` of the Secret with token and paths of a cluster's receivers, and of what leads GitLab to them.
 *
 * @param target - where the Flux objects of the cluster go
 */
export function receiverObjectName({ directory, hubDirectory }: FluxTarget): string {
  return hubDirectory === undefined ? WEBHOOK_SECRET : onHub(directory);
}

/**
 * `clusters/<cluster>/webhook-receiver/…`: the Receivers, the Secrets with their token, which Flux fills, and what leads
 * GitLab to them. Those of a spoke are in `spokes/<spoke>/webhook-receiver`, and the hub applies them by a
 * `Kustomization` of their own: the token of a spoke is the business of its stack, and the hub's does not know spokes.
 *
 * @returns no file with another trigger than `webhook`
 * @throws ValidationError when nothing on the cluster would receive a call, or a component has this directory
 */
export function receiverFiles(layout: ClusterLayout): FileTree {
  const receivers = clusterReceivers(layout);
  if (receivers.length === 0) return FileTree.EMPTY;
  check(layout);
  const { directory, hubDirectory } = layout.target;
  const files = receiverDirectory(layout, receivers);
  if (hubDirectory === undefined) return files.below(`clusters/${directory}/${DIRECTORY}`);
  const path = `clusters/${hubDirectory}/spokes/${directory}/${DIRECTORY}.yaml`;
  return FileTree.merge([
    files.below(`spokes/${directory}/${DIRECTORY}`),
    FileTree.of([{ path, objects: [kustomizationOfSpoke(layout.target)] }]),
  ]);
}

function check({ cluster, target }: ClusterLayout): void {
  const at = { cluster: cluster.name };
  if (target.controllers !== undefined && !target.controllers.includes('notification-controller')) {
    const want = 'notification-controller among them, which receives the calls of the trigger webhook';
    throw new ValidationError({ at, prop: ['flux', 'controllers'], got: target.controllers, want });
  }
  if (target.hubDirectory !== undefined) {
    const longest = LONGEST_LABEL - onHub('').length;
    if (cluster.name.length > longest) {
      const want = `at most ${longest} characters for a spoke with the trigger webhook`;
      throw new ValidationError({ at, prop: 'name', got: cluster.name, want });
    }
  } else if (cluster.components.some(({ name }) => name === DIRECTORY)) {
    const want = `another name: with the trigger webhook clusters/<cluster>/${DIRECTORY} belongs to Flux's receivers`;
    throw new ValidationError({ at, prop: 'components', got: DIRECTORY, want });
  }
}

/** Name in `flux-system` on the hub of what is for a spoke, whatever its name is; the hub has a `webhook-token` too. */
function onHub(spoke: string): string {
  return `webhook-spoke-${spoke}`;
}

function receiverDirectory({ cluster, target }: ClusterLayout, receivers: readonly ClusterReceiver[]): FileTree {
  const { url = '', ingress, httpRoute } = cluster.trigger.webhook ?? {};
  const route = {
    name: receiverObjectName(target),
    host: url === '' ? '' : new URL(url).hostname,
    paths: receivers.map(({ pathVariable }) => filled(pathVariable)),
  };
  const files = Object.entries({
    ...Object.fromEntries(receivers.map((one) => [one.namespace, receiverObjects(one)])),
    ...(ingress && { ingress: [receiverIngress(route, ingress)] }),
    ...(httpRoute && { 'http-route': [receiverHttpRoute(route, httpRoute)] }),
  }).map(([name, objects]) => ({ path: `${DIRECTORY}-${name}.yaml`, objects }));
  return FileTree.of(withKustomization(files));
}

/** What leads to Flux is in `flux-system`, where the spoke's account has no rights. So the hub's Flux applies it. */
function kustomizationOfSpoke(target: FluxTarget): KubernetesObject {
  return kustomization({
    name: onHub(target.directory),
    namespace: FLUX_NAMESPACE,
    annotations: SUBSTITUTE_DISABLED,
    sourceName: FLUX_NAMESPACE,
    path: `./spokes/${target.directory}/${DIRECTORY}`,
    interval: '10m',
    retryInterval: '1m',
    wait: false,
    serviceAccountName: target.serviceAccountName === undefined ? undefined : 'kustomize-controller',
    postBuild: { substituteFrom: [{ kind: 'Secret', name: receiverObjectName(target) }] },
  });
}

function receiverObjects({ namespace, sources }: ClusterReceiver): readonly KubernetesObject[] {
  const resources = sources.map((source) => ({
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'GitRepository',
    name: source.name,
    ...(source.namespace === namespace ? {} : { namespace: source.namespace }),
  }));
  return [
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: TOKEN_SECRET, namespace },
      stringData: { token: filled(WEBHOOK_TOKEN) },
    },
    receiver({
      name: RECEIVER_NAME,
      namespace,
      secretName: TOKEN_SECRET,
      resources,
      annotations: { 'reconcile.fluxcd.io/requestedAt': filled(WEBHOOK_REVISION) },
    }),
  ];
}

/** What Flux replaces by a value of the Secret. */
function filled(name: string): string {
  return `\${${name}}`;
}
