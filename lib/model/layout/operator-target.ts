import { type Cluster } from '../cluster/cluster';
import { DEFAULT_CONTROLLERS } from '../flux/controller-settings';
import { sourceSecretNameOf } from '../flux/installation-settings';
import { FluxPatch } from '../flux/flux-patch';
import { fluxInstance } from '../flux/operator/flux-instance';
import { type FluxOperatorSettings, requiresServiceAccounts } from '../flux/operator/operator-settings';
import { FLUX_NAMESPACE } from '../flux/metadata';
import { type KubernetesObject } from '../manifest/kubernetes-object';
import { LOCKDOWN_ACCOUNT, withSubstitution } from './bootstrap-files';
import { type FluxTarget, type RepositoryAddress } from './flux-target';

/**
 * Where the Flux objects of a cluster go whose Flux flux-operator installs on the cluster itself.
 *
 * @param cluster - the cluster
 * @param settings - how Flux is installed
 */
export function operatorTarget(cluster: Cluster, settings: FluxOperatorSettings): FluxTarget {
  return {
    directory: cluster.name,
    rootNamespace: FLUX_NAMESPACE,
    namespaceOf: (component) => component.namespace,
    sourceSecretName: sourceSecretNameOf(settings),
    serviceAccountName: requiresServiceAccounts(settings) ? LOCKDOWN_ACCOUNT : undefined,
    shards: settings.sharding?.shards,
    decrypts: FluxPatch.combine(settings.patches ?? []).decrypts,
    controllers: settings.components ?? DEFAULT_CONTROLLERS,
  };
}

/**
 * The `FluxInstance` of a cluster.
 *
 * @param cluster - the cluster
 * @param settings - how Flux is installed
 * @param repository - the GitOps repository
 */
export function operatorInstance(
  cluster: Cluster,
  settings: FluxOperatorSettings,
  { httpUrl: url, branch }: RepositoryAddress,
): KubernetesObject {
  return fluxInstance(
    settings,
    { url, branch, path: `clusters/${cluster.name}` },
    withSubstitution(cluster, settings.patches),
  );
}
