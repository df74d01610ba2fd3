import { type KubernetesObject } from '../../model/manifest/kubernetes-object';
import { type KustomizeTarget } from '../../model/manifest/kustomize';

/** What kustomize appends to the names of what it generates. Patches know the name without it. */
const HASH = /-[a-z0-9]{10}$/;

/**
 * Whether a target of a patch selects an object. Names are anchored regular expressions, of Go: what cannot be read here
 * may select anything.
 *
 * @param isRenamed - whether the object may have had another name and namespace before, by which kustomize knows it too
 * @see https://github.com/kubernetes-sigs/kustomize/blob/master/api/resmap/reswrangler.go (Select)
 */
export function selects(target: KustomizeTarget, object: KubernetesObject, isRenamed: boolean): boolean {
  const { apiVersion, kind, metadata } = object;
  const slash = apiVersion.indexOf('/');
  const group = slash === -1 ? '' : apiVersion.slice(0, slash);
  const { name = '', namespace = 'default', labels = {}, annotations = {} } = metadata as Partial<typeof metadata>;
  const names = isRenamed ? undefined : [name, name.replace(HASH, '')];
  return (
    matches(target.group, [group]) &&
    matches(target.version, [apiVersion.slice(slash + 1)]) &&
    matches(target.kind, [kind]) &&
    (names === undefined || matches(target.name, names)) &&
    (isRenamed || matches(target.namespace, [namespace, metadata.namespace ?? ''])) &&
    holds(target.labelSelector, labels) &&
    holds(target.annotationSelector, annotations)
  );
}

function matches(pattern: string | undefined, values: readonly string[]): boolean {
  if (pattern === undefined || pattern === '') return true;
  try {
    const anchored = new RegExp(`^(?:${pattern})$`);
    return values.some((value) => anchored.test(value));
  } catch {
    return true;
  }
}

/** Selectors by equality; those by sets may hold for anything. */
function holds(selector: string | undefined, labels: Readonly<Record<string, string>>): boolean {
  if (selector === undefined || selector === '' || /[()]/.test(selector)) return true;
  return selector.split(',').every((term) => {
    const [, key = '', operator, value = ''] = /^\s*([^\s=!]+)\s*(==?|!=)\s*(.*?)\s*$/.exec(term) ?? [];
    if (operator === undefined) {
      const name = term.trim();
      return name.startsWith('!') ? !Object.hasOwn(labels, name.slice(1)) : Object.hasOwn(labels, name);
    }
    return ((labels[key] ?? '') === value) === (operator !== '!=');
  });
}
