import { type Cluster } from '../cluster/cluster';
import { FluxPatch } from '../flux/flux-patch';
import { type ClusterLayout } from '../layout/cluster-layout';
import { isOnGitLab } from '../layout/flux-source';
import { FileTree } from '../manifest/file-tree';
import { checkDnsLabel } from '../manifest/kubernetes-name';
import { ValidationError } from '../validation-error';
import { checkAgentOnCluster, checkAgentSettings } from './agent-checks';
import { checkConfigurationProject } from './agent-configuration';
import { agentClusterFiles, agentConfigurationFile } from './agent-files';
import { type AgentSettings } from './agent-settings';
import { POD_LABELS } from './agent-values';
import {
  type AgentWarning,
  besideWebhookWarning,
  type NotificationFacts,
  notificationWarnings,
} from './agent-warnings';

/** Namespace of an agent that names none. */
const AGENT_NAMESPACE = 'gitlab-agent';

/** An agent that somebody else has registered and installed. */
export interface ExistingAgent {
  /** Name of the agent in GitLab. */
  readonly name: string;
  /**
   * Full path of the project with its configuration.
   *
   * @default - the GitOps project
   */
  readonly project?: string;
}

/** GitLab's agent on clusters: an immutable value, which several clusters may share. */
export class AgentDefinition {
  /**
   * An agent that exists. Nothing is written for it.
   *
   * @throws ValidationError when the name is none of an agent
   */
  public static existing(agent: ExistingAgent): AgentDefinition {
    checkDnsLabel('agent', ['existing', 'name'], agent.name);
    return new AgentDefinition({}, agent);
  }

  /** @throws ValidationError when GitLab or Kubernetes would refuse it */
  constructor(
    /** How the agent is registered, configured and installed. */
    public readonly settings: AgentSettings = {},
    /** The agent of somebody else; undefined for one that is made. */
    public readonly existingAgent?: ExistingAgent,
  ) {
    checkAgentSettings(settings);
  }

  /** Namespace of the agent. */
  public get namespace(): string {
    return this.settings.namespace ?? AGENT_NAMESPACE;
  }

  /** Name of the agent in GitLab. */
  public nameOn(cluster: Cluster): string {
    return this.existingAgent?.name ?? this.settings.name ?? cluster.name;
  }

  /**
   * Changes to the cluster's Flux: only the agent reaches its receivers.
   *
   * @param networkPolicy - whether Flux has NetworkPolicies at all
   * @throws ValidationError when it has none, and only the agent is to reach its receivers
   */
  public fluxPatches(cluster: Cluster, networkPolicy = true): readonly FluxPatch[] {
    const restricts = this.existingAgent === undefined && this.settings.restrictReceivers !== false;
    if (!restricts || cluster.trigger.type !== 'agent') return [];
    if (!networkPolicy) {
      if (this.settings.restrictReceivers === undefined) return [];
      const want =
        'false or nothing with `flux.networkPolicy: false`: Flux then has no NetworkPolicy that keeps others out';
      const prop = ['agent', 'restrictReceivers'];
      throw new ValidationError({ at: { cluster: cluster.name }, prop, got: true, want });
    }
    return [FluxPatch.receiverAccess([{ namespace: this.namespace, podLabels: POD_LABELS }])];
  }

  /**
   * Refuses a spoke that it would tell Flux nothing about, because the hub's stack does not know its spokes and so gives
   * it no rights for the sources of each, and one whose namespace on the hub is its own.
   *
   * @param hub - the hub, which has the agent
   */
  public checkSpoke(spoke: Cluster, hub: Cluster): void {
    const at = { cluster: spoke.name };
    if (this.existingAgent !== undefined) return;
    if (spoke.name === this.namespace) {
      const want = `another name: on the hub "${hub.name}" the namespace of this name belongs to its agent`;
      throw new ValidationError({ at, prop: 'name', got: spoke.name, want });
    }
    if (hub.trigger.type === 'agent' && this.settings.sources !== 'cluster') {
      const want =
        'a hub with `agent: { sources: cluster }`: its agent would tell Flux nothing about the sources of spokes';
      throw new ValidationError({ at, prop: 'hub', got: hub.name, want });
    }
  }

  /**
   * Its files in the GitOps repository, which holds its configuration too.
   *
   * @throws ValidationError when it does not fit the cluster or the project
   */
  public files(layout: ClusterLayout): FileTree {
    if (this.existingAgent !== undefined) return FileTree.EMPTY;
    const configuration = this.configurationFile(layout.cluster, layout.repository.path);
    return FileTree.merge([configuration, this.clusterFiles(layout)]);
  }

  /**
   * Why pushes would not, or twice, reach Flux.
   *
   * @param more - project of the configuration, and what else calls Flux
   */
  public warnings(
    layout: ClusterLayout,
    more: Pick<NotificationFacts, 'isPublic' | 'otherReceivers'> & { readonly configProject?: string } = {},
  ): readonly AgentWarning[] {
    const { cluster, target, repository } = layout;
    const gitlabUrl = this.settings.externalUrl ?? repository.url;
    const configProject = more.configProject ?? this.existingAgent?.project ?? repository.path;
    if (cluster.trigger.type === 'webhook') {
      const hears = configProject === repository.path || more.isPublic === true;
      const notifies = hears && this.mayMakeReceivers && isOnGitLab(repository.url, gitlabUrl);
      return notifies ? [besideWebhookWarning(this.nameOn(cluster))] : [];
    }
    if (cluster.trigger.type !== 'agent') return [];
    return notificationWarnings({
      gitlabUrl,
      configProject,
      gitOpsProject: repository.path,
      isPublic: more.isPublic,
      sources: layout.sources,
      controllers: target.controllers,
      otherReceivers: more.otherReceivers,
    });
  }

  /** With another trigger an agent gets no rights for it. What an agent of somebody else may do is not known. */
  private get mayMakeReceivers(): boolean {
    const { permissions = [] } = this.settings;
    const isAdmin = permissions.some(
      ({ to = 'agent', clusterRole, namespaces }) =>
        to === 'agent' && clusterRole === 'cluster-admin' && namespaces === undefined,
    );
    return this.existingAgent !== undefined || isAdmin;
  }

  /**
   * The file with its configuration.
   *
   * @param projectPath - full path of the project that holds the file
   * @throws ValidationError when it names projects that the project may not share the agent with
   */
  public configurationFile(cluster: Cluster, projectPath: string): FileTree {
    const name = this.nameOn(cluster);
    checkDnsLabel({ cluster: cluster.name }, ['agent', 'name'], name);
    checkConfigurationProject({ cluster: cluster.name }, this.settings.configuration ?? {}, projectPath);
    return agentConfigurationFile(name, this.settings);
  }

  /**
   * The files with its Flux objects; none when Terraform installs it.
   *
   * @throws ValidationError when something else on the cluster has its namespace
   */
  public clusterFiles(layout: ClusterLayout): FileTree {
    const { namespace, settings } = this;
    checkAgentOnCluster(layout.cluster, namespace);
    if (settings.installation === 'terraform') return FileTree.EMPTY;
    return agentClusterFiles({ layout, namespace, settings });
  }
}
