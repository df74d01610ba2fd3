import { type SecretV1 } from '@cdktf/provider-kubernetes/lib/secret-v1/index.js';
import { dependable, type ITerraformDependable, type TerraformResource } from 'cdktf';
import { Construct } from 'constructs';

import { type Cluster } from '../../model/cluster/cluster';
import { type FluxInstallationSettings, sourceSecretNameOf } from '../../model/flux/installation-settings';
import { FLUX_NAMESPACE } from '../../model/flux/metadata';
import { type BootstrapInstallation } from '../../model/installation/bootstrap-installation';
import { type FluxTarget } from '../../model/installation/flux-target';
import { type ProviderInstallation } from '../../model/installation/provider-installation';
import { type ClusterAccess } from '../cluster/cluster-access';
import { type IGitLabProject } from '../repository/i-gitlab-project';
import { TerraformData } from '../terraform/terraform-data';
import { ageKeySecret } from './age-key-secret';
import { type IBootstrapToken } from './bootstrap-token';
import { fluxNamespace } from './flux-namespace';
import { type GitReadCredential, type IGitReadCredentialSource, readCredentialFor } from './git-read-credential';
import { type IFlux } from './i-flux';
import { sourceSecret } from './source-secret';

/** What describes a Flux that runs on the cluster that it serves. */
export interface FluxOnClusterProps extends FluxInstallationSettings {
  /** The cluster. */
  readonly cluster: Cluster;
  /** The project with the GitOps repository. */
  readonly project: IGitLabProject;
  /** The providers for the cluster. */
  readonly access: ClusterAccess;
  /**
   * The token that Flux's own files are pushed with. Where Terraform writes them there is none.
   *
   * @default BootstrapToken.variable()
   */
  readonly token?: IBootstrapToken;
  /**
   * With what Flux reads the repository.
   *
   * @default GitReadCredentialSource.variables()
   */
  readonly readCredential?: IGitReadCredentialSource;
  /**
   * Whether Terraform creates the namespace `flux-system`. Otherwise it exists.
   *
   * @default true
   */
  readonly createNamespace?: boolean;
}

/** A Flux that runs on the cluster that it serves and follows the GitOps repository, whichever program installs it. */
export abstract class FluxOnCluster extends Construct implements IFlux {
  /** Where the Flux objects of the components go: into the components' own namespaces. */
  public readonly target: FluxTarget;
  /** The namespace `flux-system` is there. */
  public readonly namespace: ITerraformDependable;
  /** With what Flux reads the GitOps repository. */
  public readonly readCredential: GitReadCredential;
  /** What installs Flux. */
  protected abstract readonly resource: TerraformResource;
  /** What has to be there before. */
  protected readonly prerequisites: Set<ITerraformDependable>;

  /**
   * @param props - the cluster, the project and how Flux is installed
   * @param flux - the same as a value
   * @throws ValidationError when Flux would not see the cluster's components
   */
  constructor(
    scope: Construct,
    id: string,
    props: FluxOnClusterProps,
    flux: BootstrapInstallation | ProviderInstallation,
  ) {
    super(scope, id);
    const { cluster, project, access, createNamespace = true } = props;
    this.target = flux.targetFor(cluster);
    this.namespace = createNamespace ? fluxNamespace(this, access) : new TerraformData(this, 'NamespaceExists');
    const { decryption } = this.target;
    this.prerequisites = new Set([
      this.namespace,
      ...ageKeySecret(this, { access, decryption, dependsOn: [this.namespace] }),
    ]);
    this.readCredential = readCredentialFor(this, project, props.readCredential);
  }

  /** Flux runs and has applied the repository. */
  public get ready(): ITerraformDependable {
    return this.resource;
  }

  /**
   * Something that has to be there before Flux is installed.
   *
   * @param what - a resource that does not depend on `ready`
   */
  public requires(what: ITerraformDependable): void {
    this.prerequisites.add(what);
    this.resource.dependsOn = [...this.prerequisites].map(dependable);
  }

  /** The Secret in which Flux looks for its credential. */
  protected createSourceSecret(props: FluxOnClusterProps): SecretV1 {
    return sourceSecret(this, {
      access: props.access,
      name: sourceSecretNameOf(props),
      namespace: FLUX_NAMESPACE,
      credential: this.readCredential,
      certificateAuthority: props.project.certificateAuthority,
      dependsOn: [this.namespace],
    });
  }
}
