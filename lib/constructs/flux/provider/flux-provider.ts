import { TerraformProvider } from 'cdktf';
import { type Construct } from 'constructs';

import { escapeAll } from '../../terraform/literal';
import { argumentsOf, type AttributeSchema, type AttributeSchemas, hclAttributesOf } from './attributes';

/** No description. */
export interface FluxProviderGitHttp {
  /** Allows http Git url connections. */
  readonly allowInsecureHttp?: boolean;
  /** Certificate authority to validate self-signed certificates. */
  readonly certificateAuthority?: string;
  /** Password for basic authentication. */
  readonly password?: string;
  /** Username for basic authentication. */
  readonly username?: string;
}

/** No description. */
export interface FluxProviderGitSsh {
  /** The list of hostkey algorithms to use for ssh connections, arranged from most preferred to the least. */
  readonly hostkeyAlgos?: readonly string[];
  /** Password of the SSH private key. */
  readonly password?: string;
  /** Private key used for authenticating to the Git SSH server. */
  readonly privateKey?: string;
  /** Username for Git SSH server. */
  readonly username?: string;
}

/** Configuration block with settings for Git. */
export interface FluxProviderGit {
  /** Author email for Git commits. */
  readonly authorEmail?: string;
  /**
   * Author name for Git commits. Defaults to `Flux`.
   *
   * @default Flux
   */
  readonly authorName?: string;
  /**
   * Branch of the repository to reconcile from. Defaults to `main`.
   *
   * @default main
   */
  readonly branch?: string;
  /** String to add to the commit messages. */
  readonly commitMessageAppendix?: string;
  /** Key id for selecting a particular GPG key. */
  readonly gpgKeyId?: string;
  /** Path to the GPG key ring for signing commits. */
  readonly gpgKeyRing?: string;
  /** Passphrase for decrypting GPG private key. */
  readonly gpgPassphrase?: string;
  /** No description. */
  readonly http?: FluxProviderGitHttp;
  /** No description. */
  readonly ssh?: FluxProviderGitSsh;
  /** Url of Git repository to bootstrap from. */
  readonly url: string;
}

