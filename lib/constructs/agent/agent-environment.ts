import { type ClusterAgent } from '@cdktf/provider-gitlab/lib/cluster-agent/index.js';
import { type ITerraformDependable, type TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';

import { type AgentDashboard } from '../../model/agent/agent-settings';
import { ROOT_RESOURCE_PATH } from '../../model/agent/dashboard';
import { type Cluster } from '../../model/cluster/cluster';
import { environmentTier } from '../../model/cluster/environment-tier';
import { FLUX_NAMESPACE } from '../../model/flux/metadata';
import { ProjectEnvironment } from '../terraform/resources';

/** What describes an {@link AgentEnvironment}. */
export interface AgentEnvironmentProps {
  /** The provider for GitLab. */
  readonly provider: TerraformProvider;
  /** The project with the environment. */
  readonly project: string;
  /** The cluster. */
  readonly cluster: Cluster;
  /** The agent that GitLab reaches the cluster by. */
  readonly agent: ClusterAgent;
  /** What is shown. */
  readonly dashboard: AgentDashboard;
  /** Whether there is Flux to show. */
  readonly hasFlux: boolean;
  /** What has to be there first. */
  readonly dependsOn: ITerraformDependable[];
}

/** The environment in GitLab that shows a cluster: its workloads, and how Flux is. */
export class AgentEnvironment extends Construct {
  /** @param props - the project, the agent and what is shown */
  constructor(scope: Construct, id: string, props: AgentEnvironmentProps) {
    super(scope, id);
    const { provider, project, cluster, agent, dashboard, hasFlux, dependsOn } = props;
    new ProjectEnvironment(this, 'Resource', {
      provider,
      project,
      name: dashboard.name ?? `${cluster.environment}/${cluster.name}`,
      tier: dashboard.tier ?? environmentTier(cluster.environment),
      clusterAgentId: agent.agentId,
      kubernetesNamespace: dashboard.namespace ?? FLUX_NAMESPACE,
      fluxResourcePath: dashboard.fluxResourcePath ?? (hasFlux ? ROOT_RESOURCE_PATH : undefined),
      // GitLab refuses to delete an environment that is not stopped.
      stopBeforeDestroy: true,
      dependsOn,
    });
  }
}
