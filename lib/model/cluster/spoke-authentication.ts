import { checkAll } from '../check-all';
import { type ErrorThing } from '../error-place';
import { checkCertificateAuthority } from '../manifest/certificate-authority';
import { checkDnsSubdomain } from '../manifest/kubernetes-name';
import { checkApiServerUrl } from '../manifest/url';
import { ValidationError } from '../validation-error';
import { type ClusterConnection } from './cluster-connection';

/** How a hub proves to a spoke who it is, as data. */
export type SpokeAuthenticationData =
  | ({ readonly type: 'workload-identity' } & WorkloadIdentity)
  | ({ readonly type: 'service-account-token' } & ServiceAccountToken)
  | { readonly type: 'existing-secret'; readonly secretName: string; readonly key: string | undefined };

/**
 * A cloud, or an issuer of OpenID Connect that the spoke trusts, vouches for the hub.
 *
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#kubeconfig-configmap-fields
 */
export interface WorkloadIdentity {
  /** Who vouches. `generic`: the issuer of the hub's own service account tokens, which the spoke has to trust. */
  readonly provider: 'aws' | 'azure' | 'gcp' | 'generic';
  /** The cluster as its cloud names it, for example its ARN. Every provider but `generic` needs it. */
  readonly cluster?: string;
  /**
   * Address of the spoke's API server. The provider `generic` needs it.
   *
   * @default - the cloud knows it
   */
  readonly server?: string;
  /**
   * Certificate of the authority that signed the server's, in PEM.
   *
   * @default - the cloud knows it, or for `generic` an authority that Flux's image trusts
   */
  readonly certificateAuthority?: string;
  /**
   * For whom the tokens are.
   *
   * @default - the provider's own
   */
  readonly audiences?: readonly string[];
  /**
   * Annotations of the hub's account for this spoke, with which the cloud knows it, for example
   * `eks.amazonaws.com/role-arn`. The hub then needs `objectLevelWorkloadIdentity`.
   *
   * @default - Flux comes with the identity of its controllers
   */
  readonly serviceAccountAnnotations?: Readonly<Record<string, string>>;
}

/** A token of an account on the spoke. */
export interface ServiceAccountToken {
  /**
   * Address of the spoke's API server, as the hub reaches it.
   *
   * @default - that of the spoke's connection
   */
  readonly server?: string;
  /**
   * Certificate of the authority that signed the server's, in PEM.
   *
   * @default - that of the spoke's connection
   */
  readonly certificateAuthority?: string;
}

const AT = 'spoke authentication';
const LOCAL = /^(localhost|.*\.localhost|127(\.\d+){3}|0\.0\.0\.0|\[::1?\])$/;

/** How a hub proves to a spoke who it is. */
export class SpokeAuthentication {
  /**
   * A cloud, or an issuer that the spoke trusts, vouches for the hub. Nothing is secret, and nothing expires.
   *
   * @param identity - who vouches, and for which cluster
   * @throws ValidationError when the provider cannot find the cluster
   */
  public static workloadIdentity(identity: WorkloadIdentity): SpokeAuthentication {
    const { provider, cluster, server } = identity;
    const [missing, given] = provider === 'generic' ? (['server', server] as const) : (['cluster', cluster] as const);
    checkAll(
      () => {
        if (given === undefined) {
          throw new ValidationError({ at: AT, prop: missing, want: `it with the provider ${provider}` });
        }
      },
      () => checkApiServer(identity),
    );
    return new SpokeAuthentication({ type: 'workload-identity', ...identity });
  }

  /**
   * A token of an account on the spoke, which Terraform makes there and writes to the hub. It does not expire, and
   * Terraform's state holds it.
   *
   * @param apiServer - where the hub reaches the spoke, when the spoke's connection does not say it
   * @throws ValidationError when the hub could not reach that address
   */
  public static serviceAccountToken(apiServer: ServiceAccountToken = {}): SpokeAuthentication {
    checkApiServer(apiServer);
    return new SpokeAuthentication({ type: 'service-account-token', ...apiServer });
  }

  /**
   * A Secret with a kubeconfig that somebody else puts into the spoke's namespace on the hub.
   *
   * @param secret - name of the Secret, and of the key in its data
   * @throws ValidationError when the name is none
   */
  public static existingSecret(secret: {
    /** Name of the Secret. */
    readonly secretName: string;
    /**
     * Key of the kubeconfig.
     *
     * @default - `value`, else `value.yaml`
     */
    readonly key?: string;
  }): SpokeAuthentication {
    checkDnsSubdomain(AT, 'secretName', secret.secretName);
    return new SpokeAuthentication({ type: 'existing-secret', secretName: secret.secretName, key: secret.key });
  }

  private constructor(
    /** What the authentication is. */
    public readonly data: SpokeAuthenticationData,
  ) {}
}

/** An API server as the kubeconfig on the hub names it. */
export interface SpokeServer {
  /** Address. */
  readonly server: string;
  /** Certificate of the authority that signed the server's, in PEM. */
  readonly certificateAuthority: string;
}

/**
 * The API server of a spoke for a token.
 *
 * @param token - what is said for the token
 * @throws ValidationError when the hub could not reach it, or not trust it
 */
export function spokeServer(at: ErrorThing, token: ServiceAccountToken, { data }: ClusterConnection): SpokeServer {
  const known = data.type === 'kubeconfig' ? undefined : data;
  const server = token.server ?? known?.server;
  const certificateAuthority = token.certificateAuthority ?? known?.certificateAuthority;
  if (server === undefined || isLocal(server)) {
    throw new ValidationError({
      at,
      prop: ['spoke', 'authentication', 'serviceAccountToken', 'server'],
      got: server,
      want: 'the address at which the hub reaches the API server: a context of a kubeconfig, an exec plugin and localhost mean something only where Terraform runs',
    });
  }
  if (certificateAuthority === undefined) {
    throw new ValidationError({
      at,
      prop: ['spoke', 'authentication', 'serviceAccountToken', 'certificateAuthority'],
      want: "the certificate of the authority that signed the API server's: Flux trusts no other",
    });
  }
  return { server, certificateAuthority };
}

function checkApiServer({ server, certificateAuthority }: ServiceAccountToken): void {
  checkAll(
    () => checkServer(server),
    () => checkCertificateAuthority(AT, certificateAuthority),
  );
}

function checkServer(server: string | undefined): void {
  if (server === undefined) return;
  checkApiServerUrl(AT, 'server', server);
  if (isLocal(server)) {
    const want = 'an address that the hub reaches, such as https://spoke.example.com:6443';
    throw new ValidationError({ at: AT, prop: 'server', got: server, want });
  }
}

function isLocal(server: string): boolean {
  return LOCAL.test(URL.canParse(server) ? new URL(server).hostname : server);
}
