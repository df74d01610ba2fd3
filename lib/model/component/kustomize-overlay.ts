import { posix } from 'node:path';

import { type PathOptions, readDirectory } from '../manifest/directory';
import { FileTree, type RepositoryFile } from '../manifest/file-tree';
import { checkKubernetesObject, type KubernetesObject } from '../manifest/kubernetes-object';
import { KUSTOMIZATION_FILE_NAMES, kustomizationFile, type KustomizePatch } from '../manifest/kustomize';
import { checkKustomizePatch } from '../manifest/kustomize-patch';
import { toYaml, toYamlDocument } from '../manifest/yaml';
import { ValidationError } from '../validation-error';
import { listOf } from './kustomization-fields';
import { checkKustomizeReferences } from './kustomize-references';
import { addToLists, fieldsOf } from './own-kustomization';

/** A container image that an overlay replaces. */
export interface KustomizeImage {
  /** Name of the image as the base has it. */
  readonly name: string;
  /**
   * Another name, for example that of a mirror.
   *
   * @default - the name stays
   */
  readonly newName?: string;
  /**
   * Another tag.
   *
   * @default - the tag stays
   */
  readonly newTag?: string;
  /**
   * A digest in place of the tag.
   *
   * @default - none
   */
  readonly digest?: string;
}

/** A ConfigMap that kustomize generates, with a hash of its content in its name. */
export interface ConfigMapGenerator {
  /** Name that the manifests use. */
  readonly name: string;
  /** Content by key. It is in Git: no secrets. */
  readonly data: Readonly<Record<string, string>>;
  /**
   * What happens to a ConfigMap of that name which the base generates.
   *
   * @default 'create'
   */
  readonly behavior?: 'create' | 'replace' | 'merge';
}

/** What one cluster, or the clusters of one environment, change about a base. */
export interface KustomizeOverlayProps {
  /**
   * Strategic merge patches and JSON 6902 patches.
   *
   * @default - none
   */
  readonly patches?: readonly KustomizePatch[];
  /**
   * Images to replace.
   *
   * @default - none
   */
  readonly images?: readonly KustomizeImage[];
  /**
   * Numbers of replicas by name of the workload.
   *
   * @default - as in the base
   */
  readonly replicas?: Readonly<Record<string, number>>;
  /**
   * ConfigMaps to generate.
   *
   * @default - none
   */
  readonly configMaps?: readonly ConfigMapGenerator[];
  /**
   * Labels for all objects and pod templates; selectors stay as they are.
   *
   * @default - none
   */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * Objects beside the base.
   *
   * @default - none
   */
  readonly objects?: readonly KubernetesObject[];
}

/** What one cluster, or the clusters of one environment, change about a base. */
export class KustomizeOverlay {
  /** No changes. */
  public static readonly NONE = new KustomizeOverlay({}, undefined);

  /**
   * Changes as typed values.
   *
   * @param props - the changes
   * @throws ValidationError when an object is no Kubernetes object, a patch is none or sets a Secret, or a number of replicas is not one
   */
  public static of(props: KustomizeOverlayProps): KustomizeOverlay {
    props.objects?.forEach((object, index) => checkKubernetesObject('kustomize overlay', ['objects', index], object));
    props.patches?.forEach((patch, index) =>
      checkKustomizePatch({ at: 'kustomize overlay', prop: ['patches', index] }, patch),
    );
    for (const [name, key] of (props.configMaps ?? []).flatMap((map) =>
      Object.keys(map.data).map((key) => [map.name, key] as const),
    )) {
      if (!/^[-._a-zA-Z0-9]+$/.test(key)) {
        throw new ValidationError({
          at: 'kustomize overlay',
          prop: ['configMaps', name],
          got: key,
          want: 'keys of letters, digits, dots, hyphens and underscores',
        });
      }
    }
    for (const [name, count] of Object.entries(props.replicas ?? {})) {
      if (!Number.isSafeInteger(count) || count < 0) {
        throw new ValidationError({
          at: 'kustomize overlay',
          prop: ['replicas', name],
          got: count,
          want: 'a whole number from 0',
        });
      }
    }
    return new KustomizeOverlay(props, undefined);
  }

  /**
   * A directory of yours. Its `kustomization.yaml` names `../../base`; what every overlay needs is added to it.
   *
   * @param directory - path of the directory
   * @param options - where a relative path starts from
   * @throws ValidationError when it has no `kustomization.yaml`, that does not name the base, or a path in it leads out
   */
  public static directory(directory: string, options: PathOptions = {}): KustomizeOverlay {
    const at = 'kustomize overlay';
    const files = readDirectory(at, 'directory', directory, options.relativeTo);
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
   */
  public render(namespace: string): FileTree {
    return this.files === undefined ? renderTyped(this.props, namespace) : addRequired(this.files, namespace);
  }
}

function renderTyped(props: KustomizeOverlayProps, namespace: string): FileTree {
  const objects: RepositoryFile[] = props.objects?.length
    ? [{ path: 'objects.yaml', content: toYaml(props.objects) }]
    : [];
  const configMaps = props.configMaps ?? [];
  const kustomization = kustomizationFile({
    resources: ['../../base', ...objects.map(({ path }) => path)],
    labels: props.labels && [{ pairs: props.labels, includeTemplates: true }],
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
  return FileTree.of([...objects, ...config, { path: 'kustomization.yaml', content: toYaml([kustomization]) }]);
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
 * @param namespace - the component's namespace
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
