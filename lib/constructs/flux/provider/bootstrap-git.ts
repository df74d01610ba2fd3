import { TerraformResource, type TerraformMetaArguments } from 'cdktf';
import { type Construct } from 'constructs';

import { escapeAll } from '../../terraform/literal';
import { argumentsOf, type AttributeSchema, type AttributeSchemas, hclAttributesOf } from './attributes';

/** No description. */
export interface BootstrapGitTimeouts {
  /**
   * A string that can be [parsed as a duration](https://pkg.go.dev/time#ParseDuration) consisting of numbers and unit suffixes, such as "30s" or "2h45m". Valid time units are "s" (seconds), "m" (minutes), "h" (hours).
   */
  readonly create?: string;
  /**
   * A string that can be [parsed as a duration](https://pkg.go.dev/time#ParseDuration) consisting of numbers and unit suffixes, such as "30s" or "2h45m". Valid time units are "s" (seconds), "m" (minutes), "h" (hours). Setting a timeout for a Delete operation is only applicable if changes are saved into state before the destroy operation occurs.
   */
  readonly delete?: string;
  /**
   * A string that can be [parsed as a duration](https://pkg.go.dev/time#ParseDuration) consisting of numbers and unit suffixes, such as "30s" or "2h45m". Valid time units are "s" (seconds), "m" (minutes), "h" (hours). Read operations occur during any refresh or planning operation when refresh is enabled.
   */
  readonly read?: string;
  /**
   * A string that can be [parsed as a duration](https://pkg.go.dev/time#ParseDuration) consisting of numbers and unit suffixes, such as "30s" or "2h45m". Valid time units are "s" (seconds), "m" (minutes), "h" (hours).
   */
  readonly update?: string;
}

/** Arguments of `flux_bootstrap_git`, by their names in camel case. */
export interface BootstrapGitArguments {
  /**
   * The internal cluster domain. Defaults to `cluster.local`
   *
   * @default cluster.local
   */
  readonly clusterDomain?: string;
  /**
   * Toolkit components to include in the install manifests. Defaults to `[source-controller kustomize-controller helm-controller notification-controller]`
   *
   * @default [source-controller kustomize-controller helm-controller notification-controller]
   */
  readonly components?: readonly string[];
  /** List of extra components to include in the install manifests. */
  readonly componentsExtra?: readonly string[];
  /**
   * Delete manifests from git repository. Defaults to `true`.
   *
   * @default true
   */
  readonly deleteGitManifests?: boolean;
  /** Use the existing secret for flux controller and don't create one from bootstrap */
  readonly disableSecretCreation?: boolean;
  /**
   * When enabled, the Flux manifests will be extracted from the provider binary instead of being downloaded from GitHub.com. Defaults to `false`.
   *
   * @default false
   */
  readonly embeddedManifests?: boolean;
  /** Kubernetes secret name used for pulling the toolkit images from a private registry. */
  readonly imagePullSecret?: string;
  /**
   * Interval at which to reconcile from bootstrap repository. Defaults to `1m0s`.
   *
   * @default 1m0s
   */
  readonly interval?: string;
  /**
   * Keep the namespace after uninstalling Flux components. Defaults to `false`.
   *
   * @default false
   */
  readonly keepNamespace?: boolean;
  /** Kustomization to override configuration set by default. */
  readonly kustomizationOverride?: string;
  /**
   * Log level for toolkit components. Defaults to `info`.
   *
   * @default info
   */
  readonly logLevel?: string;
  /**
   * The install manifests are built from a GitHub release or kustomize overlay if using a local path. Defaults to `https://github.com/fluxcd/flux2/releases`.
   *
   * @default https://github.com/fluxcd/flux2/releases
   * @deprecated use `embeddedManifests`
   */
  readonly manifestsPath?: string;
  /**
   * The namespace scope for install manifests. Defaults to `flux-system`. It will be created if it does not exist.
   *
   * @default flux-system
   */
  readonly namespace?: string;
  /**
   * Deny ingress access to the toolkit controllers from other namespaces using network policies. Defaults to `true`.
   *
   * @default true
   */
  readonly networkPolicy?: boolean;
  /** Path relative to the repository root, when specified the cluster sync will be scoped to this path (immutable). */
  readonly path?: string;
  /** Configures the GitRepository source to initialize and include Git submodules in the artifact it produces. */
  readonly recurseSubmodules?: boolean;
  /**
   * Container registry where the toolkit images are published. Defaults to `ghcr.io/fluxcd`.
   *
   * @default ghcr.io/fluxcd
   */
  readonly registry?: string;
  /** Container registry credentials in the format 'user:password' */
  readonly registryCredentials?: string;
  /**
   * Name of the secret the sync credentials can be found in or stored to. Defaults to `flux-system`.
   *
   * @default flux-system
   */
  readonly secretName?: string;
  /** No description. */
  readonly timeouts?: BootstrapGitTimeouts;
  /** List of toleration keys used to schedule the components pods onto nodes with matching taints. */
  readonly tolerationKeys?: readonly string[];
  /**
   * Flux version. Defaults to `v2.8.5`. Has no effect when `embedded_manifests` is enabled.
   *
   * @default v2.8.5
   */
  readonly version?: string;
  /**
   * If true watch for custom resources in all namespaces. Defaults to `true`.
   *
   * @default true
   */
  readonly watchAllNamespaces?: boolean;
}

