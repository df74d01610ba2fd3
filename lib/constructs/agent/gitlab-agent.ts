import { Annotations, type ITerraformDependable, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';

import { AgentDefinition } from '../../model/agent/agent-definition';
import { type AgentSettings } from '../../model/agent/agent-settings';
import { agentNames, TOKEN_KEY } from '../../model/agent/agent-values';
import { type Cluster } from '../../model/cluster/cluster';
import { ClusterConnection } from '../../model/cluster/cluster-connection';
import { ClusterLayout } from '../../model/layout/cluster-layout';
import { checkDnsLabel } from '../../model/manifest/kubernetes-name';
import { ValidationError } from '../../model/validation-error';
import { type ClusterAccess } from '../cluster/cluster-access';
import { type IFlux } from '../flux/i-flux';
import { GitLabConnection } from '../repository/gitlab-provider';
import { type IGitLabProject } from '../repository/i-gitlab-project';
import { ClusterAgent, SecretV1 } from '../terraform/resources';
import { AgentEnvironment } from './agent-environment';
import { AgentNamespace } from './agent-namespace';
import { AgentRegistry } from './agent-registry';
import { AgentTokens } from './agent-tokens';
import { FluxAgentRelease } from './flux-agent-release';
import { type IGitLabAgent } from './i-gitlab-agent';
import { kasAddressOf } from './kas-address';
import { TerraformAgentRelease } from './terraform-agent-release';

/** What describes a {@link GitLabAgent}. */
export interface GitLabAgentProps extends AgentSettings {
  /** The cluster. */
  readonly cluster: Cluster;
  /** The project with the GitOps repository. */
  readonly project: IGitLabProject;
  /** The providers for the cluster. */
  readonly access: ClusterAccess;
  /**
   * The Flux on the cluster. Without it the agent is for CI jobs and people only, and `installation` is `terraform`.
   *
   * @default - the cluster has no Flux
   */
  readonly flux?: IFlux;
  /**
   * The project with the agent's configuration. GitLab reads it from the default branch.
   *
   * @default - the GitOps project, the only one that works when that is private
   */
  readonly configProject?: IGitLabProject;
  /**
   * Whether everybody can read the GitOps project.
   *
   * @default - not known, taken for no
   */
  readonly isPublic?: boolean;
  /**
   * What else calls Flux for the same sources, for a warning.
   *
   * @default - other agents on the cluster
   */
  readonly otherReceivers?: readonly string[];
}

/** What names an agent that exists. */
export interface GitLabAgentAttributes {
  /** Name of the agent in GitLab. */
  readonly name: string;
  /** Full path of the project with its configuration. */
  readonly configProject: string;
  /** Id of the agent in GitLab. */
  readonly agentId?: number;
}

abstract class GitLabAgentBase extends Construct implements IGitLabAgent {
  public abstract readonly agentName: string;
  public abstract readonly configProject: string;
  public abstract readonly agentId: number | undefined;

  public get kubernetesContext(): string {
    return `${this.configProject}:${this.agentName}`;
  }

  public get connection(): ClusterConnection {
    return ClusterConnection.gitLabAgent({ project: this.configProject, agent: this.agentName });
  }
}

/**
 * GitLab's agent on a cluster: registered, configured, installed with the least rights, and shown in GitLab.
 *
 * With the trigger `agent` it tells Flux about each push. It comes after Flux, and goes before it.
 *
 * @see https://docs.gitlab.com/user/clusters/agent/
 */
export class GitLabAgent extends GitLabAgentBase {
  /**
   * An agent that somebody else has made. Nothing is written for it.
   *
   * @param attributes - its name and the project with its configuration
   * @throws ValidationError when the name is none of an agent
   */
  public static fromAttributes(scope: Construct, id: string, attributes: GitLabAgentAttributes): IGitLabAgent {
    checkDnsLabel(`${scope.node.path}/${id}`, 'name', attributes.name);
    return new FoundGitLabAgent(scope, id, attributes);
  }

  /** Name of the agent in GitLab. */
  public readonly agentName: string;
  /** Full path of the project with its configuration. */
  public readonly configProject: string;
  /** Id of the agent in GitLab. */
  public readonly agentId: number;
  /** Terraform is done with the agent. When Flux installs it, its Pods may still be on their way. */
  public readonly ready: ITerraformDependable;
  private readonly definition: AgentDefinition;

  /**
   * @param props - the cluster, the project, the Flux, and how the agent is
   * @throws ValidationError when GitLab or Kubernetes would refuse it, it has no Flux that could install it, or
   * something else on the cluster has its namespace
   */
  constructor(scope: Construct, id: string, props: GitLabAgentProps) {
    super(scope, id);
    const { cluster, project, access, flux, configProject = project } = props;
    this.definition = new AgentDefinition(props);
    this.agentName = this.definition.nameOn(cluster);
    this.configProject = configProject.path;
    this.checkInstallation(props);
    this.register(props);

    const names = agentNames(this.definition.namespace);
    const { provider } = GitLabConnection.of(this, configProject.url);
    configProject.write(this, this.definition.configurationFile(cluster, configProject.path));
    const agent = new ClusterAgent(this, 'Resource', {
      provider,
      project: projectArgument(this, configProject),
      name: this.agentName,
    });
    this.agentId = agent.agentId;
    const { active } = new AgentTokens(this, 'Tokens', { agent, provider, token: props.token });

    const namespace = new AgentNamespace(this, 'Namespace', { access, names, settings: props, flux }).release;
    const secret = new SecretV1(this, 'Token', {
      provider: access.kubernetes,
      dependsOn: [namespace],
      metadata: { name: names.tokenSecret, namespace: names.namespace },
      dataWo: { [TOKEN_KEY]: active.token },
      dataWoRevision: active.tokenId,
      lifecycle: { ignoreChanges: ['metadata[0].labels', 'metadata[0].annotations'] },
    });
    const kas = kasAddressOf(this, provider, props.kasAddress);
    const token = { id: active.tokenId, secret };
    const release = { access, names, settings: props, kas, token };
    if (flux === undefined || props.installation === 'terraform') {
      const installed = new TerraformAgentRelease(this, 'Release', { ...release, namespace, project, cluster, flux });
      this.ready = installed.ready;
    } else {
      flux.requires(namespace);
      const layout = new ClusterLayout({ cluster, target: flux.target, repository: project });
      flux.requires(project.write(this, this.definition.clusterFiles(layout)));
      const installed = new FluxAgentRelease(this, 'Release', { ...release, namespace, flux });
      this.ready = installed.ready;
    }
    if (props.dashboard !== false) {
      new AgentEnvironment(this, 'Environment', {
        provider,
        project: projectArgument(this, project),
        cluster,
        agent,
        dashboard: props.dashboard ?? {},
        hasFlux: flux !== undefined,
        dependsOn: [this.ready],
      });
    }
  }

  private checkInstallation({ flux, installation, cluster }: GitLabAgentProps): void {
    if (flux === undefined && installation !== 'terraform') {
      throw new ValidationError({
        at: this.node.path,
        prop: 'installation',
        got: installation,
        want: "'terraform', or `flux`: without Flux on the cluster nothing else can install the agent",
      });
    }
    if (flux === undefined && cluster.trigger.type === 'agent') {
      throw new ValidationError({
        at: this.node.path,
        prop: 'flux',
        want: `the Flux of cluster "${cluster.name}", because its trigger is the agent`,
      });
    }
  }

  private register(props: GitLabAgentProps): void {
    const { cluster, project, flux, isPublic, otherReceivers } = props;
    const { namespace } = this.definition;
    const notifies = cluster.trigger.type === 'agent';
    const { path } = this.node;
    const others = AgentRegistry.of(this).add(cluster.name, { path, name: this.agentName, namespace, notifies });
    if (flux === undefined) return;
    const agents = others.filter((other) => other.notifies).map(({ name }) => `agent "${name}"`);
    const layout = new ClusterLayout({ cluster, target: flux.target, repository: project });
    const { configProject } = this;
    const more = { configProject, isPublic, otherReceivers: [...agents, ...(otherReceivers ?? [])] };
    if (notifies && props.restrictReceivers !== false && flux.target.restrictsReceivers !== true) {
      const message = `everybody on the cluster reaches Flux's receivers: give the Flux of cluster "${cluster.name}" the patches of new AgentDefinition(settings).fluxPatches(cluster), or set restrictReceivers to false`;
      Annotations.of(this).addWarning(message);
    }
    for (const { message } of this.definition.warnings(layout, more)) {
      Annotations.of(this).addWarning(message);
    }
  }
}

class FoundGitLabAgent extends GitLabAgentBase {
  public readonly agentName: string;
  public readonly configProject: string;
  public readonly agentId: number | undefined;

  constructor(scope: Construct, id: string, { name, configProject, agentId }: GitLabAgentAttributes) {
    super(scope, id);
    this.agentName = name;
    this.configProject = configProject;
    this.agentId = agentId;
  }
}

/** Another stack must not refer to the resource of a project: it could not be deployed without it. */
function projectArgument(scope: Construct, project: IGitLabProject): string {
  return TerraformStack.of(scope) === TerraformStack.of(project) ? project.projectId : project.path;
}
