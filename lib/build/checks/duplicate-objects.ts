import { objectIdentity } from '../../model/manifest/kubernetes-object';
import { type BuildProblem, type Built } from '../built';
import { objectProblem } from './object-problem';

/**
 * Objects that a chart renders twice: Helm fails on the second one. kustomize refuses them itself.
 *
 * @see https://github.com/helm/helm/issues/8041
 */
export function duplicateObjects(built: Built): readonly BuildProblem[] {
  const names = new Map<string, number>();
  return built.objects.flatMap((object) => {
    if (typeof (object.metadata as Partial<typeof object.metadata>).name !== 'string') return [];
    const { namespace = built.component?.namespace, ...metadata } = object.metadata;
    const identity = objectIdentity({ ...object, metadata: { ...metadata, namespace } });
    const times = (names.get(identity) ?? 0) + 1;
    names.set(identity, times);
    return times === 2 ? [objectProblem(built, object, 'is there more than once, want each object once')] : [];
  });
}