/** What the provider fills in. */
export interface BootstrapGitAttributes {
  /** Namespace of Flux. */
  readonly id: string;
  /** Content of Flux's own files by their paths. The state holds it. */
  readonly repositoryFiles: Readonly<Record<string, string>>;
}

/** Arguments of the resource, and those of every resource. */
export interface BootstrapGitProps extends BootstrapGitArguments, TerraformMetaArguments {}

/**
 * The resource `flux_bootstrap_git`.
 *
 * @see https://registry.terraform.io/providers/fluxcd/flux/1.8.5/docs/resources/bootstrap_git
 */
export class BootstrapGit extends TerraformResource {
  /** Type of the resource. */
  public static readonly tfResourceType = 'flux_bootstrap_git';
  /** Every attribute, with its type and flags. */
  public static readonly schema: Readonly<Record<string, AttributeSchema>> = {
    clusterDomain: { type: 'string', optional: true, computed: true },
    components: { type: ['set', 'string'], optional: true, computed: true },
    componentsExtra: { type: ['set', 'string'], optional: true },
    deleteGitManifests: { type: 'bool', optional: true, computed: true },
    disableSecretCreation: { type: 'bool', optional: true },
    embeddedManifests: { type: 'bool', optional: true, computed: true },
    id: { type: 'string', computed: true },
    imagePullSecret: { type: 'string', optional: true },
    interval: { type: 'string', optional: true, computed: true },
    keepNamespace: { type: 'bool', optional: true, computed: true },
    kustomizationOverride: { type: 'string', optional: true },
    logLevel: { type: 'string', optional: true, computed: true },
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the schema has it
    manifestsPath: { type: 'string', optional: true, deprecated: true },
    namespace: { type: 'string', optional: true, computed: true },
    networkPolicy: { type: 'bool', optional: true, computed: true },
    path: { type: 'string', optional: true },
    recurseSubmodules: { type: 'bool', optional: true },
    registry: { type: 'string', optional: true, computed: true },
    registryCredentials: { type: 'string', optional: true },
    repositoryFiles: { type: ['map', 'string'], computed: true },
    secretName: { type: 'string', optional: true, computed: true },
    timeouts: {
      optional: true,
      attributes: {
        create: { type: 'string', optional: true },
        delete: { type: 'string', optional: true },
        read: { type: 'string', optional: true },
        update: { type: 'string', optional: true },
      },
    },
    tolerationKeys: { type: ['set', 'string'], optional: true },
    version: { type: 'string', optional: true, computed: true },
    watchAllNamespaces: { type: 'bool', optional: true, computed: true },
  } satisfies AttributeSchemas<BootstrapGitArguments & BootstrapGitAttributes>;

  private readonly values: BootstrapGitArguments;

  constructor(scope: Construct, id: string, props: BootstrapGitProps = {}) {
    const { provider, dependsOn, count, forEach, lifecycle, provisioners, connection, ...values } = escapeAll(props);
    const meta = { provider, dependsOn, count, forEach, lifecycle, provisioners, connection };
    super(scope, id, {
      terraformResourceType: BootstrapGit.tfResourceType,
      terraformGeneratorMetadata: { providerName: 'flux', providerVersionConstraint: '~> 1.8' },
      ...meta,
    });
    this.values = values;
  }

  /** Content of Flux's own files by their paths. */
  public get repositoryFiles(): Record<string, string> {
    return this.getStringMapAttribute('repository_files');
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return argumentsOf(this.values, BootstrapGit.schema);
  }

  // `cdktf synth --hcl` asks here.
  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return hclAttributesOf(this.synthesizeAttributes());
  }
}
