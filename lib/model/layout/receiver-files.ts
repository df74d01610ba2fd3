import { type WebhookHttpRoute, type WebhookIngress } from '../cluster/webhook-options';
import { FLUX_NAMESPACE } from '../flux/metadata';
import { receiver } from '../flux/receiver';
import { FileTree } from '../manifest/file-tree';
import { type KubernetesObject } from '../manifest/kubernetes-object';
import { kustomizationFile } from '../manifest/kustomize';
import { toYaml } from '../manifest/yaml';
import { ValidationError } from '../validation-error';
import { type FluxSource, fluxSources } from './flux-sources';
import { type LayoutContext } from './layout';

/** Name of the Secret in `flux-system` with the token and the paths of the receivers. Terraform writes it. */
export const WEBHOOK_SECRET = 'webhook-receiver';
/** Name by which Flux fills in the token. */
export const WEBHOOK_TOKEN = 'WEBHOOK_TOKEN';
/** Name by which Flux fills in what changes with the token, so that receivers look at it again. */
export const WEBHOOK_REVISION = 'WEBHOOK_REVISION';
/** Name of the Receivers. */
export const RECEIVER_NAME = 'webhook';

/** The Service of Flux that GitLab's calls go to, and the directory with what they need. */
const SERVICE = 'webhook-receiver';
const TOKEN_SECRET = 'webhook-token';

/** A Receiver on a cluster. */
export interface ClusterReceiver {
  /** Its namespace. */
  readonly namespace: string;
  /** Name by which Flux fills in its path. */
  readonly pathVariable: string;
  /** The sources that it tells about pushes. */
  readonly sources: readonly FluxSource[];
}

/**
 * The Receivers of a cluster: one, or under lockdown, where it may not name what is in another namespace, one for each
 * namespace with a source.
 *
 * @param context - the cluster, where its Flux objects go, and the repository
 * @returns none with another trigger than `webhook`
 */
export function clusterReceivers({ cluster, target, repository }: LayoutContext): readonly ClusterReceiver[] {
  // What is on a spoke, Flux on the hub asks for.
  if (cluster.trigger.type !== 'webhook' || target.kubeConfig !== undefined) {
    return [];
  }
  const sources = fluxSources(cluster, target, repository).filter(({ isGitOps }) => isGitOps);
  const isLockedDown = target.serviceAccountName !== undefined;
  const namespaces = isLockedDown ? [...new Set(sources.map(({ namespace }) => namespace))] : [FLUX_NAMESPACE];
  return namespaces.map((namespace) => ({
    namespace,
    pathVariable: `WEBHOOK_PATH_${namespace.replaceAll('-', '_').toUpperCase()}`,
    sources: isLockedDown ? sources.filter((source) => source.namespace === namespace) : sources,
  }));
}

/** Which pushes the project hook of a Receiver tells about. */
export interface HookEvents {
  /** Whether pushes to branches count. */
  readonly branches: boolean;
  /** The only branch that counts; undefined for every one. */
  readonly branchFilter: string | undefined;
  /** Whether new tags count. */
  readonly tags: boolean;
}

/**
 * Which pushes matter to the sources of a Receiver.
 *
 * @param receiver - the Receiver
 */
export function hookEvents({ sources }: ClusterReceiver): HookEvents {
  const branches = new Set(sources.flatMap(({ ref }) => ref?.branch ?? []));
  const tags = sources.some(({ ref }) => ref?.tag !== undefined || ref?.semver !== undefined);
  const [only] = branches;
  return { branches: branches.size > 0, branchFilter: branches.size === 1 ? only : undefined, tags };
}

/**
 * `clusters/<cluster>/webhook-receiver/…`: the Receivers, the Secrets with their token, which Flux fills, and what leads
 * GitLab to them.
 *
 * @param context - the cluster, where its Flux objects go, and the repository
 * @returns no file with another trigger than `webhook`
 * @throws ValidationError when nothing on the cluster would receive a call, or a component has this directory
 */
export function receiverFiles(context: LayoutContext): FileTree {
  const receivers = clusterReceivers(context);
  if (receivers.length === 0) {
    return FileTree.EMPTY;
  }
  check(context);
  const { url = '', ingress, httpRoute } = context.cluster.trigger.webhook ?? {};
  const host = url === '' ? '' : new URL(url).hostname;
  const files = Object.entries({
    ...Object.fromEntries(receivers.map((one) => [one.namespace, receiverObjects(one)])),
    ...(ingress && { ingress: [ingressObject(ingress, host, receivers)] }),
    ...(httpRoute && { 'http-route': [routeObject(httpRoute, host, receivers)] }),
  }).map(([name, objects]) => ({ path: `${SERVICE}-${name}.yaml`, content: toYaml(objects) }));
  const resources = files.map(({ path }) => path);
  const kustomization = { path: 'kustomization.yaml', content: toYaml([kustomizationFile({ resources })]) };
  return FileTree.of([...files, kustomization]).below(`clusters/${context.target.directory}/${SERVICE}`);
}

function check({ cluster, target }: LayoutContext): void {
  const at = `cluster "${cluster.name}"`;
  if (target.controllers !== undefined && !target.controllers.includes('notification-controller')) {
    const want = 'notification-controller among them, which receives the calls of the trigger webhook';
    throw new ValidationError({ at, prop: 'flux.components', got: target.controllers, want });
  }
  if (cluster.components.some(({ name }) => name === SERVICE)) {
    const want = `another name: with the trigger webhook clusters/<cluster>/${SERVICE} belongs to Flux's receivers`;
    throw new ValidationError({ at, prop: 'components', got: SERVICE, want });
  }
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

/** Only the paths of the hooks: those of other receivers may need no token, and everybody can work them out. */
function ingressObject(
  { className, tlsSecretName, annotations }: WebhookIngress,
  host: string,
  receivers: readonly ClusterReceiver[],
): KubernetesObject {
  const backend = { service: { name: SERVICE, port: { number: 80 } } };
  const paths = receivers.map(({ pathVariable }) => ({ path: filled(pathVariable), pathType: 'Exact', backend }));
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: SERVICE, namespace: FLUX_NAMESPACE, annotations },
    spec: {
      ingressClassName: className,
      tls: tlsSecretName === undefined ? undefined : [{ hosts: [host], secretName: tlsSecretName }],
      rules: [{ host, http: { paths } }],
    },
  };
}

function routeObject(
  { gateway: name, gatewayNamespace: namespace, sectionName }: WebhookHttpRoute,
  host: string,
  receivers: readonly ClusterReceiver[],
): KubernetesObject {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: SERVICE, namespace: FLUX_NAMESPACE },
    spec: {
      parentRefs: [{ name, namespace, sectionName }],
      hostnames: [host],
      rules: receivers.map(({ pathVariable }) => ({
        matches: [{ path: { type: 'Exact', value: filled(pathVariable) } }],
        backendRefs: [{ name: SERVICE, port: 80 }],
      })),
    },
  };
}

/** What Flux replaces by a value of the Secret. */
function filled(name: string): string {
  return `\${${name}}`;
}
