import { checkAll } from '../check-all';
import { checkOciRef, checkOciTag, isOciRepository, type OciRef, type OciVerification } from '../flux/oci-repository';
import { checkInterval } from '../manifest/duration';
import { checkDnsSubdomain } from '../manifest/kubernetes-name';
import { withoutCredential } from '../manifest/url';
import { ValidationError } from '../validation-error';
import { type ComponentSecret } from './component-secret';
import { type SecretReference } from './secret-reference';

/** An artifact in an OCI registry: one of tag, semver and digest says which; a digest may have its tag beside it. */
export interface OciArtifactProps extends OciRef {
  /** Address of the artifact, without a tag: `oci://…`. */
  readonly url: string;
  /**
   * How Flux checks the signature.
   *
   * @default - it does not
   */
  readonly verify?: OciVerification;
  /**
   * User name and password for the registry.
   *
   * @default - none, the artifact is public
   */
  readonly credential?: SecretReference;
  /**
   * Whose workload identity reaches the registry.
   *
   * @default 'generic' - none
   */
  readonly provider?: 'generic' | 'aws' | 'azure' | 'gcp';
  /**
   * Name of a Secret with `ca.crt`, or with `tls.crt` and `tls.key`, in the namespace of the Flux objects. It is there
   * already.
   *
   * @default - none, the authorities that Flux's image trusts
   */
  readonly certSecretName?: string;
  /**
   * Name of a Secret with the `address` of a proxy, in the namespace of the Flux objects. It is there already.
   *
   * @default - none, Flux reaches the registry itself
   */
  readonly proxySecretName?: string;
  /**
   * Whether the registry speaks plain HTTP. It then takes no credential, which would go over the network in clear.
   *
   * @default false
   */
  readonly insecure?: boolean;
  /**
   * How often Flux asks for news.
   *
   * @default '10m'
   */
  readonly interval?: string;
}

/** An artifact with manifests in an OCI registry. */
export interface OciSourceProps extends OciArtifactProps {
  /**
   * What of the artifact Flux leaves out, in the format of `.gitignore`.
   *
   * @default - as for every source of Flux
   */
  readonly ignore?: string;
}

/** An OCI registry that the manifests of a component come from: an artifact as `flux push artifact` makes it. */
export class OciSource implements ComponentSecret {
  /**
   * An artifact with manifests.
   *
   * @throws ValidationError when the address is not `oci://…` or holds a credential, or the reference is none
   */
  public static artifact(props: OciSourceProps): OciSource {
    checkOciArtifact('oci source', props);
    return new OciSource(props);
  }

  /** What its Secret is for. */
  public readonly purpose = 'registry';
  /** It is another place than the GitOps repository. */
  public readonly isForeign = true;

  private constructor(
    /** What describes it. */
    public readonly props: OciSourceProps,
  ) {}

  /** What to take. */
  public get ref(): OciRef {
    return ociRefOf(this.props);
  }

  /** How Flux may read it. */
  public get credential(): ComponentSecret['credential'] {
    return this.props.credential ?? { data: { type: 'none' } };
  }

  /** Host of the registry. */
  public get host(): string {
    return registryOf(this.props.url);
  }
}

/** Host of the registry of an address. */
function registryOf(url: string): string {
  return url.slice('oci://'.length).replace(/\/.*/, '');
}

/** The reference among other props. */
export function ociRefOf({ tag, semver, semverFilter, digest }: OciRef): OciRef {
  const fields = Object.entries({ tag, semver, semverFilter, digest });
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
}

/**
 * Refuses an artifact that Flux could not fetch.
 *
 * @param at - the thing that has it
 */
export function checkOciArtifact(at: string, props: OciArtifactProps): void {
  const { url, tag, interval, certSecretName, proxySecretName, verify, insecure, credential } = props;
  checkAll(
    () => checkRegistryAddress(at, url),
    () => {
      if (tag !== '') checkOciTag(at, 'tag', tag);
      checkOciRef(at, 'ref', ociRefOf(props));
    },
    () => checkInterval(at, 'interval', interval),
    () => certSecretName !== undefined && checkDnsSubdomain(at, 'certSecretName', certSecretName),
    () => proxySecretName !== undefined && checkDnsSubdomain(at, 'proxySecretName', proxySecretName),
    () => {
      if (verify?.provider === 'notation' && verify.secretName === undefined) {
        const want = "the name of a Secret with notation's trust policy and certificates";
        throw new ValidationError({ at, prop: ['verify', 'secretName'], want });
      }
    },
    () => {
      if (insecure === true && (credential !== undefined || (props.provider ?? 'generic') !== 'generic')) {
        const want = 'false, or no credential: it would go over the network in clear';
        throw new ValidationError({ at, prop: 'insecure', got: true, want });
      }
    },
  );
}

function checkRegistryAddress(at: string, url: string): void {
  const [, user] = /^[a-z]+:\/\/([^/]*)@/.exec(url) ?? [];
  if (!/^oci:\/\/[^/\s]+\/[^\s@]+$/.test(url) || user !== undefined) {
    const want = 'an address such as oci://registry.example.com/charts/fluentd, without user and password';
    throw new ValidationError({ at, prop: 'url', got: withoutCredential(url), want });
  }
  if (/:[^/]*$/.test(url.slice('oci://'.length).replace(/^[^/]*/, ''))) {
    throw new ValidationError({ at, prop: 'url', got: url, want: 'an address without a tag: see `tag`' });
  }
  if (!isOciRepository(url.replace(/^oci:\/\/[^/]*\//, ''))) {
    const want = 'lower case letters, digits and . _ - behind the host, as registries take them';
    throw new ValidationError({ at, prop: 'url', got: url, want });
  }
}
