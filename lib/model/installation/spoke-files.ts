import { type Cluster } from '../cluster/cluster';
import { type SpokeAuthenticationData } from '../cluster/spoke-authentication';
import { type FluxSpokeSettings } from '../cluster/spoke-settings';
import { namespaceObjects } from '../component/namespace-objects';
import { DEFAULT_CONTROLLERS } from '../flux/controller-settings';
import { componentRecipientsOf } from '../flux/decryption';
import { FluxPatch } from '../flux/flux-patch';
import { gitRepository } from '../flux/git-repository';
import { kustomization, type KubeConfigReference } from '../flux/kustomization';
import { FLUX_NAMESPACE, PRUNE_DISABLED, SHARD_LABEL, SUBSTITUTE_DISABLED } from '../flux/metadata';
import { FileTree } from '../manifest/file-tree';
import { type KubernetesObject } from '../manifest/kubernetes-object';
import { withKustomization } from '../manifest/kustomize';
import { cloneUrl, type ProjectBranch } from '../manifest/project-branch';
import { role, roleBinding } from '../manifest/rbac';
import { type FluxHub } from './flux-hub';
import { type FluxTarget } from './flux-target';
import { LOCKDOWN_ACCOUNT } from './installation-base';
import { GIT_CREDENTIALS_SECRET, needsGitCredentials } from './root-patches';
import { shardOfSpoke } from './shard-of-spoke';

/** Name of the Secret, or ConfigMap, with which Flux reaches a spoke, in the spoke's namespace on the hub. */
export const KUBE_CONFIG = 'kubeconfig';
/** The account of a spoke: on the hub it applies the spoke's Flux objects, on the spoke everything else. */
export const SPOKE_ACCOUNT = LOCKDOWN_ACCOUNT;
/** What brings the namespaces to the spoke, before anything else comes. */
const NAMESPACES = `${FLUX_NAMESPACE}-namespaces`;

/** A spoke: the cluster, how its hub deploys to it, and the hub. */
export interface SpokeOnHub {
  /** The spoke. */
  readonly cluster: Cluster;
  /** How its hub deploys to it. */
  readonly spoke: FluxSpokeSettings;
  /** The hub. */
  readonly hub: FluxHub;
}

/**
 * Where the Flux objects of a spoke go: into one namespace on the hub, because the components of two spokes would
 * collide there otherwise.
 */
export function spokeTarget({ cluster, spoke, hub }: SpokeOnHub): FluxTarget {
  const { shards, isLockedDown, settings } = hub.flux;
  return {
    directory: cluster.name,
    rootNamespace: cluster.name,
    namespaceOf: () => cluster.name,
    sourceSecretName: FLUX_NAMESPACE,
    hubDirectory: hub.cluster.name,
    kubeConfig: kubeConfigOf(spoke.authentication.data),
    serviceAccountName: isLockedDown ? SPOKE_ACCOUNT : undefined,
    shard: spoke.shard ?? shardOfSpoke(cluster.name, shards),
    shards,
    decryption: spoke.decryption,
    componentRecipients: componentRecipientsOf(FluxPatch.combine(settings.patches ?? []).decryption),
    version: settings.version,
    controllers: settings.controllers ?? DEFAULT_CONTROLLERS,
  };
}

/** The files of a spoke itself: on the hub what applies its components, and what comes to the spoke before them. */
export function spokeFiles(props: SpokeOnHub, repository: ProjectBranch): FileTree {
  const { cluster, hub } = props;
  const hasComponents = cluster.components.length > 0;
  const objects = [
    ...accountObjects(props),
    ...identityObjects(props),
    // Without components there is no directory that Flux could look at.
    ...(hasComponents ? [source(props, repository), ...roots(props)] : []),
  ];
  const onHub = { path: `clusters/${hub.cluster.name}/spokes/${cluster.name}.yaml`, objects };
  return FileTree.merge([FileTree.of([onHub]), hasComponents ? namespaceFiles(cluster) : FileTree.EMPTY]);
}

/** The `Kustomization`s that bring what is in Git to a spoke, as `NAMESPACE/NAME`: those first that bring others. */
export function rootsOf({ name, components }: Cluster): readonly string[] {
  const own = components.length === 0 ? [] : [`${name}/${NAMESPACES}`, `${name}/${FLUX_NAMESPACE}`];
  return [`${FLUX_NAMESPACE}/${FLUX_NAMESPACE}`, ...own];
}

function kubeConfigOf(data: SpokeAuthenticationData): KubeConfigReference {
  switch (data.type) {
    case 'workload-identity':
      return { configMapRef: { name: KUBE_CONFIG } };
    case 'service-account-token':
      return { secretRef: { name: KUBE_CONFIG } };
    case 'existing-secret':
      return { secretRef: { name: data.secretName, ...(data.key !== undefined && { key: data.key }) } };
  }
}

