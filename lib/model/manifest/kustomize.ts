import { type ManifestFile } from './file-tree';

/**
 * The file `kustomization.yaml`, as far as this library writes it.
 *
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
 */
export interface KustomizationFile {
  /** Files and directories with objects. */
  readonly resources: readonly string[];
  /** Changes to objects. */
  readonly patches?: readonly KustomizePatch[];
  /** Everything else that kustomize knows, by its own names. */
  readonly [field: string]: unknown;
}

/** A strategic merge patch or a JSON 6902 patch, as text. */
export interface KustomizePatch {
  /** The patch, in YAML. */
  readonly patch: string;
  /**
   * What the patch changes.
   *
   * @default - the object that the patch names itself
   */
  readonly target?: KustomizeTarget;
}

/** Which objects a patch changes. Names are anchored regular expressions. */
export interface KustomizeTarget {
  /**
   * API group.
   *
   * @default - any
   */
  readonly group?: string;
  /**
   * API version.
   *
   * @default - any
   */
  readonly version?: string;
  /**
   * Kind.
   *
   * @default - any
   */
  readonly kind?: string;
  /**
   * Name.
   *
   * @default - any
   */
  readonly name?: string;
  /**
   * Namespace.
   *
   * @default - any
   */
  readonly namespace?: string;
  /**
   * Label selector.
   *
   * @default - any
   */
  readonly labelSelector?: string;
  /**
   * Annotation selector.
   *
   * @default - any
   */
  readonly annotationSelector?: string;
}

/** A `kustomization.yaml` as an object. */
export function kustomizationFile(file: KustomizationFile): object {
  return { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', ...file };
}

/** Files with a `kustomization.yaml` that names them. */
export function withKustomization<T extends { readonly path: string }>(
  files: readonly T[],
): readonly (T | ManifestFile)[] {
  const resources = files.map(({ path }) => path);
  return [...files, { path: 'kustomization.yaml', objects: [kustomizationFile({ resources })] }];
}

/** The names that kustomize accepts for the file `kustomization.yaml`. */
export const KUSTOMIZATION_FILE_NAMES: readonly string[] = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];
