import { dependable, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

import { type Cluster } from '../../model/cluster/cluster';
import { sourceSecretNameOf } from '../../model/flux/installation-settings';
import { JOB_DEADLINE } from '../../model/flux/job-deadline';
import { FLUX_NAMESPACE } from '../../model/flux/metadata';
import { operatorChartLocation, operatorValues } from '../../model/flux/operator/operator-chart';
import { type FluxOperatorSettings, operatorJobValues } from '../../model/flux/operator/operator-settings';
import { FluxInstallation } from '../../model/installation/flux-installation';
import { type FluxTarget } from '../../model/installation/flux-target';
import { type OperatorInstallation } from '../../model/installation/operator-installation';
import { secondsOf } from '../../model/manifest/duration';
import { toYamlDocument } from '../../model/manifest/yaml';
import { type ClusterAccess } from '../cluster/cluster-access';
import { type IGitLabProject } from '../repository/i-gitlab-project';
import { localRelease } from '../terraform/local-release';
import { Release } from '../terraform/resources';
import { ageKeySecret } from './age-key-secret';
import { fluxNamespace } from './flux-namespace';
import { type GitReadCredential, type IGitReadCredentialSource, readCredentialFor } from './git-read-credential';
import { type IFlux } from './i-flux';
import { appliedRoot } from './root-releases';
import { sourceSecret } from './source-secret';

/** What describes a {@link FluxOperator}. */
export interface FluxOperatorProps extends FluxOperatorSettings {
  /** The cluster. */
  readonly cluster: Cluster;
  /** The project with the GitOps repository. */
  readonly project: IGitLabProject;
  /** The providers for the cluster. */
  readonly access: ClusterAccess;
  /**
   * With what Flux reads the repository. Nothing writes to it from the cluster.
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

/** The operator waits up to five minutes for the controllers to go, and as long for their kinds. */
const REMOVAL_SECONDS = 900;

/**
 * Flux on a cluster, installed and looked after by flux-operator: a hub for other clusters, or a cluster of its own.
 *
 * The operator and its `FluxInstance` are Helm releases. When they go, the `FluxInstance` goes first, and the operator
 * removes Flux while it still runs; what Flux deployed stays.
 *
 * @see https://fluxoperator.dev/docs/
 */
export class FluxOperator extends Construct implements IFlux {
  /** Where the Flux objects of the components go: into the components' own namespaces. */
  public readonly target: FluxTarget;
  /** The namespace `flux-system` is there. */
  public readonly namespace: ITerraformDependable;
  /** Flux runs and has applied the repository. */
  public readonly ready: ITerraformDependable;
  /** With what Flux reads the GitOps repository. */
  public readonly readCredential: GitReadCredential;
  private readonly instance: Release;
  private readonly prerequisites: Set<ITerraformDependable>;

  /**
   * @param props - the cluster, the project and how Flux is installed
   * @throws ValidationError when a setting is one that the operator would refuse
   */
  constructor(scope: Construct, id: string, props: FluxOperatorProps) {
    super(scope, id);
    const { cluster, project, access } = props;
    const flux = FluxInstallation.operator({ ...props, readCredential: undefined });
    this.target = flux.targetFor(cluster);
    this.readCredential = readCredentialFor(this, project, props.readCredential);
    const namespaces = props.createNamespace === false ? [] : [fluxNamespace(this, access)];
    const secret = sourceSecret(this, {
      access,
      name: sourceSecretNameOf(props),
      namespace: FLUX_NAMESPACE,
      credential: this.readCredential,
      certificateAuthority: project.certificateAuthority,
      dependsOn: namespaces,
    });
    this.namespace = namespaces[0] ?? secret;
    const { decryption } = this.target;
    this.prerequisites = new Set([
      ...namespaces,
      secret,
      ...ageKeySecret(this, { access, decryption, dependsOn: namespaces }),
      this.createOperator(props, flux, namespaces),
    ]);
    const files = project.write(this, flux.filesFor(cluster));
    this.prerequisites.add(files);
    this.instance = this.createInstance(props, flux);
    this.ready = this.instance;
    if (props.waitForRoot ?? true) {
      const job = operatorJobValues(props);
      const { readCredential: credential } = this;
      appliedRoot(this, {
        access,
        project,
        credential,
        job,
        deadline: props.deadline,
        dependsOn: [this.instance, files],
      });
    }
  }

  /**
   * Something that has to be there before Flux looks at the repository for the first time.
   *
   * @param what - a resource that does not depend on `ready`
   */
  public requires(what: ITerraformDependable): void {
    this.prerequisites.add(what);
    this.instance.dependsOn = [...this.prerequisites].map(dependable);
  }

  private createOperator(
    props: FluxOperatorProps,
    { isLockedDown }: OperatorInstallation,
    dependsOn: ITerraformDependable[],
  ): Release {
    const { chart, repository, version } = operatorChartLocation(props.operator);
    const values = [operatorValues(props.operator, isLockedDown), props.operator?.values ?? {}];
    return new Release(this, 'Operator', {
      provider: props.access.helm,
      name: 'flux-operator',
      namespace: FLUX_NAMESPACE,
      chart,
      repository,
      // Without upgradeInstall a failed first deploy blocks all others.
      version,
      upgradeInstall: true,
      wait: true,
      values: values.map(toYamlDocument),
      dependsOn,
    });
  }

  private createInstance(props: FluxOperatorProps, flux: OperatorInstallation): Release {
    const deadlineSeconds = secondsOf(props.deadline ?? JOB_DEADLINE);
    const values = {
      instance: flux.instanceFor(props.cluster, props.project),
      ready: { root: FLUX_NAMESPACE },
      ...operatorJobValues(props),
      deadlineSeconds,
    };
    return localRelease(this, 'Instance', {
      provider: props.access.helm,
      name: 'flux-instance',
      namespace: FLUX_NAMESPACE,
      chart: 'flux-jobs',
      wait: true,
      timeout: Math.max(deadlineSeconds + 120, REMOVAL_SECONDS),
      values,
      dependsOn: [...this.prerequisites],
    });
  }
}
