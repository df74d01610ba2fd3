import { z } from 'zod';

import { choice, flag, listOf, mapOf, text, wholeNumber } from './fields';

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
const yes = (description: string): z.ZodOptional<z.ZodLiteral<true>> => z.literal(true).meta({ description }).optional();

const accessAs = z
  .strictObject({
    agent: yes("As the agent, with the agent's rights."),
    ciJob: yes('As the job: user `gitlab:ci_job:<id>`. Premium.'),
    impersonate: z
      .strictObject({
        username: text('Name of the user, or `system:serviceaccount:<namespace>:<name>`.'),
        groups: listOf('Its groups.', z.string()).optional(),
        uid: text('Its UID.').optional(),
        extra: mapOf('More about it, by key.', z.array(z.string())).optional(),
      })
      .meta({ description: 'As a user or account that is written here. Premium.' })
      .optional(),
  })
  .meta({ description: 'As whom jobs act: exactly one of the keys. By default as the agent.', minProperties: 1, maxProperties: 1 });

const entry = z
  .strictObject({
    id: text('Full path.', { examples: ['platform/fleet'] }),
    defaultNamespace: text('Namespace of the context that jobs get. It is no border.').optional(),
    environments: listOf('Only jobs for these environments. By default all jobs.', z.string(), {
      examples: [['prod', 'review/*']],
    }).optional(),
    protectedBranchesOnly: flag('Only jobs on protected branches.', false).optional(),
    accessAs: accessAs.optional(),
    resourceManagement: flag('GitLab creates objects for environments. Premium.', false).optional(),
  })
  .meta({ description: 'A project or group, and how its jobs use the agent.' });

const entries = (what: string): z.ZodOptional<z.ZodArray<typeof entry>> =>
  listOf(`${what} whose CI jobs may use the agent.`, entry, { maxItems: 500 }).optional();
const paths = (what: string): z.ZodOptional<z.ZodArray<z.ZodString>> =>
  listOf(`Full paths of the ${what} whose members may.`, z.string(), { maxItems: 500 }).optional();

const scanResources = z
  .strictObject({
    cpu: text('CPU.', { examples: ['200m'] }).optional(),
    memory: text('Memory.', { examples: ['200Mi'] }).optional(),
    ephemeralStorage: text('Disk.', { examples: ['1Gi'] }).optional(),
  })
  .meta({ description: 'CPU, memory and disk.' });

