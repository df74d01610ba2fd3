import { type TerraformResource, TerraformStack } from 'cdktf';
import { type Construct } from 'constructs';

import { operatorJobValues } from '../../model/flux/operator/operator-settings';
import { type FluxProviderSettings, providerArguments } from '../../model/flux/provider-settings';
import { FluxInstallation } from '../../model/installation/flux-installation';
import { gitRoot, gotkPaths } from '../../model/installation/git-root';
import { attached } from '../terraform/attached';
import { BootstrapGit, FluxProvider } from '../terraform/flux-provider';
import { BootstrapToken } from './bootstrap-token';
import { FluxOnCluster, type FluxOnClusterProps } from './flux-on-cluster';
import { followedRoot, appliedRoot } from './root-releases';

/**
 * What describes a {@link FluxProviderBootstrap}. The branch of the project needs a first commit; the token is used from
 * where Terraform runs, and does not come to the cluster.
 */
export interface FluxProviderBootstrapProps extends FluxOnClusterProps, FluxProviderSettings {}

/**
 * Flux on a cluster, installed by the Terraform provider `fluxcd/flux` from where Terraform runs.
 *
 * The provider keeps Flux's own files in its state, asks Git and the cluster at every plan, and writes the files of the
 * version that it brings. The Secret with which Flux reads Git is not the provider's, so that it can be rotated.
 *
 * @see https://registry.terraform.io/providers/fluxcd/flux/latest/docs
 */
export class FluxProviderBootstrap extends FluxOnCluster {
  /** What installs Flux. */
  protected readonly resource: TerraformResource;

  /**
   * @param props - the cluster, the project and how Flux is installed
   * @throws ValidationError when a setting is one with which the provider would fail
   */
  constructor(scope: Construct, id: string, props: FluxProviderBootstrapProps) {
    const flux = FluxInstallation.provider({ ...props, readCredential: undefined });
    super(scope, id, props, flux);
    const { cluster, project, access } = props;
    this.prerequisites.add(this.createSourceSecret(props));
    const written = project.write(this, flux.filesFor(cluster));
    this.prerequisites.add(written);
    const job = operatorJobValues(props);
    const root = gitRoot(cluster, props, project);
    // The provider waits for a root that cannot be built, and takes away only what it has written itself.
    this.prerequisites.add(followedRoot(this, { access, job, gitRoot: root, dependsOn: [...this.prerequisites] }));
    project.disown(this, gotkPaths(cluster));
    const pushes = attached(TerraformStack.of(this), 'FluxPushes', () => new Map<string, TerraformResource>());
    const branch = `${project.httpUrl}@${project.branch}`;
    const earlier = pushes.get(branch);
    // The provider pushes without asking whether somebody else did, so one cluster of a stack waits for the other.
    if (earlier !== undefined) this.prerequisites.add(earlier);
    this.resource = new BootstrapGit(this, 'Resource', {
      provider: this.createProvider(props),
      ...providerArguments(props),
      path: `clusters/${cluster.name}`,
      kustomizationOverride: flux.kustomizationFor(cluster),
      // Terraform owns the namespace and the Secret, so that a new credential reaches it.
      keepNamespace: true,
      disableSecretCreation: true,
      dependsOn: [...this.prerequisites],
    });
    pushes.set(branch, this.resource);
    if (props.waitForRoot ?? true) {
      appliedRoot(this, { access, project, credential: this.readCredential, job, dependsOn: [this.resource, written] });
    }
  }

  private createProvider(props: FluxProviderBootstrapProps): FluxProvider {
    const { access, cluster, project, author, commitMessageAppendix } = props;
    const { token } = (props.token ?? BootstrapToken.variable()).bind(this, project);
    const provider = new FluxProvider(this, 'Provider', {
      // A stack may have several clusters.
      alias: `flux-${cluster.name}`,
      kubernetes: access.configuration,
      git: {
        url: project.httpUrl,
        branch: project.branch,
        authorName: author?.name,
        authorEmail: author?.email,
        commitMessageAppendix,
        http: { username: 'git', password: token, certificateAuthority: project.certificateAuthority },
      },
    });
    if (access.execEnvironment !== undefined) provider.addOverride('kubernetes.exec.env', access.execEnvironment);
    return provider;
  }
}
