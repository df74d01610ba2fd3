import { type ResourceQuantities } from '../manifest/quantity';

/**
 * Operational container scanning: the agent scans the images of running workloads. Ultimate. The chart's scanner then
 * reads Secrets in the whole cluster, so it is off unless this is given.
 *
 * @see https://docs.gitlab.com/user/clusters/agent/vulnerabilities/
 */
export interface ContainerScanning {
  /**
   * When, as a cron expression: `0 0 * * *`.
   *
   * @default - a scan execution policy says it
   */
  readonly cadence?: string;
  /**
   * Namespaces to scan.
   *
   * @default - all
   */
  readonly namespaces?: readonly string[];
  /**
   * Kinds of workloads to scan. GitLab 17.9 and newer.
   *
   * @default - all that Trivy knows
   */
  readonly resourceTypes?: readonly string[];
  /**
   * What a scan gets and may take.
   *
   * @default - GitLab's
   */
  readonly resourceRequirements?: { readonly requests?: ResourceQuantities; readonly limits?: ResourceQuantities };
  /**
   * Image of the scanner, without tag, in a mirror.
   *
   * @default - GitLab's registry
   */
  readonly scannerImage?: string;
  /**
   * How long a scan may take: `3600s`. GitLab 17.7 and newer.
   *
   * @default - 5 minutes
   */
  readonly scannerTimeout?: string;
  /**
   * How large a report may be, in bytes. GitLab 17.7 and newer.
   *
   * @default - 100 MB
   */
  readonly reportMaxSize?: number;
  /**
   * Whether the agent deletes the report from the cluster once GitLab has it.
   *
   * @default - GitLab's
   */
  readonly deleteReportArtifact?: boolean;
  /**
   * The least severity that is reported.
   *
   * @default - all
   */
  readonly severityThreshold?: 'UNKNOWN' | 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL';
}

/** `container_scanning` of the file. */
export function containerScanningFields(scanning: ContainerScanning): object {
  const { namespaces, resourceTypes, resourceRequirements, scannerImage, reportMaxSize } = scanning;
  const isReported = namespaces !== undefined || resourceTypes !== undefined;
  return {
    cadence: scanning.cadence,
    vulnerability_report: isReported ? { namespaces, resource_types: resourceTypes } : undefined,
    resource_requirements: resourceRequirements && {
      requests: resourceRequirements.requests && resourceFields(resourceRequirements.requests),
      limits: resourceRequirements.limits && resourceFields(resourceRequirements.limits),
    },
    trivy_k8s_wrapper_image: scannerImage === undefined ? undefined : { repository: scannerImage },
    scanner_timeout: scanning.scannerTimeout,
    // GitLab writes this number as text, as all its 64 bit numbers.
    report_max_size: reportMaxSize?.toString(),
    delete_report_artifact: scanning.deleteReportArtifact,
    severity_threshold: scanning.severityThreshold,
  };
}

function resourceFields({ cpu, memory, ephemeralStorage }: ResourceQuantities): object {
  return { cpu, memory, ephemeral_storage: ephemeralStorage };
}
