import { type IConstruct } from 'constructs';

import { type ClusterConnection } from '../../model/cluster/cluster-connection';

/** GitLab's agent on a cluster, made by this program or by somebody else. */
export interface IGitLabAgent extends IConstruct {
  /** Name of the agent in GitLab. Always literal. */
  readonly agentName: string;
  /** Full path of the project with its configuration. Always literal. */
  readonly configProject: string;
  /** Id of the agent in GitLab; undefined when it is not known. */
  readonly agentId: number | undefined;
  /** The context that GitLab writes into the kubeconfig of CI jobs: `<project>:<agent>`. */
  readonly kubernetesContext: string;
  /** How Terraform reaches the cluster in a CI job that may use the agent. */
  readonly connection: ClusterConnection;
}
