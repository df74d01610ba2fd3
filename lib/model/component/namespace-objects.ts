import { PRUNE_DISABLED } from '../flux/metadata';
import { type KubernetesObject } from '../manifest/kubernetes-object';
import { type Component } from './component';

/**
 * The Namespace of a component. It outlives the Flux objects in it: Flux does not prune it, because finalizers and hooks
 * still need what is in it.
 */
export function namespaceObjects(
  component: Component,
  annotations?: Readonly<Record<string, string>>,
): readonly KubernetesObject[] {
  if (component.namespaceOwner !== component) return [];
  const { namespace: name, namespaceLabels } = component;
  const labels = Object.keys(namespaceLabels).length === 0 ? undefined : namespaceLabels;
  return [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels, annotations: { ...PRUNE_DISABLED, ...annotations } },
    },
  ];
}
