import { dataProblems } from '../../model/manifest/config-data';
import { type KubernetesObject } from '../../model/manifest/kubernetes-object';
import { type BuildProblem, type Built } from '../built';
import { objectProblem } from './object-problem';

/** What etcd takes, by its own default, in one request. */
const MOST_BYTES = 1.5 * 1024 * 1024;

/**
 * ConfigMaps and Secrets with other data than the API server takes, and objects that are larger than etcd takes.
 *
 * @see https://kubernetes.io/docs/concepts/configuration/configmap/#motivation
 * @see https://etcd.io/docs/latest/dev-guide/limit/
 */
export function objectData(built: Built): readonly BuildProblem[] {
  return built.objects.flatMap((object) => {
    const isData = object.apiVersion === 'v1' && (object.kind === 'ConfigMap' || object.kind === 'Secret');
    const problems = isData ? dataProblems(object, object.kind) : [];
    return [...problems, ...sizeProblem(object, problems)].map((message) => objectProblem(built, object, message));
  });
}

/** Kubernetes stores its own kinds in a shorter form, so only the others are measured as they are. */
function sizeProblem(object: KubernetesObject, others: readonly string[]): readonly string[] {
  const isOwn = !/\..*\//.test(object.apiVersion) || object.apiVersion.includes('.k8s.io/');
  if (isOwn || others.length > 0) return [];
  const size = Buffer.byteLength(
    JSON.stringify(object, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
  );
  return size > MOST_BYTES ? [`got ${size} bytes, want at most ${MOST_BYTES}, which etcd takes`] : [];
}
