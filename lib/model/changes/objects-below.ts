import { posix } from 'node:path';

import { listOf } from '../component/kustomization-fields';
import { KUSTOMIZATION_FILE_NAMES } from '../manifest/kustomize';
import { parseObjects } from '../manifest/yaml';
import { type RepositoryTexts } from './flux-deployments';

/**
 * The Kubernetes objects that a directory brings by the `resources` of its `kustomization.yaml`, as `KIND GROUP NAME`.
 * What Namespaces they go into is for an overlay to say.
 *
 * @param texts - the files of the repository; what is not among them is not counted
 */
export function objectsBelow(directory: string, texts: RepositoryTexts): ReadonlySet<string> {
  const objects = new Set<string>();
  const seen = new Set<string>();
  const visit = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    const text = texts.get(path);
    if (text === undefined) {
      resourcesOf(path, texts).forEach((resource) => visit(posix.join(path, resource)));
      return;
    }
    for (const { apiVersion = '', kind = '', metadata } of parseObjects(text, path)) {
      if (kind !== 'Namespace') objects.add(`${kind} ${apiVersion.replace(/\/?[^/]*$/, '')} ${metadata?.name ?? ''}`);
    }
  };
  visit(posix.normalize(directory));
  return objects;
}

function resourcesOf(directory: string, texts: RepositoryTexts): readonly string[] {
  const path = KUSTOMIZATION_FILE_NAMES.map((name) => posix.join(directory, name)).find((each) => texts.has(each));
  if (path === undefined) return [];
  const [{ resources } = {}] = parseObjects(texts.get(path) ?? '', path);
  return listOf(resources).map(String);
}
