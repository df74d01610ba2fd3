import { type ErrorThing, type PropPath } from '../error-place';
import { ValidationError } from '../validation-error';

/** Any Kubernetes object, as data. */
export interface KubernetesObject {
  /** Group and version, for example `apps/v1`. */
  readonly apiVersion: string;
  /** Kind, for example `Deployment`. */
  readonly kind: string;
  /** Name, namespace, labels and annotations. */
  readonly metadata: ObjectMeta;
  /** Everything else: `spec`, `data`, `rules` and so on. */
  readonly [field: string]: unknown;
}

/** The part of an object's metadata that people write. */
export interface ObjectMeta {
  /** Name of the object. */
  readonly name: string;
  /**
   * Namespace of the object.
   *
   * @default - the object is not namespaced, or kustomize sets its namespace
   */
  readonly namespace?: string;
  /** Labels. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Annotations. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** What an object is known by on a cluster: its group, kind, namespace and name, whatever its version is. */
export function objectIdentity({ apiVersion, kind, metadata: { name, namespace } }: KubernetesObject): string {
  const group = apiVersion.includes('/') ? `.${apiVersion.replace(/\/.*/, '')}` : '';
  return `${kind}${group} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

/** A reference to one Kubernetes object. */
export interface ObjectReference {
  /** Group and version, for example `apps/v1`. */
  readonly apiVersion: string;
  /** Kind, for example `DaemonSet`. */
  readonly kind: string;
  /** Name of the object. */
  readonly name: string;
  /**
   * Namespace of the object.
   *
   * @default - the namespace of what refers to it
   */
  readonly namespace?: string;
}

/**
 * Whether a value has what makes it a Kubernetes object: an API version, a kind and a name.
 *
 * @param value - anything, most often a parsed YAML document
 */
export function isKubernetesObject(value: unknown): value is KubernetesObject {
  if (typeof value !== 'object' || value === null) return false;
  const { apiVersion, kind, metadata } = value as Record<string, unknown>;
  const name = typeof metadata === 'object' && metadata !== null && 'name' in metadata ? metadata.name : undefined;
  return typeof apiVersion === 'string' && typeof kind === 'string' && typeof name === 'string';
}

/**
 * Refuses what is not a Kubernetes object.
 *
 * @param at - the thing that has the object
 * @throws ValidationError when API version, kind or name is missing
 */
export function checkKubernetesObject(
  at: ErrorThing,
  prop: PropPath,
  value: unknown,
): asserts value is KubernetesObject {
  if (!isKubernetesObject(value)) {
    throw new ValidationError({
      at,
      prop,
      got: identifying(value),
      want: 'a Kubernetes object with apiVersion, kind and metadata.name',
    });
  }
}

/** Without the rest, which may be that of a Secret. */
function identifying(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { apiVersion, kind, metadata } = value as Partial<KubernetesObject>;
  const { name, namespace } = metadata ?? {};
  return { apiVersion, kind, ...(metadata && { metadata: { name, namespace } }) };
}
