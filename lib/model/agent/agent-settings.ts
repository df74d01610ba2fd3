import { type Toleration } from '../manifest/toleration';
import { type AgentConfiguration } from './agent-configuration';
import { type AgentPermission } from './agent-permission';

/** The version of the chart that is installed unless another one is named. */
export const CHART_VERSION = '2.29.0';

/** One of the two places for a token of an agent. */
export type TokenSlot = 'a' | 'b';

/**
 * The tokens of an agent. GitLab allows two at a time. To replace one, deploy three times:
 *
 * 1. `retain: true`: the other slot gets a token.
 * 2. the other slot is `active`: the agent's Pods start again with it.
 * 3. without `retain`, when all Pods have started again: the old token is revoked.
 */
export interface AgentToken {
  /**
   * The slot with the token that the agent uses.
   *
   * @default 'a'
   */
  readonly active?: TokenSlot;
  /**
   * Whether the other slot has a token too.
   *
   * @default false
   */
  readonly retain?: boolean;
}

/** How an agent is, on any cluster: its name, what it is told and what it may do. */
export interface AgentSettings {
  /**
   * Name of the agent in GitLab: a DNS label, unique in the project with its configuration.
   *
   * @default - name of the cluster
   */
  readonly name?: string;
  /**
   * Namespace of the agent, which it has for itself; also the name of its release and account.
   *
   * @default 'gitlab-agent'
   */
  readonly namespace?: string;
  /**
   * What the agent is told.
   *
   * @default - nothing: only CI jobs of the project with the configuration reach the cluster, and may do nothing there
   */
  readonly configuration?: AgentConfiguration;
  /** Rights of those who come through the agent. The agent's own rights do not include them. */
  readonly permissions?: readonly AgentPermission[];
  /**
   * For which sources the agent may make receivers: `fleet`, those that this program writes, by their names; `cluster`,
   * whatever there is, which takes writing Secrets everywhere.
   *
   * @default 'fleet'
   */
  readonly sources?: 'fleet' | 'cluster';
  /**
   * Whether only the agent reaches Flux's receivers. Their addresses can be guessed and nobody has to log in, so anybody
   * in the cluster could else make Flux fetch again and again. It is a change of Flux: fleets make it themselves, in a
   * stack of your own give `AgentDefinition.fluxPatches()` to the bootstrap.
   *
   * @default true
   */
  readonly restrictReceivers?: boolean;
  /**
   * Address by which GitLab calls itself. The agent compares its host with those of the sources, and passes over sources
   * of another one.
   *
   * @default - address of the GitOps project's GitLab
   */
  readonly externalUrl?: string;
  /**
   * How the agent is installed. `flux`: a HelmRelease in Git. `terraform`: a Helm release of Terraform, also for clusters
   * without Flux.
   *
   * @default 'flux'
   */
  readonly installation?: 'flux' | 'terraform';
  /**
   * Version of the chart `gitlab-agent`, or a range of versions.
   *
   * @default '2.29.0'
   */
  readonly chartVersion?: string;
  /**
   * Address of the chart's repository, for example of a mirror: `https://…`, or `oci://…` without the chart's name.
   *
   * @default 'https://charts.gitlab.io'
   */
  readonly chartRepository?: string;
  /**
   * Version of the agent: at most one minor version away from GitLab's.
   *
   * @default - that of the chart
   */
  readonly imageTag?: string;
  /**
   * Image of the agent without tag, for example in a mirror.
   *
   * @default - that of the chart
   */
  readonly image?: string;
  /** Names of Secrets in the agent's namespace to pull its image with, and that of the Job that removes it. */
  readonly imagePullSecrets?: readonly string[];
  /**
   * Image with `kubectl` and `sh` for the Job that has Flux remove the agent before Flux goes.
   *
   * @default 'ghcr.io/fluxcd/flux-cli:v2.9.4'
   */
  readonly jobImage?: string;
  /**
   * Labels of the nodes that the agent, and the Job that removes it, may run on.
   *
   * @default - any node for the agent, Linux nodes for the Job
   */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /** Taints that the agent, and the Job that removes it, tolerate. */
  readonly tolerations?: readonly Toleration[];
  /**
   * How many Pods. One works, the others wait.
   *
   * @default 2
   */
  readonly replicas?: number;
  /**
   * CPU and memory, as Kubernetes writes them.
   *
   * @default - requests of 20m and 64Mi, a limit of 256Mi
   */
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string>>;
    readonly limits?: Readonly<Record<string, string>>;
  };
  /**
   * The Pod Security Standard that the namespace enforces.
   *
   * @default 'restricted'
   */
  readonly podSecurity?: 'restricted' | 'baseline' | 'privileged';
  /**
   * Address of GitLab's agent server (KAS): `wss://kas.gitlab.example.com`.
   *
   * @default - GitLab is asked
   */
  readonly kasAddress?: string;
  /**
   * The tokens.
   *
   * @default - one, in slot a
   */
  readonly token?: AgentToken;
  /**
   * The environment in GitLab that shows the cluster; false for none.
   *
   * @default - `<environment>/<cluster>`, showing the root of Flux
   */
  readonly dashboard?: AgentDashboard | false;
}

/** The environment in GitLab that shows a cluster. */
export interface AgentDashboard {
  /**
   * Name of the environment.
   *
   * @default - `<environment>/<cluster>`
   */
  readonly name?: string;
  /**
   * Tier of the environment.
   *
   * @default - as the name of the cluster's environment suggests
   */
  readonly tier?: 'production' | 'staging' | 'testing' | 'development' | 'other';
  /**
   * Namespace whose workloads are shown.
   *
   * @default 'flux-system'
   */
  readonly namespace?: string;
  /**
   * The Flux object whose state is shown.
   *
   * @default - the root Kustomization, where there is Flux
   */
  readonly fluxResourcePath?: string;
}