const containerScanning = z
  .strictObject({
    cadence: text('When, as a cron expression.', { examples: ['0 0 * * *'] }).optional(),
    namespaces: listOf('Namespaces to scan. By default all.', z.string()).optional(),
    resourceTypes: listOf('Kinds of workloads to scan. By default all.', z.string()).optional(),
    resourceRequirements: z
      .strictObject({ requests: scanResources.optional(), limits: scanResources.optional() })
      .meta({ description: 'What a scan gets and may take.' })
      .optional(),
    scannerImage: text("Image of the scanner, without tag. By default GitLab's.").optional(),
    scannerTimeout: text('How long a scan may take.', { examples: ['3600s'] }).optional(),
    reportMaxSize: wholeNumber('How large a report may be, in bytes.', 1).optional(),
    deleteReportArtifact: z.boolean().meta({ description: 'The agent deletes the report once GitLab has it.' }).optional(),
    severityThreshold: choice('The least severity that is reported.', ['UNKNOWN', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL']).optional(),
  })
  .meta({ description: 'Scans of running images. Ultimate. The scanner reads Secrets in the whole cluster.' });

const quantities = z
  .strictObject({ cpu: text('CPU.').optional(), memory: text('Memory.').optional() })
  .meta({ description: 'CPU and memory.' });
const workspaceResources = (description: string): z.ZodOptional<z.ZodObject> =>
  z
    .strictObject({ requests: quantities.optional(), limits: quantities.optional() })
    .meta({ description }).optional();

const remoteDevelopment = z
  .strictObject({
    enabled: z.boolean().meta({ description: 'Workspaces can be made.' }),
    dnsZone: text('DNS zone of the workspaces.', { examples: ['workspaces.example.com'] }),
    proxyNamespace: text("Namespace of GitLab's workspaces proxy.", { default: 'gitlab-workspaces' }).optional(),
    networkPolicy: z
      .strictObject({
        enabled: flag('There is one.', true).optional(),
        egress: listOf(
          'What workspaces may reach.',
          z.strictObject({ allow: text('A range.', { examples: ['0.0.0.0/0'] }), except: listOf('Ranges in it that workspaces may not reach.', z.string()).optional() }),
        ).optional(),
      })
      .meta({ description: 'What workspaces may reach.' })
      .optional(),
    defaultResourcesPerWorkspaceContainer: workspaceResources('CPU and memory of each container.'),
    maxResourcesPerWorkspace: workspaceResources('What a workspace may have at most.'),
    workspacesQuota: wholeNumber('How many workspaces there may be; -1 for any number.', -1, { default: -1 }).optional(),
    workspacesPerUserQuota: wholeNumber('How many workspaces one person may have.', -1, { default: -1 }).optional(),
    useKubernetesUserNamespaces: flag('Workspaces have user namespaces.', false).optional(),
    defaultRuntimeClass: text('RuntimeClass of workspaces.').optional(),
    allowPrivilegeEscalation: flag('A process may get more rights than its parent.', false).optional(),
    imagePullSecrets: listOf('Secrets to pull images with.', z.strictObject({ name: text('Name.'), namespace: text('Namespace.') })).optional(),
    annotations: mapOf("Annotations of the workspaces' objects.", z.string()).optional(),
    labels: mapOf("Labels of the workspaces' objects.", z.string()).optional(),
    maxActiveHoursBeforeStop: wholeNumber('After how many hours a workspace is stopped.', 1, { default: 36 }).optional(),
    maxStoppedHoursBeforeTermination: wholeNumber('After how many hours a stopped workspace is removed.', 1, {
      default: 744,
    }).optional(),
    sharedNamespace: text('One namespace for all workspaces.').optional(),
  })
  .meta({ description: 'Workspaces. Premium. The agent needs far-reaching rights for them: see `permissions`.' });

/** What an agent is told by its configuration file. */
export const agentConfiguration = z
  .strictObject({
    ciAccess: z
      .strictObject({ projects: entries('Projects'), groups: entries('Groups') })
      .meta({ description: 'Which CI jobs may use the agent. Those of the project with the configuration always may.' })
      .optional(),
    userAccess: z
      .strictObject({
        accessAs: choice("As whom people act: with the agent's rights, or as themselves (Premium).", ['agent', 'user'], {
          default: 'agent',
        }).optional(),
        projects: paths('projects'),
        groups: paths('groups'),
      })
      .meta({ description: 'Which people may reach the cluster through GitLab.' })
      .optional(),
    instanceWide: flag('The lists may name projects outside of the top-level group. Self-managed GitLab only.', false).optional(),
    webhookReceiverUrl: text("Where the agent finds Flux's receivers.").optional(),
    observability: z
      .strictObject({
        logLevel: choice('How much the agent logs.', LEVELS, { default: 'info' }).optional(),
        grpcLogLevel: choice('How much the agent logs about its connection to GitLab.', LEVELS, { default: 'error' }).optional(),
        googleProfiler: z
          .strictObject({
            enabled: z.boolean().meta({ description: 'It is on.' }),
            projectId: text('Project of Google Cloud.').optional(),
            credentialsFile: text("Path of a file in the agent's Pod. By default the Pod's workload identity.").optional(),
            debugLogging: flag('It logs what it does.', false).optional(),
          })
          .meta({ description: 'Google Cloud Profiler.' })
          .optional(),
      })
      .meta({ description: 'What the agent logs, and its profiler.' })
      .optional(),
    containerScanning: containerScanning.optional(),
    remoteDevelopment: remoteDevelopment.optional(),
  })
  .meta({
    title: 'Agent configuration',
    description: 'What the agent is told by `.gitlab/agents/<name>/config.yaml`.',
    examples: [{ ciAccess: { projects: [{ id: 'platform/fleet', protectedBranchesOnly: true }] } }],
  });
