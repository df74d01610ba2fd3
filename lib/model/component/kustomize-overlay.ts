import { posix } from 'node:path';

import { type PathOptions, readDirectory } from '../manifest/directory';
import { FileTree, type RepositoryFile } from '../manifest/file-tree';
import { KUSTOMIZATION_FILE_NAMES, kustomizationFile, type KustomizePatch } from '../manifest/kustomize';
import { toYamlDocument } from '../manifest/yaml';
import { ValidationError } from '../validation-error';
import { listOf } from './kustomization-fields';
import { checkOverlay } from './kustomize-overlay-checks';
import { type KustomizeOverlayProps } from './kustomize-overlay-props';
import { checkKustomizeReferences } from './kustomize-references';
import { addToLists, fieldsOf } from './own-kustomization';

/** What is known of the base that an overlay changes. */
export interface RenderedBase {
  /** Whether it may have StatefulSets with claims of their own. */
  readonly mayHaveClaims: boolean;
}

/** What one cluster, or the clusters of one environment, change about a base. */
export class KustomizeOverlay {
  /** No changes. */
  public static readonly NONE = new KustomizeOverlay({}, undefined);

  /**
   * Changes as typed values.
   *
   * @throws ValidationError when kustomize could not build one of them, the API server would refuse it, or a patch sets a Secret
   */
  public static of(props: KustomizeOverlayProps): KustomizeOverlay {
    checkOverlay(props);
    return new KustomizeOverlay(props, undefined);
  }

  /**
   * A directory of yours. Its `kustomization.yaml` names `../../base`; what every overlay needs is added to it.
   *
   * @param options - where a relative path starts from
   * @throws ValidationError when it has no `kustomization.yaml`, that does not name the base, or a path in it leads out
   */
  public static directory(directory: string, options: PathOptions = {}): KustomizeOverlay {
    const at = 'kustomize overlay';
    const files = readDirectory(at, 'directory', directory, options.relativeTo, KUSTOMIZATION_FILE_NAMES);
    checkKustomizeReferences({ at, prop: ['directory'], directory }, files, isDeliveredOutside);
    const { path, content } = kustomizationOf(files);
    const { resources, bases } = fieldsOf(content);
    if (![...listOf(resources), ...listOf(bases)].some(isBase)) {
      const file = posix.join(directory, path);
      throw new ValidationError({ at, prop: 'directory', file, want: '`../../base` among its resources' });
    }
    return new KustomizeOverlay({}, files, directory);
  }

  private constructor(
    /** Changes as typed values; none for a directory. */
    public readonly props: KustomizeOverlayProps,
    /** Files of a directory; undefined for typed values. */
    public readonly files: FileTree | undefined,
    /** The directory, as it was named; undefined for typed values. */
    public readonly directory?: string,
  ) {}

  /**
   * The overlay's files, relative to the overlay.
   *
   * @param namespace - namespace for objects that have none
   * @param base - what is known of the base
   */
  public render(namespace: string, base: RenderedBase = { mayHaveClaims: true }): FileTree {
    return this.files === undefined ? renderTyped(this.props, namespace, base) : addRequired(this.files, namespace);
  }
}

function renderTyped(props: KustomizeOverlayProps, namespace: string, base: RenderedBase): FileTree {
  const objects = props.objects?.length ? [{ path: 'objects.yaml', objects: props.objects }] : [];
  const configMaps = props.configMaps ?? [];
  const kustomization = kustomizationFile({
    resources: ['../../base', ...objects.map(({ path }) => path)],
    labels: props.labels && [labelsOf(props, base)],
    images: props.images,
    replicas: props.replicas && Object.entries(props.replicas).map(([name, count]) => ({ name, count })),
    configMapGenerator:
      props.configMaps &&
      configMaps.map(({ name, data, behavior }) => ({
        name,
        behavior,
        files: Object.keys(data).map((key) => `${key}=config/${name}/${key}`),
      })),
    patches: [...(props.patches ?? []), dropNamespace(namespace, namespace)],
    transformers: [setNamespace(namespace)],
  });
  // Files and not literals: kustomize takes quotes off the ends of a literal.
  const config = configMaps.flatMap(({ name, data }) =>
    Object.entries(data).map(([key, content]) => ({ path: `config/${name}/${key}`, content })),
  );
  return FileTree.of([...objects, ...config, { path: 'kustomization.yaml', objects: [kustomization] }]);
}