/** Kubernetes client authentication exec plugin configuration. */
export interface FluxProviderKubernetesExec {
  /** Kubernetes client authentication API Version. */
  readonly apiVersion: string;
  /** Client authentication exec command arguments. */
  readonly args?: readonly string[];
  /** Client authentication exec command. */
  readonly command: string;
  /** Client authentication exec environment variables. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Configuration block with settings for Kubernetes. */
export interface FluxProviderKubernetes {
  /** PEM-encoded client certificate for TLS authentication. */
  readonly clientCertificate?: string;
  /** PEM-encoded client certificate key for TLS authentication. */
  readonly clientKey?: string;
  /** PEM-encoded root certificates bundle for TLS authentication. */
  readonly clusterCaCertificate?: string;
  /** Context to choose from the config file. */
  readonly configContext?: string;
  /** Authentication info context of the kube config (name of the kubeconfig user, `--user` flag in `kubectl`). */
  readonly configContextAuthInfo?: string;
  /** Cluster context of the kube config (name of the kubeconfig cluster, `--cluster` flag in `kubectl`). */
  readonly configContextCluster?: string;
  /** Path to the kube config file. Can be set with KUBE_CONFIG_PATH. */
  readonly configPath?: string;
  /** A list of paths to kube config files. Can be set with KUBE_CONFIG_PATHS environment variable. */
  readonly configPaths?: readonly string[];
  /** Kubernetes client authentication exec plugin configuration. */
  readonly exec?: FluxProviderKubernetesExec;
  /** The hostname (in form of URI) of Kubernetes master. */
  readonly host?: string;
  /** Whether server should be accessed without verifying the TLS certificate. */
  readonly insecure?: boolean;
  /** The password to use for HTTP basic authentication when accessing the Kubernetes master endpoint. */
  readonly password?: string;
  /** URL to the proxy to be used for all API requests. */
  readonly proxyUrl?: string;
  /** Token to authenticate an service account. */
  readonly token?: string;
  /** The username to use for HTTP basic authentication when accessing the Kubernetes master endpoint. */
  readonly username?: string;
}

/** Arguments of the provider `fluxcd/flux`, by their names in camel case. */
export interface FluxProviderArguments {
  /** Configuration block with settings for Git. */
  readonly git?: FluxProviderGit;
  /** Configuration block with settings for Kubernetes. */
  readonly kubernetes?: FluxProviderKubernetes;
}

/** Arguments of the provider, and its name beside others. */
export interface FluxProviderProps extends FluxProviderArguments {
  /**
   * Name of the configuration.
   *
   * @default - the stack's default
   */
  readonly alias?: string;
}

/**
 * The Terraform provider `fluxcd/flux`.
 *
 * @see https://registry.terraform.io/providers/fluxcd/flux/1.8.5/docs
 */
export class FluxProvider extends TerraformProvider {
  /** Type of the provider. */
  public static readonly tfResourceType = 'flux';
  /** Every argument, with its type and flags. */
  public static readonly schema: Readonly<Record<string, AttributeSchema>> = {
    git: {
      optional: true,
      attributes: {
        authorEmail: { type: 'string', optional: true },
        authorName: { type: 'string', optional: true },
        branch: { type: 'string', optional: true },
        commitMessageAppendix: { type: 'string', optional: true },
        gpgKeyId: { type: 'string', optional: true },
        gpgKeyRing: { type: 'string', optional: true },
        gpgPassphrase: { type: 'string', optional: true, sensitive: true },
        http: {
          optional: true,
          attributes: {
            allowInsecureHttp: { type: 'bool', optional: true },
            certificateAuthority: { type: 'string', optional: true },
            password: { type: 'string', optional: true, sensitive: true },
            username: { type: 'string', optional: true },
          },
        },
        ssh: {
          optional: true,
          attributes: {
            hostkeyAlgos: { type: ['list', 'string'], optional: true },
            password: { type: 'string', optional: true, sensitive: true },
            privateKey: { type: 'string', optional: true, sensitive: true },
            username: { type: 'string', optional: true },
          },
        },
        url: { type: 'string', required: true },
      },
    },
    kubernetes: {
      optional: true,
      attributes: {
        clientCertificate: { type: 'string', optional: true },
        clientKey: { type: 'string', optional: true },
        clusterCaCertificate: { type: 'string', optional: true },
        configContext: { type: 'string', optional: true },
        configContextAuthInfo: { type: 'string', optional: true },
        configContextCluster: { type: 'string', optional: true },
        configPath: { type: 'string', optional: true },
        configPaths: { type: ['set', 'string'], optional: true },
        exec: {
          optional: true,
          attributes: {
            apiVersion: { type: 'string', required: true },
            args: { type: ['list', 'string'], optional: true },
            command: { type: 'string', required: true },
            env: { type: ['map', 'string'], optional: true },
          },
        },
        host: { type: 'string', optional: true },
        insecure: { type: 'bool', optional: true },
        password: { type: 'string', optional: true },
        proxyUrl: { type: 'string', optional: true },
        token: { type: 'string', optional: true },
        username: { type: 'string', optional: true },
      },
    },
  } satisfies AttributeSchemas<FluxProviderArguments>;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: FluxProviderProps,
  ) {
    super(scope, id, {
      terraformResourceType: FluxProvider.tfResourceType,
      terraformProviderSource: 'registry.terraform.io/fluxcd/flux',
      terraformGeneratorMetadata: { providerName: 'flux', providerVersionConstraint: '~> 1.8' },
    });
  }

  /** Name of the configuration. */
  public override get alias(): string | undefined {
    return this.props.alias;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return { ...argumentsOf(escapeAll(this.props), FluxProvider.schema), alias: this.alias };
  }

  // `cdktf synth --hcl` asks here.
  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return hclAttributesOf(this.synthesizeAttributes());
  }
}
