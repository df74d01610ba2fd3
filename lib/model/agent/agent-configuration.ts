import { checkAll } from '../check-all';
import { type ErrorThing } from '../error-place';
import { checkImageWithoutTag } from '../manifest/container-image';
import { toYaml } from '../manifest/yaml';
import { checkTopLevelGroup } from './access-list';
import { checkCiAccess, type CiAccess, ciAccessFields } from './ci-access';
import { type ContainerScanning, containerScanningFields } from './container-scanning';
import { type RemoteDevelopment, remoteDevelopmentFields } from './remote-development';
import { checkUserAccess, type UserAccess, userAccessFields } from './user-access';

/** What the agent logs, and its profiler. All editions. */
export interface AgentObservability {
  /**
   * How much the agent logs.
   *
   * @default 'info'
   */
  readonly logLevel?: 'debug' | 'info' | 'warn' | 'error';
  /**
   * How much the agent logs about its connection to GitLab.
   *
   * @default 'error'
   */
  readonly grpcLogLevel?: 'debug' | 'info' | 'warn' | 'error';
  /** Google Cloud Profiler. */
  readonly googleProfiler?: {
    readonly enabled: boolean;
    readonly projectId?: string;
    readonly credentialsFile?: string;
    readonly debugLogging?: boolean;
  };
}

/**
 * What an agent is told by `.gitlab/agents/<name>/config.yaml`.
 *
 * GitLab refuses the whole file for one key that it does not know, so there is no way to write another key than those
 * that exist.
 *
 * @see https://docs.gitlab.com/user/clusters/agent/work_with_agent/#configure-your-agent
 */
export interface AgentConfiguration {
  /**
   * Which CI jobs may use the agent.
   *
   * @default - those of the project with the configuration
   */
  readonly ciAccess?: CiAccess;
  /**
   * Which people may reach the cluster through GitLab; the dashboard of the environment needs it.
   *
   * @default - nobody
   */
  readonly userAccess?: UserAccess;
  /**
   * Whether the lists may name projects and groups outside of the top-level group of the project with the
   * configuration. Self-managed only: an administrator has to turn on authorization for the whole instance.
   *
   * @default false
   */
  readonly instanceWide?: boolean;
  /**
   * Where the agent finds Flux's receivers. All editions.
   *
   * @default - `webhook-receiver` in `flux-system`
   */
  readonly webhookReceiverUrl?: string;
  /**
   * What the agent logs.
   *
   * @default - GitLab's
   */
  readonly observability?: AgentObservability;
  /** Scans of running images. Ultimate. */
  readonly containerScanning?: ContainerScanning;
  /** Workspaces. Premium. */
  readonly remoteDevelopment?: RemoteDevelopment;
}

/** Refuses a configuration that GitLab would refuse. */
export function checkAgentConfiguration(at: ErrorThing, configuration: AgentConfiguration): void {
  const { ciAccess, userAccess, containerScanning } = configuration;
  checkAll(
    () => {
      if (ciAccess !== undefined) checkCiAccess(at, ciAccess);
    },
    () => {
      if (userAccess !== undefined) checkUserAccess(at, userAccess);
    },
    () =>
      checkImageWithoutTag(at, ['configuration', 'containerScanning', 'scannerImage'], containerScanning?.scannerImage),
  );
}

/**
 * Refuses access from outside of the top-level group of the project with the configuration.
 *
 * @param configProject - full path of the project with the configuration
 */
export function checkConfigurationProject(
  at: ErrorThing,
  configuration: AgentConfiguration,
  configProject: string,
): void {
  const { ciAccess, userAccess, instanceWide } = configuration;
  if (instanceWide === true) return;
  for (const kind of ['projects', 'groups'] as const) {
    const jobs = ciAccess?.[kind]?.map(({ id }) => id);
    checkTopLevelGroup(at, ['agent', 'configuration', 'ciAccess', kind], jobs, configProject);
    checkTopLevelGroup(at, ['agent', 'configuration', 'userAccess', kind], userAccess?.[kind], configProject);
  }
}

/** The file as an object, by GitLab's names. What is undefined is left out when it is written. */
export function agentConfigurationFields(configuration: AgentConfiguration): object {
  const { ciAccess, userAccess, webhookReceiverUrl, observability } = configuration;
  const { containerScanning, remoteDevelopment } = configuration;
  return {
    ci_access: ciAccess && ciAccessFields(ciAccess),
    user_access: userAccess && userAccessFields(userAccess),
    flux: webhookReceiverUrl === undefined ? undefined : { webhook_receiver_url: webhookReceiverUrl },
    observability: observability && observabilityFields(observability),
    container_scanning: containerScanning && containerScanningFields(containerScanning),
    remote_development: remoteDevelopment && remoteDevelopmentFields(remoteDevelopment),
  };
}

/** The text of `.gitlab/agents/<name>/config.yaml`. */
export function agentConfigurationText(configuration: AgentConfiguration): string {
  return toYaml([agentConfigurationFields(configuration)]);
}

function observabilityFields({ logLevel, grpcLogLevel, googleProfiler }: AgentObservability): object {
  const logs = logLevel !== undefined || grpcLogLevel !== undefined;
  return {
    logging: logs ? { level: logLevel, grpc_level: grpcLogLevel } : undefined,
    google_profiler: googleProfiler && {
      enabled: googleProfiler.enabled,
      project_id: googleProfiler.projectId,
      credentials_file: googleProfiler.credentialsFile,
      debug_logging: googleProfiler.debugLogging,
    },
  };
}
