import { posix } from 'node:path';

import { checkFluxKnows } from '../flux/flux-version';
import { type KustomizationChanges } from '../flux/kustomization-changes';
import { type FileTree } from '../manifest/file-tree';
import { KUSTOMIZATION_FILE_NAMES } from '../manifest/kustomize';
import { ValidationError } from '../validation-error';
import { type Component, type ComponentPlacement } from './component';
import { type FluxChanges } from './component-build';
import { dropNamespace, type KustomizeOverlay } from './kustomize-overlay';

/**
 * What Flux changes itself about a component.
 *
 * @param overlay - what differs where no overlay can be written, because the base is in somebody else's repository
 * @param namespace - namespace of all objects where the settings say none; undefined for what the objects say
 */
export function fluxChanges(
  settings: KustomizationChanges,
  overlay: KustomizeOverlay,
  namespace: string | undefined,
): FluxChanges {
  const { patches = [], images, labels } = overlay.props;
  const { components, ignoreMissingComponents, namePrefix, nameSuffix, commonMetadata } = settings;
  const { targetNamespace = namespace } = settings;
  return {
    components,
    ignoreMissingComponents,
    namePrefix,
    nameSuffix,
    targetNamespace,
    // Whatever its name is, `targetNamespace` would turn it into a second Namespace of that name.
    patches: targetNamespace === undefined ? patches : [...patches, dropNamespace('.*', targetNamespace)],
    images,
    commonMetadata: labels ? { ...commonMetadata, labels: { ...labels, ...commonMetadata?.labels } } : commonMetadata,
  };
}

/**
 * Refuses what a cluster does not take.
 *
 * @param filesOf - what is delivered below `systems/<component>`; undefined when there may be more
 */
export function checkPlacedChanges(
  component: Component,
  { cluster, fluxVersion, accountIsNamespaced }: ComponentPlacement,
  settings: KustomizationChanges,
  filesOf: (() => FileTree) | undefined,
): void {
  const at = { component: component.name, cluster: cluster.name };
  const { ignore, targetNamespace, components = [], ignoreMissingComponents } = settings;
  if (ignore !== undefined) checkFluxKnows(at, 'ignore', '2.9.0', fluxVersion);
  if (targetNamespace !== undefined && targetNamespace !== component.namespace && accountIsNamespaced) {
    const want = `the namespace of the component, "${component.namespace}", or a service account with \`clusterWide: true\``;
    throw new ValidationError({ at, prop: 'targetNamespace', got: targetNamespace, want });
  }
  if (filesOf === undefined || ignoreMissingComponents === true || components.length === 0) return;
  const files = filesOf();
  components.forEach((path, index) => {
    const directory = posix.join('overlays', cluster.name, path);
    if (KUSTOMIZATION_FILE_NAMES.some((name) => files.get(posix.join(directory, name)))) return;
    const want =
      'a directory that is delivered, with a kustomization.yaml: of the base, ../../base/…, or of the overlay';
    throw new ValidationError({ at, prop: ['components', index], got: path, want });
  });
}
