import { type ErrorThing, type PropPath } from '../error-place';
import { type KubernetesObject } from '../manifest/kubernetes-object';
import { withoutCredential } from '../manifest/url';
import { ValidationError } from '../validation-error';

/** A `HelmRepository` of Flux's source-controller. */
export interface HelmRepositoryProps {
  /** Name of the object. */
  readonly name: string;
  /** Namespace of the object. */
  readonly namespace: string;
  /** Address of the repository: `https://…`. */
  readonly url: string;
  /**
   * How often Flux asks for a new index.
   *
   * @default '1h'
   */
  readonly interval?: string;
  /**
   * Name of the Secret with `username` and `password`, in the same namespace.
   *
   * @default - none, the repository is public
   */
  readonly secretName?: string;
  /**
   * Name of the Secret with `ca.crt`, or with `tls.crt` and `tls.key`, in the same namespace.
   *
   * @default - none, the authorities that Flux's image trusts
   */
  readonly certSecretName?: string;
  /**
   * Whether the credential also goes to other hosts that the index names.
   *
   * @default false
   */
  readonly passCredentials?: boolean;
  /** Labels of the object. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Annotations of the object. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/**
 * Renders a `HelmRepository` (source.toolkit.fluxcd.io/v1).
 *
 * @param props - the repository, and how often its index is fetched
 * @see https://fluxcd.io/flux/components/source/helmrepositories/
 */
export function helmRepository(props: HelmRepositoryProps): KubernetesObject {
  return {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'HelmRepository',
    metadata: { name: props.name, namespace: props.namespace, labels: props.labels, annotations: props.annotations },
    spec: {
      interval: props.interval ?? '1h',
      url: props.url,
      secretRef: props.secretName === undefined ? undefined : { name: props.secretName },
      certSecretRef: props.certSecretName === undefined ? undefined : { name: props.certSecretName },
      passCredentials: props.passCredentials,
    },
  };
}

/**
 * Refuses what is not the address of a repository or registry with charts, and one with a credential in it.
 *
 * @param at - the thing that has the address
 */
export function checkChartRepository(at: ErrorThing, prop: PropPath, url: string): void {
  if (!/^(https?|oci):\/\/[^\s@]+$/.test(url)) {
    const want =
      'an address such as https://charts.example.com or oci://registry.example.com/charts, without user and password';
    throw new ValidationError({ at, prop, got: withoutCredential(url), want });
  }
}