/** They outlive the Flux objects that need them, and go with the namespace. */
const OUTLIVES = { ...PRUNE_DISABLED, ...SUBSTITUTE_DISABLED };

/** What applies the spoke's directory may write Flux objects into the spoke's namespace, and nothing anywhere else. */
function accountObjects({ cluster, spoke }: SpokeOnHub): readonly KubernetesObject[] {
  const { name: namespace } = cluster;
  const metadata = { name: SPOKE_ACCOUNT, namespace, annotations: OUTLIVES };
  const { data } = spoke.authentication;
  const identity = data.type === 'workload-identity' ? data.serviceAccountAnnotations : undefined;
  const groups = ['source.toolkit.fluxcd.io', 'kustomize.toolkit.fluxcd.io', 'helm.toolkit.fluxcd.io'];
  const secrets = cluster.externalSecrets ? ['external-secrets.io'] : [];
  return [
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { ...metadata, annotations: { ...OUTLIVES, ...identity } },
    },
    role(metadata, [
      { apiGroups: [...groups, ...secrets], resources: ['*'], verbs: ['*'] },
      { apiGroups: [''], resources: ['configmaps', 'secrets'], verbs: ['*'] },
    ]),
    roleBinding(metadata, { kind: 'Role', name: SPOKE_ACCOUNT }, [
      { kind: 'ServiceAccount', name: SPOKE_ACCOUNT, namespace },
    ]),
  ];
}

function identityObjects({ cluster, spoke }: SpokeOnHub): readonly KubernetesObject[] {
  const { data } = spoke.authentication;
  if (data.type !== 'workload-identity') return [];
  return [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: KUBE_CONFIG, namespace: cluster.name, annotations: OUTLIVES },
      data: {
        provider: data.provider,
        cluster: data.cluster,
        address: data.server,
        'ca.crt': data.certificateAuthority,
        audiences: data.audiences?.join('\n'),
        serviceAccountName: data.serviceAccountAnnotations && SPOKE_ACCOUNT,
      },
    },
  ];
}

function metadataOf(props: SpokeOnHub): {
  readonly namespace: string;
  readonly labels?: Readonly<Record<string, string>>;
} {
  const { shard } = spokeTarget(props);
  return { namespace: props.cluster.name, ...(shard !== undefined && { labels: { [SHARD_LABEL]: shard } }) };
}

function source(props: SpokeOnHub, project: ProjectBranch): KubernetesObject {
  const { cluster, spoke } = props;
  return gitRepository({
    ...metadataOf(props),
    name: FLUX_NAMESPACE,
    annotations: SUBSTITUTE_DISABLED,
    url: cloneUrl(project),
    ref: { branch: project.branch },
    interval: spoke.interval ?? cluster.trigger.sourceInterval,
    secretName: FLUX_NAMESPACE,
    sparseCheckout: [`clusters/${cluster.name}`, `spokes/${cluster.name}`],
  });
}

function roots(props: SpokeOnHub): readonly KubernetesObject[] {
  const { cluster, spoke } = props;
  const { kubeConfig, serviceAccountName } = spokeTarget(props);
  const common = {
    ...metadataOf(props),
    annotations: SUBSTITUTE_DISABLED,
    sourceName: FLUX_NAMESPACE,
    interval: '10m',
    retryInterval: '1m',
  };
  const namespaces = kustomization({
    ...common,
    name: NAMESPACES,
    path: `./spokes/${cluster.name}`,
    kubeConfig,
    serviceAccountName,
  });
  const root = kustomization({
    ...common,
    name: FLUX_NAMESPACE,
    path: `./clusters/${cluster.name}`,
    // Both follow one source, so Flux waits for the namespaces of the same commit.
    dependsOn: [{ name: NAMESPACES, namespace: cluster.name }],
    // It applies Flux objects to the hub: a component that is not ready must not hold up the others.
    wait: false,
    serviceAccountName: SPOKE_ACCOUNT,
    decryption: spoke.decryption,
    postBuild: needsGitCredentials(cluster)
      ? { substituteFrom: [{ kind: 'Secret', name: GIT_CREDENTIALS_SECRET }] }
      : undefined,
  });
  return [namespaces, root];
}

function namespaceFiles(cluster: Cluster): FileTree {
  const objects = cluster.components.flatMap((component) => namespaceObjects(component));
  return FileTree.of(withKustomization([{ path: 'namespaces.yaml', objects }])).below(`spokes/${cluster.name}`);
}
