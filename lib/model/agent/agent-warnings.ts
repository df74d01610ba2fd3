import { type FluxController } from '../flux/patches/controllers';
import { type FluxSource, hostOf, isOnGitLab } from '../layout/flux-source';

/** What decides whether the agent can tell Flux about pushes. */
export interface NotificationFacts {
  /** Address of GitLab, as it calls itself. */
  readonly gitlabUrl: string;
  /** Full path of the project with the agent's configuration. */
  readonly configProject: string;
  /** Full path of the project with the GitOps repository. */
  readonly gitOpsProject: string;
  /** Whether everybody can read the GitOps project. */
  readonly isPublic?: boolean;
  /** The sources on the cluster. */
  readonly sources: readonly FluxSource[];
  /** The controllers that Flux has. */
  readonly controllers?: readonly FluxController[];
  /** What else calls Flux for the same sources: a webhook's receiver, another agent. */
  readonly otherReceivers?: readonly string[];
}

/** Why pushes would not, or twice, reach Flux. */
export interface AgentWarning {
  /** The reason, as one word for programs. */
  readonly reason: 'config-project' | 'host' | 'notification-controller' | 'receivers';
  /** The reason, for people. */
  readonly message: string;
}

/** Why pushes would not, or twice, reach Flux through the agent. Flux then still asks by itself, every ten minutes. */
export function notificationWarnings(facts: NotificationFacts): readonly AgentWarning[] {
  const { gitlabUrl, configProject, gitOpsProject, sources, controllers, otherReceivers = [] } = facts;
  const warnings: AgentWarning[] = [];
  const warn = (reason: AgentWarning['reason'], message: string): void => {
    warnings.push({ reason, message });
  };
  if (controllers !== undefined && !controllers.includes('notification-controller')) {
    warn(
      'notification-controller',
      "notification-controller is not among Flux's components: nothing receives what the agent says about pushes",
    );
  }
  if (configProject !== gitOpsProject && facts.isPublic !== true) {
    warn(
      'config-project',
      `the agent's configuration is in ${configProject}: GitLab tells it nothing about pushes to the private project ${gitOpsProject} (https://gitlab.com/gitlab-org/gitlab/-/issues/389393)`,
    );
  }
  for (const { name, namespace, url, isGitOps, isPrivate } of sources) {
    const source = `GitRepository ${namespace}/${name}`;
    if (!isOnGitLab(url, gitlabUrl)) {
      // Nobody expects news of another host; of the GitOps repository everybody does.
      if (isGitOps) {
        warn(
          'host',
          `${source} clones from ${hostOf(url) ?? url}, but GitLab calls itself ${hostOf(gitlabUrl) ?? gitlabUrl}: the agent passes it over`,
        );
      }
    } else if (!isGitOps && isPrivate && !url.replace(/\.git$/, '').endsWith(`/${configProject}`)) {
      warn(
        'config-project',
        `${source} clones a private project that is not ${configProject}, the one with the agent's configuration: GitLab tells the agent nothing about pushes to it`,
      );
    }
  }
  if (otherReceivers.length > 0) {
    warn(
      'receivers',
      `beside the agent, ${otherReceivers.join(' and ')} tells Flux about the same sources: each push arrives more than once`,
    );
  }
  return warnings;
}

/**
 * Why pushes would reach Flux twice on a cluster with the trigger `webhook`: an agent that may makes a receiver for each
 * source, whatever the trigger.
 *
 * @param agent - name of the agent in GitLab
 */
export function besideWebhookWarning(agent: string): AgentWarning {
  return {
    reason: 'receivers',
    message: `beside the trigger webhook, agent "${agent}" tells Flux about the same sources, unless it may not make receivers: each push arrives more than once`,
  };
}
