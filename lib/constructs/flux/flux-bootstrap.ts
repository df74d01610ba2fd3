import { type TerraformResource } from 'cdktf';
import { type Construct } from 'constructs';

import { type FluxBootstrapSettings } from '../../model/flux/bootstrap-settings';
import {
  type FluxCliInstallation,
  type FluxCliJobProps,
  fluxCliValues,
  jobValues,
  releaseTimeout,
} from '../../model/flux/flux-cli-values';
import { sha256 } from '../../model/flux/gotk/flux-bundle';
import { sourceSecretNameOf } from '../../model/flux/installation-settings';
import { FLUX_NAMESPACE } from '../../model/flux/metadata';
import { FluxInstallation } from '../../model/installation/flux-installation';
import { gitRoot, gotkPaths } from '../../model/installation/git-root';
import { type FileTree } from '../../model/manifest/file-tree';
import { ValidationError } from '../../model/validation-error';
import { localRelease } from '../terraform/local-release';
import { SecretV1 } from '../terraform/resources';
import { BootstrapToken } from './bootstrap-token';
import { FluxOnCluster, type FluxOnClusterProps } from './flux-on-cluster';
import { combinedRevision, textRevision } from './revision';
import { appliedRoot, followedRoot } from './root-releases';

/**
 * What describes a {@link FluxBootstrap}. With another `authentication` than `read-only` only the components use
 * `readCredential`.
 */
export interface FluxBootstrapProps extends FluxOnClusterProps, FluxBootstrapSettings, FluxCliJobProps {}

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
export class FluxBootstrap extends FluxOnCluster {
  /** What installs Flux. */
  protected readonly resource: TerraformResource;

  /**
   * @param props - the cluster, the project and how Flux is installed
   * @throws ValidationError when a setting is one with which the CLI would fail
   */
  constructor(scope: Construct, id: string, props: FluxBootstrapProps) {
    const flux = FluxInstallation.bootstrap({ ...props, readCredential: undefined });
    super(scope, id, props, flux);
    const { cluster, project, access } = props;
    const target = flux.cliTarget(cluster, project);
    refuseToken(this.node.path, props);

    const installs = !flux.pushes;
    const readsOnly = (props.authentication ?? 'read-only') === 'read-only';
    const tree = flux.filesFor(cluster, project);
    if (!installs) this.prerequisites.add(this.createTokenSecret(props));
    if (readsOnly) this.prerequisites.add(this.createSourceSecret(props));
    const files = project.write(this, tree);
    this.prerequisites.add(files);
    // What Terraform wrote once is the flux CLI's then; without the file Flux could not build its root.
    project.disown(
      this,
      gotkPaths(cluster).filter((path) => tree.get(path) === undefined),
    );

    const job = jobValues(props);
    const root = gitRoot(cluster, props, project);
    // The CLI waits for a root that cannot be built, and takes away only what it has written itself.
    this.prerequisites.add(followedRoot(this, { access, job, gitRoot: root, dependsOn: [...this.prerequisites] }));

    const values = fluxCliValues({
      ...props,
      certificateAuthorityRef:
        props.certificateAuthorityRef ??
        (project.certificateAuthority === undefined
          ? undefined
          : { kind: 'Secret', name: TOKEN_SECRET, key: AUTHORITY_KEY }),
      target,
      tokenSecretName: TOKEN_SECRET,
      restoreSecretName: readsOnly ? sourceSecretNameOf(props) : undefined,
      install: installs ? installationOf(tree, `${target.path}/flux-system`) : undefined,
    });
    this.resource = localRelease(this, 'Resource', {
      provider: access.helm,
      name: 'flux-cli',
      namespace: FLUX_NAMESPACE,
      chart: 'flux-jobs',
      wait: true,
      timeout: releaseTimeout(props),
      values,
      dependsOn: [...this.prerequisites],
    });
    if (props.waitForRoot ?? true) {
      const { deadline } = props;
      const { readCredential: credential } = this;
      appliedRoot(this, { access, project, credential, job, deadline, dependsOn: [this.resource, files] });
    }
  }

  private createTokenSecret(props: FluxBootstrapProps): SecretV1 {
    const { token, revision } = (props.token ?? BootstrapToken.variable()).bind(this, props.project);
    const { certificateAuthority } = props.project;
    return new SecretV1(this, 'Token', {
      provider: props.access.kubernetes,
      dependsOn: [this.namespace],
      metadata: { name: TOKEN_SECRET, namespace: FLUX_NAMESPACE },
      dataWo: { token, ...authorityData(certificateAuthority) },
      dataWoRevision: combinedRevision([revision, textRevision(certificateAuthority)]),
      // The provider keeps empty ones out of the state; a plan with -refresh=false would show them as new.
      lifecycle: { ignoreChanges: ['metadata[0].labels', 'metadata[0].annotations'] },
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
  return certificateAuthority === undefined ? {} : { [AUTHORITY_KEY]: certificateAuthority };
}
