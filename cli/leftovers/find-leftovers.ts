import { type ApiObject } from './kubectl';

/** What a cluster holds, as far as it matters here. */
export interface ClusterObjects {
  /** Namespaces, service accounts and bindings with the labels of a Kustomization. */
  readonly applied: readonly ApiObject[];
  /** Kustomizations and HelmReleases. */
  readonly flux: readonly ApiObject[];
}

/** Something that Flux applied once and that no Kustomization names any more. */
export interface Leftover {
  /** As kubectl names it: `namespace/fluentd`, `rolebinding/fluentd/deployer`. */
  readonly object: string;
  /** The object. */
  readonly source: ApiObject;
  /** The Kustomization that applied it, as `namespace/name`. */
  readonly appliedBy: string;
}

const NAME = 'kustomize.toolkit.fluxcd.io/name';
const NAMESPACE = 'kustomize.toolkit.fluxcd.io/namespace';
const PRUNE = 'kustomize.toolkit.fluxcd.io/prune';
const KUBERNETES = new Set(['default', 'kube-system', 'kube-public', 'kube-node-lease']);

/**
 * What is left over: what Flux was told not to prune, when no Kustomization names it any more. What lies in a namespace
 * that is left over itself goes with it and is not listed.
 */
export function findLeftovers({ applied, flux }: ClusterObjects): readonly Leftover[] {
  const kustomizations = flux.filter(({ kind }) => kind === 'Kustomization');
  const named = new Map(kustomizations.map((each) => [`${each.metadata.namespace ?? ''}/${each.metadata.name}`, each]));
  const inUse = new Set(flux.flatMap(namespacesOf));
  const leftovers = applied.flatMap((source): Leftover[] => {
    const { name, labels = {}, annotations = {} } = source.metadata;
    const appliedBy = appliedByOf(labels);
    if (annotations[PRUNE] !== 'disabled') return [];
    if (source.kind === 'Namespace' && (KUBERNETES.has(name) || inUse.has(name))) return [];
    const owner = named.get(appliedBy);
    // It has never applied anything, or has just been made anew: nobody knows yet.
    if (owner !== undefined && owner.status?.inventory?.entries === undefined) return [];
    const ids = new Set(owner?.status?.inventory?.entries?.map(({ id }) => id));
    return ids.has(inventoryId(source)) ? [] : [{ object: objectName(source), source, appliedBy }];
  });
  const namespaces = new Set(leftovers.filter(isNamespace).map(({ source }) => source.metadata.name));
  return leftovers
    .filter((each) => !namespaces.has(each.source.metadata.namespace ?? ''))
    .sort((a, b) => (a.object < b.object ? -1 : 1));
}

/** The Kustomization that applied something, as `namespace/name`. */
export function appliedByOf(labels: Readonly<Record<string, string>>): string {
  return `${labels[NAMESPACE] ?? ''}/${labels[NAME] ?? ''}`;
}

/** Whether something is a Namespace. */
export function isNamespace({ source }: Leftover): boolean {
  return source.kind === 'Namespace';
}

/** With the trigger pipeline, Flux objects are in another namespace than what they deploy. */
function namespacesOf({ metadata, spec, status }: ApiObject): readonly (string | undefined)[] {
  const applied = status?.inventory?.entries?.map(({ id }) => id.slice(0, id.indexOf('_'))) ?? [];
  return [metadata.namespace, spec?.targetNamespace, ...applied];
}

// As Flux writes it: NAMESPACE_NAME_GROUP_KIND; a colon in a name, which role bindings may have, is two underscores.
function inventoryId({ kind, apiVersion, metadata }: ApiObject): string {
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return `${metadata.namespace ?? ''}_${metadata.name.replaceAll(':', '__')}_${group}_${kind}`;
}

function objectName({ kind, metadata: { namespace, name } }: ApiObject): string {
  return [kind.toLowerCase(), ...(namespace === undefined ? [] : [namespace]), name].join('/');
}
