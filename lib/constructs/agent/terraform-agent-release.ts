import { type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

import { CHART_REPOSITORY, notifiedSources } from '../../model/agent/agent-files';
import { agentRights } from '../../model/agent/agent-objects';
import { CHART_VERSION } from '../../model/agent/agent-settings';
import { agentValues } from '../../model/agent/agent-values';
import { type Cluster } from '../../model/cluster/cluster';
import { ClusterLayout } from '../../model/layout/cluster-layout';
import { toYamlDocument } from '../../model/manifest/yaml';
import { type IFlux } from '../flux/i-flux';
import { type IGitLabProject } from '../repository/i-gitlab-project';
import { localRelease } from '../terraform/local-release';
import { Release } from '../terraform/resources';
import { type AgentReleaseProps, terraformValues } from './agent-release';
import { kasCondition } from './kas-address';

/** What describes a {@link TerraformAgentRelease}. */
export interface TerraformAgentReleaseProps extends AgentReleaseProps {
  /** The cluster. */
  readonly cluster: Cluster;
  /** The project with the GitOps repository. */
  readonly project: IGitLabProject;
  /** The Flux on the cluster, when there is one. */
  readonly flux: IFlux | undefined;
}

/** An agent that Terraform installs: its rights, and the chart. The release waits until its Pods are ready. */
export class TerraformAgentRelease extends Construct {
  /** The agent runs. */
  public readonly ready: ITerraformDependable;

  constructor(scope: Construct, id: string, props: TerraformAgentReleaseProps) {
    super(scope, id);
    const { access, names, settings, kas, token, flux, project } = props;
    const { namespace } = names;
    const afterFlux = flux === undefined ? [] : [flux.ready];
    const rights = this.createRights(props, afterFlux);
    this.ready = new Release(this, 'Resource', {
      provider: access.helm,
      name: namespace,
      namespace,
      repository: settings.chartRepository ?? CHART_REPOSITORY,
      chart: 'gitlab-agent',
      version: settings.chartVersion ?? CHART_VERSION,
      upgradeInstall: true,
      wait: true,
      values: [toYamlDocument(agentValues(settings, names, project.certificateAuthority)), terraformValues(props)],
      // agentk looks for Flux's CRDs only once.
      dependsOn: [token.secret, rights, ...afterFlux],
      lifecycle: kasCondition(kas),
    });
  }

  private createRights(props: TerraformAgentReleaseProps, afterFlux: ITerraformDependable[]): Release {
    const { access, names, settings, cluster, flux, project } = props;
    const { namespace } = names;
    const layout = flux && new ClusterLayout({ cluster, target: flux.target, repository: project });
    const sources = layout && notifiedSources(layout, settings);
    const objects = agentRights({ namespace, settings, sources });
    return localRelease(this, 'Rights', {
      provider: access.helm,
      name: `${namespace}-rights`,
      namespace,
      takeOwnership: true,
      chart: 'objects',
      values: { objects },
      // Flux brings the namespaces of the sources.
      dependsOn: [props.namespace, ...afterFlux],
    });
  }
}
