import { NamespaceV1 } from '@cdktf/provider-kubernetes/lib/namespace-v1/index.js';
import { dependable, type ITerraformDependable, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';

import { type Cluster } from '../../model/cluster/cluster';
import { sourceSecretNameOf } from '../../model/flux/bootstrap-settings';
import { FLUX_NAMESPACE } from '../../model/flux/metadata';
import {
  checkProviderSettings,
  type FluxProviderSettings,
  providerArguments,
} from '../../model/flux/provider-settings';
import { bootstrapTarget, providerFiles } from '../../model/layout/bootstrap-files';
import { type FluxTarget } from '../../model/layout/flux-target';
import { type ClusterAccess } from '../cluster/cluster-access';
import { type IGitLabProject } from '../repository/i-gitlab-project';
import { escapeTerraform } from '../terraform/literal';
import { BootstrapToken, type IBootstrapToken } from './bootstrap-token';
import { type IFluxInstallation } from './flux-installation';
import { type GitReadCredential, GitReadCredentialSource, type IGitReadCredentialSource } from './git-read-credential';
import { BootstrapGit } from './provider/bootstrap-git';
import { FluxProvider, type FluxProviderKubernetes } from './provider/flux-provider';
import { sourceSecret } from './source-secret';

/** What describes a {@link FluxProviderBootstrap}. */
export interface FluxProviderBootstrapProps extends FluxProviderSettings {
  /** The cluster. */
  readonly cluster: Cluster;
  /** The project with the GitOps repository. Its branch needs a first commit. */
  readonly project: IGitLabProject;
  /** How the cluster is reached. */
  readonly access: ClusterAccess;
  /**
   * The token that the provider pushes with, from where Terraform runs. It does not come to the cluster.
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

/**
 * Flux on a cluster, installed by the Terraform provider `fluxcd/flux` from where Terraform runs.
 *
 * The provider keeps Flux's own files in its state, asks Git and the cluster at every plan, and writes the files of the
 * version that it brings. The Secret with which Flux reads Git is not the provider's, so that it can be rotated.
 *
 * @see https://registry.terraform.io/providers/fluxcd/flux/latest/docs
 */
export class FluxProviderBootstrap extends Construct implements IFluxInstallation {
  /** Where the Flux objects of the components go: into the components' own namespaces. */
  public readonly target: FluxTarget;
  /** The namespace `flux-system` is there. */
  public readonly namespace: ITerraformDependable;
  /** Flux runs and has applied the repository. */
  public readonly ready: ITerraformDependable;
  /** With what Flux reads the GitOps repository. */
  public readonly readCredential: GitReadCredential;
  private readonly resource: BootstrapGit;
  private readonly prerequisites: Set<ITerraformDependable>;
  private pushesTo = '';

  /**
   * @param scope - the stack, or a construct in it
   * @param id - name within the scope
   * @param props - the cluster, the project and how Flux is installed
   * @throws ValidationError when a setting is one with which the provider would fail
   */
  constructor(scope: Construct, id: string, props: FluxProviderBootstrapProps) {
    super(scope, id);
    const { cluster, project } = props;
    checkProviderSettings(this.node.path, props);
    this.target = bootstrapTarget(cluster, props);
    this.readCredential = (props.readCredential ?? GitReadCredentialSource.variables()).bind(this, project);

    const namespaces = props.createNamespace === false ? [] : [this.createNamespace(props.access)];
    const secret = sourceSecret(this, {
      access: props.access,
      name: sourceSecretNameOf(props),
      credential: this.readCredential,
      certificateAuthority: project.certificateAuthority,
      dependsOn: namespaces,
    });
    this.namespace = namespaces[0] ?? secret;
    const { files, kustomization } = providerFiles(cluster, props);
    const written = files.size === 0 ? [] : [project.write(this, files)];
    this.prerequisites = new Set([...namespaces, secret, ...written, ...this.earlier(project)]);
    this.resource = new BootstrapGit(this, 'Resource', {
      provider: this.createProvider(props),
      ...providerArguments(props),
      path: `clusters/${cluster.name}`,
      kustomizationOverride: kustomization === undefined ? undefined : escapeTerraform(kustomization),
      // Terraform owns the namespace and the Secret, so that a new credential reaches it.
      keepNamespace: true,
      disableSecretCreation: true,
      dependsOn: [...this.prerequisites],
    });
    this.ready = this.resource;
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

  private createNamespace({ kubernetes }: ClusterAccess): NamespaceV1 {
    return new NamespaceV1(this, 'Namespace', {
      provider: kubernetes,
      metadata: { name: FLUX_NAMESPACE },
      // Flux labels its namespace.
      lifecycle: { ignoreChanges: ['metadata[0].labels', 'metadata[0].annotations'] },
    });
  }

  /** The provider pushes without asking whether somebody else did, so one cluster of a stack waits for the other. */
  private earlier(project: IGitLabProject): readonly ITerraformDependable[] {
    const others = TerraformStack.of(this)
      .node.findAll()
      .filter((construct): construct is FluxProviderBootstrap => construct instanceof FluxProviderBootstrap)
      .filter((other) => other !== this && other.pushesTo === addressOf(project));
    this.pushesTo = addressOf(project);
    return others.slice(-1).map((other) => other.resource);
  }

  private createProvider({
    access,
    cluster,
    project,
    token: source,
    author,
    ...props
  }: FluxProviderBootstrapProps): FluxProvider {
    const { token } = (source ?? BootstrapToken.variable()).bind(this, project);
    const { exec, ...config } = access.configuration;
    const provider = new FluxProvider(this, 'Provider', {
      // A stack may have several clusters.
      alias: `flux-${cluster.name}`,
      kubernetes: { ...config, exec } as FluxProviderKubernetes,
      git: {
        url: project.httpUrl,
        branch: escapeTerraform(project.branch),
        authorName: author?.name === undefined ? undefined : escapeTerraform(author.name),
        authorEmail: author?.email === undefined ? undefined : escapeTerraform(author.email),
        commitMessageAppendix:
          props.commitMessageAppendix === undefined ? undefined : escapeTerraform(props.commitMessageAppendix),
        http: {
          username: 'git',
          password: token,
          certificateAuthority:
            project.certificateAuthority === undefined ? undefined : escapeTerraform(project.certificateAuthority),
        },
      },
    });
    if (access.execEnvironment !== undefined) {
      provider.addOverride('kubernetes.exec.env', access.execEnvironment);
    }
    return provider;
  }
}

function addressOf({ httpUrl, branch }: IGitLabProject): string {
  return `${httpUrl}@${branch}`;
}
