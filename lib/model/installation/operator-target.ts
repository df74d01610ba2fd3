import { type Cluster } from '../cluster/cluster';
import { DEFAULT_CONTROLLERS } from '../flux/controller-settings';
import { FluxPatch } from '../flux/flux-patch';
import { sourceSecretNameOf } from '../flux/installation-settings';
import { FLUX_NAMESPACE } from '../flux/metadata';
import { fluxInstance } from '../flux/operator/flux-instance';
import { type FluxOperatorSettings, requiresServiceAccounts } from '../flux/operator/operator-settings';
import { FileTree } from '../manifest/file-tree';
import { type KubernetesObject } from '../manifest/kubernetes-object';
import { checkCallers, LOCKDOWN_ACCOUNT, withSubstitution } from './bootstrap-files';
import { type FluxTarget, type RepositoryAddress } from './flux-target';

/** Where the Flux objects of a cluster go whose Flux flux-operator installs on the cluster itself. */
export function operatorTarget(cluster: Cluster, settings: FluxOperatorSettings): FluxTarget {
  checkCallers(cluster, settings);
  const patches = FluxPatch.combine(settings.patches ?? []);
  return {
    directory: cluster.name,
    rootNamespace: FLUX_NAMESPACE,
    namespaceOf: (component) => component.namespace,
    sourceSecretName: sourceSecretNameOf(settings),
    serviceAccountName: requiresServiceAccounts(settings) ? LOCKDOWN_ACCOUNT : undefined,
    shards: settings.sharding?.shards,
    decrypts: patches.decrypts,
    restrictsReceivers: patches.restrictsReceivers,
    version: settings.version,
    controllers: settings.components ?? DEFAULT_CONTROLLERS,
  };
}

/** The `FluxInstance` of a cluster. */
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

/**
 * What is below `clusters/<cluster>` where nothing else is: the root cannot follow a directory that is not there. Flux
 * itself is not in Git.
 *
 * @returns no file where components or receivers have some
 */
export function operatorFiles({ name, trigger, components }: Cluster): FileTree {
  const hasComponents = trigger.layout === 'per-cluster' && components.length > 0;
  if (hasComponents || trigger.type === 'webhook') return FileTree.EMPTY;
  const content = `# ${name}\n\nFlux applies what is in \`clusters/${name}\` to this cluster. flux-operator installs Flux itself.\n`;
  return FileTree.of([{ path: `clusters/${name}/${FLUX_NAMESPACE}/README.md`, content }]);
}
