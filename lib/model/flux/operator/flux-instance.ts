import { type KubernetesObject } from '../../manifest/kubernetes-object';
import { type KustomizePatch } from '../../manifest/kustomize';
import { FluxPatch } from '../flux-patch';
import { sourceSecretNameOf } from '../installation-settings';
import { FLUX_NAMESPACE } from '../metadata';
import { FLUX_CONTROLLERS } from '../patches/controllers';
import { appendArguments } from '../patches/kustomize-patches';
import { type RootSync } from '../root-sync';
import { type FluxOperatorSettings } from './operator-settings';

/** Name of the only `FluxInstance` that flux-operator takes. */
const INSTANCE = 'flux';
const REGISTRY = 'ghcr.io/fluxcd';

/**
 * The `FluxInstance` (fluxcd.controlplane.io/v1). Its source and its `Kustomization` are named `flux-system`, as
 * `flux bootstrap` names them.
 *
 * @see https://fluxoperator.dev/docs/crd/fluxinstance/
 */
export function fluxInstance(
  settings: FluxOperatorSettings,
  sync: RootSync,
  patches: readonly FluxPatch[],
): KubernetesObject {
  const { sharding, storage, commonMetadata, wait, migrateResources } = settings;
  const kustomize = [...logLevelPatches(settings), ...FluxPatch.combine(patches).patches];
  return {
    apiVersion: 'fluxcd.controlplane.io/v1',
    kind: 'FluxInstance',
    metadata: { name: INSTANCE, namespace: FLUX_NAMESPACE, annotations: annotationsOf(settings) },
    spec: {
      distribution: {
        version: settings.version.replace(/^v/, ''),
        registry: settings.registry ?? REGISTRY,
        variant: settings.variant,
        imagePullSecret: settings.imagePullSecret,
        artifact: settings.artifact,
        artifactPullSecret: settings.artifactPullSecret,
      },
      components: settings.components,
      cluster: clusterOf(settings),
      sharding,
      storage,
      commonMetadata,
      wait,
      migrateResources,
      kustomize: kustomize.length === 0 ? undefined : { patches: kustomize },
      sync: {
        kind: 'GitRepository',
        url: sync.url,
        ref: `refs/heads/${sync.branch}`,
        path: sync.path,
        interval: settings.interval ?? '1m',
        pullSecret: sourceSecretNameOf(settings),
      },
    },
  };
}

/** The operator has no setting for it; of a flag that is given twice the last value counts. */
function logLevelPatches({ logLevel }: FluxOperatorSettings): readonly KustomizePatch[] {
  return logLevel === undefined ? [] : [appendArguments(FLUX_CONTROLLERS, [`--log-level=${logLevel}`])];
}

function annotationsOf({ reconciliation = {} }: FluxOperatorSettings): Record<string, string> | undefined {
  const { every, artifactEvery, timeout } = reconciliation;
  const said = { reconcileEvery: every, reconcileArtifactEvery: artifactEvery, reconcileTimeout: timeout };
  const annotations = Object.entries(said).flatMap(([key, value]) =>
    value === undefined ? [] : [[`fluxcd.controlplane.io/${key}`, value] as const],
  );
  return annotations.length === 0 ? undefined : Object.fromEntries(annotations);
}

function clusterOf(settings: FluxOperatorSettings): object {
  const { multiTenancyLockdown, objectLevelWorkloadIdentity } = settings;
  const identity = multiTenancyLockdown?.workloadIdentity;
  return {
    type: settings.platform ?? 'kubernetes',
    size: settings.size,
    domain: settings.clusterDomain ?? 'cluster.local',
    networkPolicy: settings.networkPolicy ?? true,
    multitenant: multiTenancyLockdown !== undefined,
    tenantDefaultServiceAccount: multiTenancyLockdown?.defaultServiceAccount,
    objectLevelWorkloadIdentity: objectLevelWorkloadIdentity ?? (identity === undefined ? undefined : true),
    multitenantWorkloadIdentity: identity === undefined ? undefined : true,
    tenantDefaultDecryptionServiceAccount: identity?.defaultDecryptionServiceAccount,
    tenantDefaultKubeConfigServiceAccount: identity?.defaultKubeConfigServiceAccount,
  };
}
