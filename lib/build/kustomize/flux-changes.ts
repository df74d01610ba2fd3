import { posix } from 'node:path';

import { type FluxChanges } from '../../model/component/component-build';
import { listOf } from '../../model/component/kustomization-fields';
import { fieldsOf } from '../../model/component/own-kustomization';
import { type CommonMetadata } from '../../model/flux/kustomization-changes';
import { type RepositoryFile } from '../../model/manifest/file-tree';
import { type KubernetesObject } from '../../model/manifest/kubernetes-object';
import { KUSTOMIZATION_FILE_NAMES } from '../../model/manifest/kustomize';
import { toYaml } from '../../model/manifest/yaml';

/**
 * The files of an overlay with its `kustomization.yaml` as kustomize-controller changes it before it builds.
 *
 * @param files - the overlay's
 * @param beside - files that its components may be among
 * @see https://github.com/fluxcd/pkg/blob/main/kustomize/kustomize_generator.go
 */
export function withFluxChanges(
  files: readonly RepositoryFile[],
  beside: readonly RepositoryFile[],
  directory: string,
  changes: Omit<FluxChanges, 'images'>,
): readonly RepositoryFile[] {
  const { components = [], ignoreMissingComponents, targetNamespace, namePrefix, nameSuffix, patches } = changes;
  const isThere = (component: string): boolean => {
    const path = posix.join(directory, component);
    return [...files, ...beside].some((file) => file.path.startsWith(`${path}/`));
  };
  const used = components.filter((component) => ignoreMissingComponents !== true || isThere(component));
  const set = {
    ...(targetNamespace !== undefined && { namespace: targetNamespace }),
    ...(namePrefix !== undefined && { namePrefix }),
    ...(nameSuffix !== undefined && { nameSuffix }),
  };
  if (Object.keys(set).length === 0 && patches.length === 0 && used.length === 0) return files;
  const own = KUSTOMIZATION_FILE_NAMES.map((name) => posix.join(directory, name));
  return files.map((file) => {
    if (!own.includes(file.path)) return file;
    const fields = fieldsOf(String(file.content));
    const lists = {
      patches: [...listOf(fields.patches), ...patches],
      components: [...listOf(fields.components), ...used],
    };
    return { ...file, content: toYaml([{ ...fields, ...set, ...lists }]) };
  });
}

/** Objects with the labels and annotations that kustomize-controller sets on everything. */
export function withCommonMetadata(
  objects: readonly KubernetesObject[],
  common: CommonMetadata = {},
): readonly KubernetesObject[] {
  if (Object.keys(common).length === 0) return objects;
  return objects.map(({ metadata, ...object }) => ({
    ...object,
    metadata: {
      ...metadata,
      ...(common.labels && { labels: { ...metadata.labels, ...common.labels } }),
      ...(common.annotations && { annotations: { ...metadata.annotations, ...common.annotations } }),
    },
  }));
}
