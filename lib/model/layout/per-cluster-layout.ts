import { type Component } from '../component/component';
import { namespaceObjects } from '../component/namespace-objects';
import { serviceAccountObjects } from '../component/service-account';
import { PRUNE_DISABLED, SUBSTITUTE_DISABLED } from '../flux/metadata';
import { FileTree, type ManifestFile } from '../manifest/file-tree';
import { withKustomization } from '../manifest/kustomize';
import { secretFile, secretNameOf } from './component-secrets';
import { type LayoutContext } from './layout-context';
import { placementOf, serviceAccountOf } from './placement';

/**
 * `clusters/<cluster>/<component>/<component>-<role>.yaml`: the Flux objects live in the component's own namespace, with
 * a source of their own. A `kustomization.yaml` makes a rename within the directory atomic for Flux.
 */
export function perClusterFiles(component: Component, context: LayoutContext): FileTree {
  const files = [namespaceFile(component, context), secretFile(component, context), ...fluxFiles(component, context)];
  const present = files.filter((file) => file !== undefined);
  return FileTree.of(withKustomization(present)).below(`clusters/${context.target.directory}/${component.name}`);
}

/** What must outlive the Flux objects: Namespace, account and binding. */
function namespaceFile(component: Component, context: LayoutContext): ManifestFile | undefined {
  if (context.target.kubeConfig !== undefined) {
    // On a spoke, which gets its namespaces before.
    return undefined;
  }
  const account = serviceAccountOf(component, context);
  const namespace = context.target.namespaceOf(component);
  const objects = [
    ...namespaceObjects(component, SUBSTITUTE_DISABLED),
    ...(account ? serviceAccountObjects(account, namespace, { ...PRUNE_DISABLED, ...SUBSTITUTE_DISABLED }) : []),
  ];
  return objects.length === 0 ? undefined : { path: `${component.name}-namespace.yaml`, objects };
}

function fluxFiles(component: Component, context: LayoutContext): readonly ManifestFile[] {
  const { target } = context;
  const placement = placementOf(component, context, {
    namespaceOf: (other) => target.namespaceOf(other),
    secretNameOf: (secret) => secretNameOf(component, secret, context),
    serviceAccountName: serviceAccountOf(component, context)?.name,
    annotations: SUBSTITUTE_DISABLED,
  });
  const manifests = component.fluxObjects(placement);
  return [...new Set(manifests.map(({ role }) => role))].map((role) => {
    const objects = manifests.filter((manifest) => manifest.role === role).map(({ object }) => object);
    return { path: `${component.name}-${role}.yaml`, objects };
  });
}
