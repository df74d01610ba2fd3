import { type Component, type ComponentPlacement } from '../component/component';
import { type ComponentServiceAccount } from '../component/service-account';
import { SHARD_LABEL } from '../flux/metadata';
import { cloneUrl } from '../manifest/project-branch';
import { ValidationError } from '../validation-error';
import { type LayoutContext } from './layout-context';

/** What a layout decides about the Flux objects of a component. */
export type LayoutDecisions = Pick<
  ComponentPlacement,
  'namespaceOf' | 'secretNameOf' | 'serviceAccountName' | 'annotations'
>;

/**
 * Where the Flux objects of a component live, as far as every layout says it alike.
 *
 * @param context - the cluster, where its Flux objects go, and the repository
 * @throws ValidationError when Flux does not have what serves the component
 */
export function placementOf(
  component: Component,
  context: LayoutContext,
  decisions: LayoutDecisions,
): ComponentPlacement {
  const { cluster, target, repository } = context;
  checkController(component, context);
  return {
    ...decisions,
    cluster,
    namespace: decisions.namespaceOf(component),
    repositoryUrl: cloneUrl(repository),
    branch: repository.branch,
    sourceInterval: cluster.trigger.sourceInterval,
    accountIsNamespaced: accountIsNamespaced(component, context),
    kubeConfig: target.kubeConfig,
    labels: shardLabel(component, context),
    suspend: cluster.suspend,
    fluxVersion: target.version,
  };
}

/**
 * The account that applies a component: its own, or under lockdown that of its namespace, which this library writes.
 *
 * @param context - the cluster, where its Flux objects go, and the repository
 */
export function serviceAccountOf(component: Component, context: LayoutContext): ComponentServiceAccount | undefined {
  const { namespaceOwner, serviceAccount } = component;
  const { serviceAccountName: name, kubeConfig } = context.target;
  if (serviceAccount !== undefined || name === undefined) return serviceAccount;
  if (kubeConfig !== undefined) return { name, create: false };
  if (namespaceOwner === component) return { name };
  return { name, ...serviceAccountOf(namespaceOwner, context), create: false };
}

/** Nothing would become of Flux objects that no controller serves, and nobody would say so. */
function checkController(component: Component, { cluster, target }: LayoutContext): void {
  const controller = `${component.type}-controller` as const;
  if (target.controllers !== undefined && !target.controllers.includes(controller)) {
    throw new ValidationError({
      at: { cluster: cluster.name },
      prop: ['flux', 'controllers'],
      got: target.controllers,
      want: `${controller} among them, which serves the component "${component.name}"`,
    });
  }
}

/** An account that exists already may have any rights. */
function accountIsNamespaced(component: Component, context: LayoutContext): boolean {
  const account = serviceAccountOf(component, context);
  return account !== undefined && account.clusterWide !== true && component.serviceAccount?.create !== false;
}

function shardLabel(
  component: Component,
  { cluster, target }: LayoutContext,
): Readonly<Record<string, string>> | undefined {
  const shard = component.shard ?? target.shard;
  if (shard === undefined) return undefined;
  const shards = target.shards ?? [];
  if (!shards.includes(shard)) {
    throw new ValidationError({
      at: { component: component.name, cluster: cluster.name },
      prop: 'shard',
      got: shard,
      want: `one of the shards of the cluster's Flux: ${shards.join(', ') || 'it has none, see FluxPatch.sharding()'}`,
    });
  }
  return { [SHARD_LABEL]: shard };
}
