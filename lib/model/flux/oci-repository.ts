import { below, type ErrorThing, type PropPath } from '../error-place';
import { type KubernetesObject } from '../manifest/kubernetes-object';
import { ValidationError } from '../validation-error';
import { SOURCE_INTERVAL } from './git-repository';
import { checkVersionRange } from './version-range';

/** What of an OCI repository Flux takes: exactly one of tag, semver and digest; a digest may have its tag beside it. */
export interface OciRef {
  /** A tag, for a chart most often its version. */
  readonly tag?: string;
  /** The newest tag within a range of versions. */
  readonly semver?: string;
  /**
   * Regular expression, as Go reads it, for the tags among which the newest is looked for, for example `.*-rc.*`.
   *
   * @default - all tags
   */
  readonly semverFilter?: string;
  /** A digest: `sha256:…`. */
  readonly digest?: string;
}

/**
 * How Flux checks the signature of what it fetches.
 *
 * @see https://fluxcd.io/flux/components/source/ocirepositories/#verification
 */
export interface OciVerification {
  /** What made the signature. */
  readonly provider: 'cosign' | 'notation';
  /**
   * Name of the Secret with public keys, or with notation's trust policy, in the namespace of the Flux objects. It is
   * there already.
   *
   * @default - none: keyless, with `matchOIDCIdentity`
   */
  readonly secretName?: string;
  /**
   * Who may have signed, for cosign without keys: regular expressions.
   *
   * @default - anybody
   */
  readonly matchOIDCIdentity?: readonly {
    /** Who vouches for the identity. */
    readonly issuer: string;
    /** The identity. */
    readonly subject: string;
  }[];
  /**
   * Name of the Secret with `trusted_root.json`, for cosign with a Sigstore of your own. It is there already.
   *
   * @default - none, the public Sigstore
   */
  readonly trustedRootSecretName?: string;
}

/** An `OCIRepository` of Flux's source-controller. */
export interface OciRepositoryProps {
  /** Name of the object. */
  readonly name: string;
  /** Namespace of the object. */
  readonly namespace: string;
  /** Address of the artifact: `oci://…`. */
  readonly url: string;
  /** What to take. */
  readonly ref: OciRef;
  /**
   * How often Flux asks for news.
   *
   * @default '10m'
   */
  readonly interval?: string;
  /**
   * Name of the Secret of type `kubernetes.io/dockerconfigjson`, in the same namespace.
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
   * Whose workload identity reaches the registry.
   *
   * @default 'generic' - none
   */
  readonly provider?: 'generic' | 'aws' | 'azure' | 'gcp';
  /**
   * Whether the registry speaks plain HTTP.
   *
   * @default false
   */
  readonly insecure?: boolean;
  /**
   * Name of the Secret with the `address` of a proxy, in the same namespace.
   *
   * @default - none
   */
  readonly proxySecretName?: string;
  /**
   * What of the artifact is left out, in the format of `.gitignore`.
   *
   * @default - as for every source of Flux
   */
  readonly ignore?: string;
  /**
   * Whether the artifact holds files, which are unpacked. A chart is copied as it is.
   *
   * @default false
   */
  readonly unpack?: boolean;
  /**
   * How the signature is checked.
   *
   * @default - it is not
   */
  readonly verify?: OciVerification;
  /** Labels of the object. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Annotations of the object. */
  readonly annotations?: Readonly<Record<string, string>>;
}

// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests
const TAG = /^\w[\w.-]{0,127}$/;
const REPOSITORY = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/;

/**
 * Whether a text can be the name of a repository in an OCI registry.
 *
 * @param text - for example `charts/fluentd`
 */
export function isOciRepository(text: string): boolean {
  return REPOSITORY.test(text);
}

/** The layer of an OCI artifact that holds a chart. */
const CHART_LAYER = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip';

/**
 * Renders an `OCIRepository` (source.toolkit.fluxcd.io/v1).
 *
 * @param props - the artifact, what to take of it and how often
 * @see https://fluxcd.io/flux/components/source/ocirepositories/
 */
export function ociRepository(props: OciRepositoryProps): KubernetesObject {
  const { verify } = props;
  return {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'OCIRepository',
    metadata: { name: props.name, namespace: props.namespace, labels: props.labels, annotations: props.annotations },
    spec: {
      interval: props.interval ?? SOURCE_INTERVAL,
      url: props.url,
      ref: props.ref,
      layerSelector: props.unpack === true ? undefined : { mediaType: CHART_LAYER, operation: 'copy' },
      ignore: props.ignore,
      proxySecretRef: secretRef(props.proxySecretName),
      provider: props.provider,
      insecure: props.insecure,
      secretRef: secretRef(props.secretName),
      certSecretRef: secretRef(props.certSecretName),
      verify: verify && {
        provider: verify.provider,
        secretRef: secretRef(verify.secretName),
        matchOIDCIdentity: verify.matchOIDCIdentity,
        trustedRootSecretRef: secretRef(verify.trustedRootSecretName),
      },
    },
  };
}

function secretRef(name: string | undefined): object | undefined {
  return name === undefined ? undefined : { name };
}

/**
 * Refuses a reference that names nothing, or more than one thing.
 *
 * @param at - the thing that has the reference
 */
export function checkOciRef(at: ErrorThing, prop: PropPath, ref: OciRef): void {
  const { tag, semver, digest, semverFilter } = ref;
  const given = [digest === undefined ? tag : undefined, semver, digest].filter((value) => value !== undefined);
  if (given.length !== 1 || given[0] === '') {
    const want = 'exactly one of tag, semver and digest; a digest may have its tag beside it';
    throw new ValidationError({ at, prop, got: ref, want });
  }
  if (semverFilter !== undefined && (semver === undefined || semverFilter === '')) {
    const want = 'a regular expression, with `semver` beside it';
    throw new ValidationError({ at, prop: below(prop, 'semverFilter'), got: semverFilter, want });
  }

  if (ref.semver !== undefined) checkVersionRange(at, below(prop, 'semver'), ref.semver);
  checkOciTag(at, below(prop, 'tag'), ref.tag);
  if (ref.digest !== undefined && !/^sha256:[0-9a-f]{64}$/.test(ref.digest)) {
    throw new ValidationError({
      at,
      prop: below(prop, 'digest'),
      got: ref.digest,
      want: 'sha256: and 64 hexadecimal digits',
    });
  }
}

/**
 * Refuses a tag that no registry has.
 *
 * @param at - the thing that has the tag
 */
export function checkOciTag(at: ErrorThing, prop: PropPath, tag: string | undefined): void {
  if (tag === undefined || TAG.test(tag)) return;
  // Helm writes a chart's version so when it pushes.
  const written = tag.replaceAll('+', '_');
  const want = TAG.test(written)
    ? `the tag as registries have it, ${written}: helm push writes _ for + of a version`
    : 'a tag: up to 128 letters, digits and _ . -, and no . or - first';
  throw new ValidationError({ at, prop, got: tag, want });
}
