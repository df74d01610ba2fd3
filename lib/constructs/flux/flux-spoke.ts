import { type Release } from '@cdktf/provider-helm/lib/release/index.js';
import { dependable, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

import { type Cluster } from '../../model/cluster/cluster';
import { type FluxSpokeSettings } from '../../model/cluster/spoke-settings';
import { JOB_DEADLINE } from '../../model/flux/job-deadline';
import { operatorJobValues, type OperatorJobValues } from '../../model/flux/operator/operator-settings';
import { type FluxHub } from '../../model/installation/flux-hub';
import { FluxInstallation } from '../../model/installation/flux-installation';
import { type FluxTarget } from '../../model/installation/flux-target';
import { rootsOf } from '../../model/installation/spoke-files';
import { secondsOf } from '../../model/manifest/duration';
import { type ClusterAccess } from '../cluster/cluster-access';
import { type IGitLabProject } from '../repository/i-gitlab-project';
import { localRelease } from '../terraform/local-release';
import { NamespaceV1 } from '../terraform/resources';
import { ageKeySecret } from './age-key-secret';
import { type GitReadCredential, type IGitReadCredentialSource, readCredentialFor } from './git-read-credential';
import { type IFlux } from './i-flux';
import { appliedRoot } from './root-releases';
import { sourceSecret } from './source-secret';
import { SpokeAccount } from './spoke-account';

/** What describes a {@link FluxSpoke}. */
export interface FluxSpokeProps extends FluxSpokeSettings {
  /** The spoke. */
  readonly cluster: Cluster;
  /** The cluster whose Flux deploys to the spoke. */
  readonly hub: FluxHub;
  /** The project with the GitOps repository. */
  readonly project: IGitLabProject;
  /** The providers for the spoke. */
  readonly access: ClusterAccess;
  /** The providers for the hub. */
  readonly hubAccess: ClusterAccess;
  /**
   * With what Flux reads the repository for this spoke.
   *
   * @default GitReadCredentialSource.variables()
   */
  readonly readCredential?: IGitReadCredentialSource;
}

/**
 * A cluster that the Flux of another one deploys to. It carries nothing of Flux, at most an account.
 *
 * On the hub the spoke has a namespace of its own, with the credentials that Flux needs for it, and a file in the hub's
 * directory of the repository. When the spoke is removed, a Job on the hub takes its Flux objects away before all that.
 *
 * @see https://github.com/fluxcd/flux2-hub-spoke-example
 */
export class FluxSpoke extends Construct implements IFlux {
  /** Where the Flux objects of the components go: into the spoke's namespace on the hub. */
  public readonly target: FluxTarget;
  /** The spoke's namespace on the hub is there. */
  public readonly namespace: ITerraformDependable;
  /** The hub has what it needs to deploy to the spoke. */
  public readonly ready: ITerraformDependable;
  /** With what Flux reads the GitOps repository. */
  public readonly readCredential: GitReadCredential;
  private readonly removal: Release;
  private readonly prerequisites: Set<ITerraformDependable>;

  /**
   * @param props - the spoke, its hub and how the hub deploys to it
   * @throws ValidationError when the hub could not serve the spoke
   */
  constructor(scope: Construct, id: string, props: FluxSpokeProps) {
    super(scope, id);
    const { cluster, project, hub, hubAccess } = props;
    const flux = FluxInstallation.spoke({ ...props, readCredential: undefined });
    this.target = flux.targetFor(cluster);
    this.readCredential = readCredentialFor(this, project, props.readCredential);
    const namespace = this.createNamespace(props);
    this.namespace = namespace;
    const source = sourceSecret(this, {
      access: hubAccess,
      name: this.target.sourceSecretName,
      namespace: this.target.rootNamespace,
      credential: this.readCredential,
      certificateAuthority: project.certificateAuthority,
      dependsOn: [namespace],
    });
    const account = new SpokeAccount(this, 'Account', { ...props, isLockedDown: hub.flux.isLockedDown, namespace });
    const ageKey = ageKeySecret(this, {
      access: hubAccess,
      decryption: props.decryption,
      namespace: this.target.rootNamespace,
      dependsOn: [namespace],
    });
    const needed = [namespace, source, ...ageKey, ...account.prerequisites];
    // The hub's root would apply nothing at all while the namespace of one object is missing.
    const files = project.write(this, flux.filesFor(cluster, project), { after: needed });
    this.prerequisites = new Set([...needed, files]);
    this.removal = this.createRemoval(props);
    this.ready = this.removal;
    if (props.waitForRoot ?? true) this.createApplied(props, files);
  }

  /**
   * Something that has to be there as long as the hub deploys to the spoke.
   *
   * @param what - a resource that does not depend on `ready`
   */
  public requires(what: ITerraformDependable): void {
    this.prerequisites.add(what);
    this.removal.dependsOn = [...this.prerequisites].map(dependable);
  }

  private createNamespace({ cluster, hubAccess }: FluxSpokeProps): NamespaceV1 {
    return new NamespaceV1(this, 'Namespace', {
      provider: hubAccess.kubernetes,
      metadata: { name: cluster.name },
      lifecycle: { ignoreChanges: ['metadata[0].labels', 'metadata[0].annotations'] },
    });
  }

  /** It is made last, and so goes first. */
  private createRemoval(props: FluxSpokeProps): Release {
    const { cluster, hubAccess, removalPolicy = 'keep' } = props;
    const deadlineSeconds = secondsOf(props.deadline ?? JOB_DEADLINE);
    const values = { ...jobValuesOf(props), removeSpoke: { removalPolicy }, deadlineSeconds };
    return localRelease(this, 'Removal', {
      provider: hubAccess.helm,
      name: 'flux-spoke-removal',
      namespace: cluster.name,
      chart: 'flux-jobs',
      timeout: deadlineSeconds + 120,
      values,
      dependsOn: [...this.prerequisites],
    });
  }

  /** The hub's root brings the spoke's. */
  private createApplied(props: FluxSpokeProps, files: ITerraformDependable): void {
    const { cluster, project, hubAccess: access, deadline } = props;
    appliedRoot(this, {
      access,
      project,
      credential: this.readCredential,
      job: jobValuesOf(props),
      namespace: cluster.name,
      roots: rootsOf(cluster),
      deadline,
      dependsOn: [this.removal, files],
    });
  }
}

function jobValuesOf({ hub, ...props }: FluxSpokeProps): OperatorJobValues {
  const ofHub = operatorJobValues(hub.flux.settings);
  return {
    image: props.jobImage ?? ofHub.image,
    imagePullSecrets: props.imagePullSecrets ?? ofHub.imagePullSecrets,
    nodeSelector: props.nodeSelector ?? ofHub.nodeSelector,
    tolerations: props.tolerations ?? ofHub.tolerations,
  };
}
