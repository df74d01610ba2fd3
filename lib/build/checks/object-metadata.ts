import { type Fields, isFields } from '../../model/manifest/fields';
import { annotationProblems, labelProblems, namespaceLabelProblems } from '../../model/manifest/kubernetes-metadata';
import { type KubernetesObject } from '../../model/manifest/kubernetes-object';
import { wantedName } from '../../model/manifest/object-name';
import { type BuildProblem, type Built } from '../built';
import { isUnknown, objectProblem } from './object-problem';

/** Where objects have metadata of other objects that the API server judges with them. */
const TEMPLATES = [
  ['spec', 'template'],
  ['spec', 'jobTemplate'],
  ['spec', 'jobTemplate', 'spec', 'template'],
];

/**
 * Names, namespaces, labels and annotations that the API server refuses, those of Pod Security among them.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/
 */
export function objectMetadata(built: Built): readonly BuildProblem[] {
  return built.objects.flatMap((object) =>
    [...nameProblems(object), ...labelsAndAnnotations(object)].map((message) => objectProblem(built, object, message)),
  );
}

function nameProblems(object: KubernetesObject): readonly string[] {
  const { apiVersion, kind, metadata } = object;
  const { name, namespace } = metadata as Partial<typeof metadata>;
  const problems: string[] = [];
  // An object with generateName has none.
  if (typeof name === 'string' && !isUnknown(name)) {
    const want = wantedName({ apiVersion, kind, name });
    if (want !== undefined) problems.push(`metadata.name: got ${JSON.stringify(name)}, want ${want}`);
  }
  if (typeof namespace === 'string' && namespace !== '' && !isUnknown(namespace)) {
    const want = wantedName({ apiVersion: 'v1', kind: 'Namespace', name: namespace });
    if (want !== undefined) problems.push(`metadata.namespace: got ${JSON.stringify(namespace)}, want ${want}`);
  }
  return problems;
}

function labelsAndAnnotations(object: KubernetesObject): readonly string[] {
  const isNamespace = object.kind === 'Namespace' && object.apiVersion === 'v1';
  const places = [['metadata'], ...TEMPLATES.map((path) => [...path, 'metadata'])];
  return places.flatMap((path) => {
    const metadata = path.reduce<unknown>((value, step) => (isFields(value) ? value[step] : undefined), object);
    if (!isFields(metadata)) return [];
    const judge = isNamespace ? namespaceLabelProblems : labelProblems;
    const labels = judge(known(metadata.labels)).map((problem) => ({ field: 'labels', ...problem }));
    const annotations = annotationProblems(known(metadata.annotations)).map((problem) => ({
      field: 'annotations',
      ...problem,
    }));
    return [...labels, ...annotations].map(({ field, key, got, want }) => {
      const place = [...path, field, ...(got === key ? [] : [key])].join('.');
      return `${place}: got ${JSON.stringify(got)}, want ${want}`;
    });
  });
}

function known(map: unknown): Fields {
  const entries = isFields(map) ? Object.entries(map) : [];
  // What has no value is dropped.
  return Object.fromEntries(entries.filter(([key, value]) => value !== null && ![key, value].some(isUnknown)));
}
