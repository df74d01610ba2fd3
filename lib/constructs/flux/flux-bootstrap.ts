import { Release } from '@cdktf/provider-helm/lib/release/index.js';
import { NamespaceV1 } from '@cdktf/provider-kubernetes/lib/namespace-v1/index.js';
import { SecretV1 } from '@cdktf/provider-kubernetes/lib/secret-v1/index.js';
import { dependable, type ITerraformDependable, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';

import { type Cluster } from '../../model/cluster/cluster';
import {
  type FluxBootstrapSettings,
  checkArgument,
  checkBootstrapSettings,
  sourceSecretNameOf,
} from '../../model/flux/bootstrap-settings';
import { FLUX_NAMESPACE } from '../../model/flux/metadata';
import { bootstrapFiles, bootstrapTarget } from '../../model/layout/bootstrap-files';
import { type FluxTarget } from '../../model/layout/flux-target';
import { type FileTree } from '../../model/manifest/file-tree';
import { toYamlDocument } from '../../model/manifest/yaml';
import { type ClusterAccess } from '../cluster/cluster-access';
import { type IGitLabProject } from '../repository/i-gitlab-project';
import { escapeTerraform } from '../terraform/literal';
import { localChart } from '../terraform/local-chart';
import { BootstrapToken, type IBootstrapToken } from './bootstrap-token';
import {
  checkFluxCliJob,
  type FluxCliInstallation,
  type FluxCliJobProps,
  fluxCliValues,
  releaseTimeout,
} from '../../model/flux/flux-cli-values';
import { sha256 } from '../../model/flux/gotk/flux-bundle';
import { ValidationError } from '../../model/validation-error';
import { TerraformData } from '../terraform/terraform-data';
import { type IFluxInstallation } from './flux-installation';
import { combinedRevision, textRevision } from './revision';
import { sourceSecret } from './source-secret';
import { type GitReadCredential, GitReadCredentialSource, type IGitReadCredentialSource } from './git-read-credential';

/** What describes a {@link FluxBootstrap}. */
export interface FluxBootstrapProps extends FluxBootstrapSettings, FluxCliJobProps {
  /** The cluster. */
  readonly cluster: Cluster;
  /** The project with the GitOps repository. */
  readonly project: IGitLabProject;
  /** The providers for the cluster. */
  readonly access: ClusterAccess;
  /**
   * The token that the flux CLI pushes with. With `gotkFiles: 'terraform'` there is none.
   *
   * @default BootstrapToken.variable()
   */
  readonly token?: IBootstrapToken;
  /**
   * With what Flux reads the repository. With another `authentication` than `read-only` only the components use it.
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

/** Name of the Secret with the token that the flux CLI pushes with. */
const TOKEN_SECRET = 'flux-bootstrap-token';
/** Where Flux looks in a Secret for the certificate of the authority that signed the server's. */
const AUTHORITY_KEY = 'ca.crt';

/**
 * Flux on a cluster, installed by the flux CLI: a Job on the cluster runs `flux bootstrap gitlab`, and another one
 * removes Flux before the release is deleted. With `gotkFiles: 'terraform'` the Job needs no token: the files of Flux
 * itself are in Git like all others, and the Job installs what they say.
 *
 * @see https://fluxcd.io/flux/installation/bootstrap/gitlab/
 */
export class FluxBootstrap extends Construct implements IFluxInstallation {
  /** Where the Flux objects of the components go: into the components' own namespaces. */
  public readonly target: FluxTarget;
  /** The namespace `flux-system` is there. */
  public readonly namespace: ITerraformDependable;
  /** Flux runs and has applied the repository. */
  public readonly ready: ITerraformDependable;
  /** With what Flux reads the GitOps repository. */
  public readonly readCredential: GitReadCredential;
  private readonly release: Release;
  private readonly prerequisites: Set<ITerraformDependable>;

  /**
   * @param scope - the stack, or a construct in it
   * @param id - name within the scope
   * @param props - the cluster, the project and how Flux is installed
   * @throws ValidationError when a setting is one with which the CLI would fail
   */
  constructor(scope: Construct, id: string, props: FluxBootstrapProps) {
    super(scope, id);
    const { cluster, project, access } = props;
    checkBootstrapSettings(this.node.path, props);
    checkFluxCliJob(this.node.path, props);
    checkArgument(this.node.path, 'project.branch', project.branch);
    this.target = bootstrapTarget(cluster, props);

    const installs = props.gotkFiles === 'terraform';
    refuseToken(this.node.path, props);
    const namespaces = props.createNamespace === false ? [] : [this.createNamespace(access)];
    const tokenSecrets = installs ? [] : [this.createTokenSecret(props, namespaces)];
    this.namespace = namespaces[0] ?? tokenSecrets[0] ?? new TerraformData(this, 'NamespaceExists');
    this.readCredential = (props.readCredential ?? GitReadCredentialSource.variables()).bind(this, project);
    const readsOnly = (props.authentication ?? 'read-only') === 'read-only';
    const sourceSecrets = readsOnly ? [this.createSourceSecret(props)] : [];
    const tree = bootstrapFiles(cluster, props, project);
    const files = project.write(this, tree);

    this.prerequisites = new Set([...namespaces, ...tokenSecrets, ...sourceSecrets, files]);

    const chart = localChart(TerraformStack.of(this), 'flux-cli');
    const values = fluxCliValues({
      ...props,
      certificateAuthority:
        props.certificateAuthority ??
        (project.certificateAuthority === undefined
          ? undefined
          : { kind: 'Secret', name: TOKEN_SECRET, key: AUTHORITY_KEY }),
      target: {
        projectPath: project.path,
        hostname: new URL(project.url).host,
        branch: project.branch,
        path: `clusters/${cluster.name}`,
      },
      tokenSecretName: TOKEN_SECRET,
      restoreSecretName: readsOnly ? sourceSecretNameOf(props) : undefined,
      install: installs ? installationOf(tree, `clusters/${cluster.name}/flux-system`) : undefined,
    });
    this.release = new Release(this, 'Resource', {
      provider: access.helm,
      name: 'flux-cli',
      namespace: FLUX_NAMESPACE,
      chart: chart.path,
      // Without a version a plan would ask the cluster. Without upgradeInstall a failed first deploy blocks all others.
      version: chart.version,
      upgradeInstall: true,
      wait: true,
      timeout: releaseTimeout(props),
      values: [escapeTerraform(toYamlDocument(values))],
      dependsOn: [...this.prerequisites],
    });
    this.ready = this.release;
  }

  /**
   * Something that has to be there before the flux CLI runs.
   *
   * @param what - a resource that does not depend on `ready`
   */
  public requires(what: ITerraformDependable): void {
    this.prerequisites.add(what);
    this.release.dependsOn = [...this.prerequisites].map(dependable);
  }

  private createTokenSecret(props: FluxBootstrapProps, dependsOn: ITerraformDependable[]): SecretV1 {
    const { token, revision } = (props.token ?? BootstrapToken.variable()).bind(this, props.project);
    const { certificateAuthority } = props.project;
    return new SecretV1(this, 'Token', {
      provider: props.access.kubernetes,
      dependsOn,
      metadata: { name: TOKEN_SECRET, namespace: FLUX_NAMESPACE },
      dataWo: { token, ...authorityData(certificateAuthority) },
      dataWoRevision: combinedRevision([revision, textRevision(certificateAuthority)]),
      // The provider keeps empty ones out of the state; a plan with -refresh=false would show them as new.
      lifecycle: { ignoreChanges: ['metadata[0].labels', 'metadata[0].annotations'] },
    });
  }

  private createNamespace({ kubernetes }: ClusterAccess): NamespaceV1 {
    return new NamespaceV1(this, 'Namespace', {
      provider: kubernetes,
      metadata: { name: FLUX_NAMESPACE },
      // Flux labels its namespace.
      lifecycle: { ignoreChanges: ['metadata[0].labels', 'metadata[0].annotations'] },
    });
  }

  /** The Secret in which Flux looks for its credential; the CLI puts another one into it while it runs. */
  private createSourceSecret(props: FluxBootstrapProps): SecretV1 {
    return sourceSecret(this, {
      access: props.access,
      name: sourceSecretNameOf(props),
      credential: this.readCredential,
      certificateAuthority: props.project.certificateAuthority,
      dependsOn: [this.namespace],
    });
  }
}

function refuseToken(at: string, { gotkFiles, token }: FluxBootstrapProps): void {
  if (gotkFiles === 'terraform' && token !== undefined) {
    throw new ValidationError({ at, prop: 'token', want: "nothing with gotkFiles 'terraform': nothing is pushed" });
  }
}

/** What the Job needs of the files in Git; the long one it makes itself, and compares. */
function installationOf(tree: FileTree, directory: string): FluxCliInstallation {
  const read = (name: string): string => String(tree.get(`${directory}/${name}`)?.content);
  return {
    digest: sha256(read('gotk-components.yaml')),
    sync: read('gotk-sync.yaml'),
    kustomization: read('kustomization.yaml'),
  };
}

function authorityData(certificateAuthority: string | undefined): Record<string, string> {
  return certificateAuthority === undefined ? {} : { [AUTHORITY_KEY]: escapeTerraform(certificateAuthority) };
}
