import { type KubernetesObject } from '../../manifest/kubernetes-object';
import { type KustomizePatch } from '../../manifest/kustomize';
import { CONTROLLER_SETTINGS } from '../controller-settings';
import { FluxPatch } from '../flux-patch';
import { sourceSecretNameOf } from '../installation-settings';
import { FLUX_NAMESPACE } from '../metadata';
import { FLUX_CONTROLLERS } from '../patches/controllers';
import { appendArguments } from '../patches/kustomize-patches';
import { type RootSync } from '../root-sync';
import { pickSettings, type Setting } from '../setting';
import { type FluxOperatorSettings } from './operator-settings';

/** Name of the only `FluxInstance` that flux-operator takes. */
const INSTANCE = 'flux';

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
  const kustomize = [...argumentPatches(settings), ...FluxPatch.combine(patches).patches];
  return {
    apiVersion: 'fluxcd.controlplane.io/v1',
    kind: 'FluxInstance',
    metadata: { name: INSTANCE, namespace: FLUX_NAMESPACE, annotations: annotationsOf(settings) },
    spec: {
      distribution: {
        version: settings.version.replace(/^v/, ''),
        variant: settings.variant,
        artifact: settings.artifact,
        artifactPullSecret: settings.artifactPullSecret,
        ...fieldsIn('distribution', settings),
      },
      ...fieldsIn('spec', settings),
      cluster: { ...clusterOf(settings), ...fieldsIn('cluster', settings) },
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

/** The controllers' settings in one part of the `spec`. */
function fieldsIn(part: string, settings: FluxOperatorSettings): Readonly<Record<string, unknown>> {
  const fields = controllerRows(settings).flatMap(({ instance = 'argument', value, ...row }) =>
    instance !== 'argument' && instance[0] === part ? [[instance[1], value ?? row.default] as const] : [],
  );
  return Object.fromEntries(fields);
}

/** Of a flag that is given twice the last value counts. */
function argumentPatches(settings: FluxOperatorSettings): readonly KustomizePatch[] {
  const said = controllerRows(settings).filter(({ instance, value }) => instance === 'argument' && value !== undefined);
  return said.map(({ flag = '', value }) => appendArguments(FLUX_CONTROLLERS, [`--${flag}=${String(value)}`]));
}

function controllerRows(settings: FluxOperatorSettings): readonly (Setting & { readonly value: unknown })[] {
  const values = pickSettings(CONTROLLER_SETTINGS, settings);
  return Object.entries<Setting>(CONTROLLER_SETTINGS).map(([name, row]) => ({ ...row, value: values[name] }));
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
    multitenant: multiTenancyLockdown !== undefined,
    tenantDefaultServiceAccount: multiTenancyLockdown?.defaultServiceAccount,
    objectLevelWorkloadIdentity: objectLevelWorkloadIdentity ?? (identity === undefined ? undefined : true),
    multitenantWorkloadIdentity: identity === undefined ? undefined : true,
    tenantDefaultDecryptionServiceAccount: identity?.defaultDecryptionServiceAccount,
    tenantDefaultKubeConfigServiceAccount: identity?.defaultKubeConfigServiceAccount,
  };
}
