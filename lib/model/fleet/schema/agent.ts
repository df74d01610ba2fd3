import { z } from 'zod';

import { agentConfiguration } from './agent-configuration';
import { choice, DNS_LABEL, flag, listOf, mapOf, text, wholeNumber } from './fields';
import { toleration } from './flux-patch';

const permission = z
  .strictObject({
    to: z
      .union([
        z.literal('agent'),
        z.strictObject({ group: text('Name of a group.', { examples: ['gitlab:ci_job'] }) }),
        z.strictObject({ user: text('Name of a user.') }),
      ])
      .meta({ description: "Who gets the rights: the agent's own account, a group or a user.", default: 'agent' })
      .optional(),
    clusterRole: text('Name of a ClusterRole that exists on the cluster.', { examples: ['view', 'edit'] }),
    namespaces: listOf('Namespaces in which the rights count. By default the whole cluster.', z.string()).optional(),
  })
  .meta({ description: 'Rights of those who come through the agent.' });

const token = z
  .strictObject({
    active: choice('The slot with the token that the agent uses.', ['a', 'b'], { default: 'a' }).optional(),
    retain: flag('The other slot has a token too: before and after the switch to it.', false).optional(),
  })
  .meta({
    description: 'The tokens of the agent. To replace one, deploy three times: `retain`, another `active`, without `retain`.',
    examples: [{ active: 'b', retain: true }],
  });

const dashboard = z
  .union([
    z.literal(false),
    z.strictObject({
      name: text('Name of the environment. By default environment and name of the cluster.', { examples: ['dev/uni-dev'] }).optional(),
      tier: choice("Tier of the environment. By default as the name of the cluster's environment suggests.", [
        'production',
        'staging',
        'testing',
        'development',
        'other',
      ]).optional(),
      namespace: text('Namespace whose workloads are shown.', { default: 'flux-system' }).optional(),
      fluxResourcePath: text('The Flux object whose state is shown. By default the root Kustomization.').optional(),
    }),
  ])
  .meta({ description: 'The environment in GitLab that shows the cluster; false for none. `userAccess` says who sees something there.' });

const resources = z
  .strictObject({
    requests: mapOf('What a Pod gets.', z.string(), { examples: [{ cpu: '20m', memory: '64Mi' }] }).optional(),
    limits: mapOf('What a Pod may take.', z.string(), { examples: [{ memory: '256Mi' }] }).optional(),
  })
  .meta({ description: "CPU and memory of the agent's Pods." });

const existing = z
  .strictObject({
    name: text('Name of the agent in GitLab.', { pattern: DNS_LABEL }),
    project: text('Full path of the project with its configuration. By default the GitOps project.').optional(),
  })
  .meta({ description: 'An agent that somebody else has registered and installed. No other key is given then.' });

/** GitLab's agent, as one of fleet, environment and cluster says it. */
export const agentLayer = z
  .strictObject({
    existing: existing.optional(),
    name: text("Name of the agent in GitLab. By default the cluster's.", { pattern: DNS_LABEL }).optional(),
    namespace: text('Namespace that the agent has for itself.', { pattern: DNS_LABEL, default: 'gitlab-agent' }).optional(),
    configuration: agentConfiguration.optional(),
    permissions: listOf('Rights of those who come through the agent. By default none.', permission, {
      examples: [[{ to: { group: 'gitlab:ci_job' }, clusterRole: 'edit', namespaces: ['apps'] }]],
    }).optional(),
    sources: choice(
      'For which sources the agent may make receivers. `fleet`: those that this program writes. `cluster`: whatever there is; that takes writing Secrets everywhere.',
      ['fleet', 'cluster'],
      { default: 'fleet' },
    ).optional(),
    restrictReceivers: flag("Only the agent reaches Flux's receivers.", true).optional(),
    externalUrl: text("Address by which GitLab calls itself. By default that of the project's GitLab.").optional(),
    installation: choice('How the agent is installed: by Flux from Git, or by Terraform.', ['flux', 'terraform'], {
      default: 'flux',
    }).optional(),
    chartVersion: text('Version of the chart `gitlab-agent`, or a range of versions.', { default: '2.29.0' }).optional(),
    chartRepository: text("Address of the chart's repository: `https://…`, or `oci://…` without the chart's name.", { default: 'https://charts.gitlab.io' }).optional(),
    imageTag: text("Version of the agent: at most one minor version away from GitLab's. By default that of the chart.", {
      examples: ['v18.6.1'],
    }).optional(),
    image: text("The agent's image without tag, for example in a mirror. By default that of the chart.").optional(),
    imagePullSecrets: listOf("Names of Secrets in the agent's namespace to pull its image with, and that of the Job that removes it.", z.string()).optional(),
    jobImage: text('Image with `kubectl` and `sh` for the Job that has Flux remove the agent.', { default: 'ghcr.io/fluxcd/flux-cli:v2.9.4' }).optional(),
    nodeSelector: mapOf('Labels of the nodes that the agent, and the Job that removes it, may run on.', z.string()).optional(),
    tolerations: listOf('Taints that the agent, and the Job that removes it, tolerate.', toleration).optional(),
    replicas: wholeNumber('How many Pods; one works, the others wait.', 1, { default: 2 }).optional(),
    resources: resources.optional(),
    podSecurity: choice('The Pod Security Standard that the namespace enforces.', ['restricted', 'baseline', 'privileged'], {
      default: 'restricted',
    }).optional(),
    kasAddress: text("Address of GitLab's agent server (KAS). By default GitLab is asked.", {
      examples: ['wss://kas.gitlab.example.com', 'wss://gitlab.example.com/-/kubernetes-agent/'],
    }).optional(),
    token: token.optional(),
    dashboard: dashboard.optional(),
  })
  .meta({
    id: 'Agent',
    title: 'Agent',
    description:
      "GitLab's agent on the cluster. With the trigger `agent` there is one in any case; with another trigger it is for CI jobs and people.",
    examples: [{ configuration: { ciAccess: { projects: [{ id: 'platform/fleet' }] } } }, { existing: { name: 'uni-dev' } }],
  });

/** GitLab's agent as a file says it. */
export type AgentInput = z.output<typeof agentLayer>;
