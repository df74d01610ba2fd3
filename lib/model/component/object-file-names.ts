import { type KubernetesObject } from '../manifest/kubernetes-object';

/**
 * Names of files, one for each object: `configmap-settings`, with the namespace in front of the name where there is one.
 * Where two objects would have one name, the group says which is which, and if it does not, `_` ends the namespace.
 *
 * @returns each object with its name, without an extension; the same name twice only for what is one object to Kubernetes
 */
export function objectFileNames(
  objects: readonly KubernetesObject[],
): readonly { readonly name: string; readonly object: KubernetesObject }[] {
  return [withGroup, withBorders].reduce(
    (named, longer) => {
      const counts = new Map<string, number>();
      named.forEach(({ name }) => counts.set(name, (counts.get(name) ?? 0) + 1));
      return named.map(({ name, object }) => ({ name: counts.get(name) === 1 ? name : longer(object), object }));
    },
    objects.map((object) => ({ name: short(object), object })),
  );
}

function short({ kind, metadata: { name, namespace } }: KubernetesObject): string {
  return `${kind.toLowerCase()}-${namespace === undefined ? '' : `${namespace}-`}${name.replaceAll(':', '-')}`;
}

function withGroup(object: KubernetesObject): string {
  const [group = '', version] = object.apiVersion.split('/');
  return short({ ...object, kind: version === undefined ? object.kind : `${object.kind}.${group}` });
}

/** The names of roles have colons too, no name has this sign. */
function withBorders(object: KubernetesObject): string {
  const { name, namespace } = object.metadata;
  const whole = `${namespace === undefined ? '' : `${namespace}_`}${name.replaceAll(':', '__')}`;
  return withGroup({ ...object, metadata: { name: whole } });
}