/** Pod templates by the kinds that have one. */
const TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  'spec/template/metadata/labels': [
    'DaemonSet',
    'Deployment',
    'Job',
    'ReplicaSet',
    'ReplicationController',
    'StatefulSet',
  ],
  'spec/jobTemplate/spec/template/metadata/labels': ['CronJob'],
};

/**
 * kustomize's `includeTemplates` labels `volumeClaimTemplates` too, which nobody can change in a StatefulSet that is
 * there. Where there may be one, the templates are named one by one.
 *
 * @see https://github.com/kubernetes-sigs/kustomize/issues/5389
 */
function labelsOf({ labels: pairs, objects = [] }: KustomizeOverlayProps, { mayHaveClaims }: RenderedBase): object {
  if (!mayHaveClaims && !objects.some(({ kind }) => kind === 'StatefulSet')) return { pairs, includeTemplates: true };
  const fields = Object.entries(TEMPLATES).flatMap(([path, kinds]) =>
    kinds.map((kind) => ({ path, kind, create: true })),
  );
  return { pairs, fields };
}

/** Adds to somebody's own `kustomization.yaml`. */
function addRequired(files: FileTree, namespace: string): FileTree {
  const file = kustomizationOf(files);
  const fields = fieldsOf(file.content);
  const patch = { field: 'patches', item: dropNamespace(namespace, namespace) } as const;
  const isNamespaced = typeof fields.namespace === 'string' && fields.namespace !== '';
  // kustomize takes two transformers of one name in one namespace for one that is there twice.
  const hasOwn = [...files].some(({ content }) => String(content).includes('NamespaceTransformer'));
  const transformer = setNamespace(namespace, hasOwn ? 'namespace-of-component' : 'namespace');
  const additions = isNamespaced ? [patch] : [patch, { field: 'transformers', item: transformer } as const];
  const content = addToLists(file.path, file.content, additions);
  return FileTree.of([...files].map((other) => (other.path === file.path ? { ...file, content } : other)));
}

/**
 * A patch that drops Namespaces. The Namespace belongs to the component's `<component>-namespace.yaml`. A second one in
 * the base would fight with it: each wipes the other's labels.
 *
 * @param pattern - anchored regular expression for the names
 */
export function dropNamespace(pattern: string, namespace: string): KustomizePatch {
  const patch = { $patch: 'delete', apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
  return { patch: toYamlDocument(patch), target: { kind: 'Namespace', name: pattern } };
}

/**
 * Kustomize's own `namespace` field would also move objects that name another namespace on purpose, such as a
 * RoleBinding in `kube-system`.
 *
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/builtins/#_namespacetransformer_
 */
function setNamespace(namespace: string, name = 'namespace'): string {
  return toYamlDocument({
    apiVersion: 'builtin',
    kind: 'NamespaceTransformer',
    metadata: { name, namespace },
    setRoleBindingSubjects: 'allServiceAccounts',
    unsetOnly: true,
  });
}

/** A directory without one has been refused. */
function kustomizationOf(files: FileTree): RepositoryFile & { readonly content: string } {
  const [file] = KUSTOMIZATION_FILE_NAMES.flatMap((name) => files.get(name) ?? []);
  return { path: 'kustomization.yaml', ...file, content: String(file?.content) };
}

/** The base, what lies below it, and the overlays of other clusters, if they have one. */
function isDeliveredOutside(path: string): boolean {
  return /^\.\.\/\.\.\/base(\/|$)|^\.\.\/[^.]/.test(path);
}

function isBase(resource: unknown): boolean {
  return typeof resource === 'string' && posix.normalize(resource).replace(/\/$/, '') === '../../base';
}
