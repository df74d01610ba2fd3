import { Annotations, TerraformStack } from 'cdktf';
import { type Construct } from 'constructs';

import { GitLabAgent, type GitLabAgentProps } from '../lib/constructs/agent/gitlab-agent';
import { ClusterAccess } from '../lib/constructs/cluster/cluster-access';
import { BootstrapToken } from '../lib/constructs/flux/bootstrap-token';
import { ClusterComponents } from '../lib/constructs/flux/cluster-components';
import { FluxBootstrap } from '../lib/constructs/flux/flux-bootstrap';
import { FluxOperator } from '../lib/constructs/flux/flux-operator';
import { FluxProviderBootstrap } from '../lib/constructs/flux/flux-provider-bootstrap';
import { FluxReceiver } from '../lib/constructs/flux/flux-receiver';
import { type IFlux } from '../lib/constructs/flux/i-flux';
import { PipelineAccount } from '../lib/constructs/pipeline/pipeline-account';
import { GitLabProject } from '../lib/constructs/repository/gitlab-project';
import { type AgentDefinition } from '../lib/model/agent/agent-definition';
import { pushWarnings } from '../lib/model/fleet/definition/fleet-checks';
import { type ClusterDefinition, type FleetDefinition, fluxOf } from '../lib/model/fleet/definition/fleet-definition';
import { fluxVersionWarnings } from '../lib/model/flux/flux-version';
import { type FluxInstallation } from '../lib/model/installation/flux-installation';
import { type SpokeInstallation } from '../lib/model/installation/spoke-installation';
import { ClusterLayout } from '../lib/model/layout/cluster-layout';
import { pipelineAccess } from '../lib/model/pipeline/apply-changed/apply-changed-jobs';
import { ValidationError } from '../lib/model/validation-error';
import { deliveryOf } from './delivery';
import { readCredentialOf } from './read-credential';

/** What describes a {@link ClusterStack}. */
export interface ClusterStackProps extends Pick<FleetDefinition, 'project' | 'delivery'> {
  /** The cluster and how Flux is installed on it. */
  readonly definition: ClusterDefinition;
}

/** Every way to run Flux but that on another cluster. */
type FluxOnCluster = Exclude<FluxInstallation, SpokeInstallation>;

/** One cluster: Flux, its components and their files in the GitOps repository. */
export class ClusterStack extends TerraformStack {
  /**
   * @param props - the cluster, the project and the delivery of files
   * @throws ValidationError when something about the cluster is wrong
   */
  constructor(scope: Construct, id: string, props: ClusterStackProps) {
    super(scope, id);
    const { cluster } = props.definition;
    const installation = fluxOf(props.definition);
    if (installation.type === 'spoke') {
      const want = 'a SpokeStack: the Flux of this cluster runs on its hub';
      throw new ValidationError({ at: this.node.path, prop: 'definition', got: installation.type, want });
    }
    const warnings = [...pushWarnings(installation, props.delivery), ...fluxVersionWarnings(installation.version)];
    for (const { message } of warnings) Annotations.of(this).addWarning(message);
    const project = GitLabProject.fromPath(this, 'Project', { ...props.project, delivery: deliveryOf(props.delivery) });
    const access = ClusterAccess.of(this, cluster.connection);
    const flux = this.createFlux(installation, { cluster, project, access });
    new ClusterComponents(this, 'Components', { cluster, project, access, flux });
    if (cluster.trigger.type === 'pipeline' && pipelineAccess(cluster).data.type === 'service-account') {
      new PipelineAccount(this, 'PipelineAccount', { cluster, project, access, flux });
    }

    if (cluster.trigger.type === 'webhook') new FluxReceiver(this, 'Receiver', { cluster, project, access, flux });
    const { agent } = props.definition;
    if (agent !== undefined) this.createAgent(agent, { cluster, project, access, flux });
  }

  private createFlux(
    { type, settings }: FluxOnCluster,
    props: Pick<GitLabAgentProps, 'cluster' | 'project' | 'access'>,
  ): IFlux {
    const readCredential = readCredentialOf(settings.readCredential);
    switch (type) {
      case 'provider':
        return new FluxProviderBootstrap(this, 'Flux', { ...settings, ...props, readCredential });
      case 'operator':
        return new FluxOperator(this, 'Flux', { ...settings, ...props, readCredential });
      case 'bootstrap': {
        const { tokenRevision: revision, gotkFiles } = settings;
        const token = gotkFiles === 'terraform' ? undefined : BootstrapToken.variable({ revision });
        return new FluxBootstrap(this, 'Flux', { ...settings, ...props, token, readCredential });
      }
    }
  }

  private createAgent(
    agent: AgentDefinition,
    props: Pick<GitLabAgentProps, 'cluster' | 'project' | 'access'> & { readonly flux: IFlux },
  ): void {
    const { existingAgent } = agent;
    if (existingAgent === undefined) new GitLabAgent(this, 'Agent', { ...agent.settings, ...props });
    else {
      const { name, project: configProject = props.project.path } = existingAgent;
      const found = GitLabAgent.fromAttributes(this, 'Agent', { name, configProject });
      const { cluster, project, flux } = props;
      const layout = new ClusterLayout({ cluster, target: flux.target, repository: project });
      for (const { message } of agent.warnings(layout)) Annotations.of(found).addWarning(message);
    }
  }
}
