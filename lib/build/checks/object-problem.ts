import { type KubernetesObject, objectIdentity } from '../../model/manifest/kubernetes-object';
import { type BuildProblem, type Built } from '../built';

/**
 * Something wrong with an object of a build.
 *
 * @param message - what is wrong, in words that lead to the remedy
 */
export function objectProblem(built: Built, object: KubernetesObject, message: string): BuildProblem {
  return { ...subjectOf(built), place: `${built.source}: ${objectIdentity(object)}`, message };
}

/** What problems of a build are about. */
export function subjectOf({ cluster, component }: Built): Pick<BuildProblem, 'cluster' | 'component'> {
  return { cluster: cluster.name, ...(component && { component: component.name }) };
}

/** Whether a text holds a variable whose value only the cluster knows, so that nothing can be said about it. */
export function isUnknown(value: unknown): boolean {
  return typeof value === 'string' && value.includes('${');
}
