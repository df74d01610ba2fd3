import { type KubernetesObject } from '../manifest/kubernetes-object';

/** On every object that GitLab CI applies: the cluster that it is for. The names of files say nothing. */
export const CLUSTER_LABEL = 'gitlab-flux/cluster';

/** On every object that GitLab CI applies and removes with its component. Namespaces do not have it. */
export const COMPONENT_LABEL = 'gitlab-flux/component';

/** An object with more labels. */
export function withLabels(object: KubernetesObject, labels: Readonly<Record<string, string>>): KubernetesObject {
  return { ...object, metadata: { ...object.metadata, labels: { ...object.metadata.labels, ...labels } } };
}
