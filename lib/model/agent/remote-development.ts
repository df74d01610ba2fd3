/** CPU and memory of a workspace, as Kubernetes writes them. */
export interface WorkspaceResources {
  /**
   * What it gets.
   *
   * @default - nothing is promised
   */
  readonly requests?: { readonly cpu?: string; readonly memory?: string };
  /**
   * What it may take.
   *
   * @default - no limit
   */
  readonly limits?: { readonly cpu?: string; readonly memory?: string };
}

/**
 * Workspaces: development environments on the cluster. Premium. The agent then needs far-reaching rights, which
 * `permissions` has to name.
 *
 * @see https://docs.gitlab.com/user/workspace/settings/
 */
export interface RemoteDevelopment {
  /** Whether workspaces can be made. */
  readonly enabled: boolean;
  /** DNS zone of the workspaces: `workspaces.example.com`. */
  readonly dnsZone: string;
  /**
   * Namespace of GitLab's workspaces proxy.
   *
   * @default 'gitlab-workspaces'
   */
  readonly proxyNamespace?: string;
  /**
   * What workspaces may reach.
   *
   * @default - the internet, not the cluster
   */
  readonly networkPolicy?: {
    readonly enabled?: boolean;
    readonly egress?: readonly { readonly allow: string; readonly except?: readonly string[] }[];
  };
  /** CPU and memory of each container. */
  readonly defaultResourcesPerWorkspaceContainer?: WorkspaceResources;
  /**
   * What a workspace may have at most.
   *
   * @default - no limit
   */
  readonly maxResourcesPerWorkspace?: WorkspaceResources;
  /**
   * How many workspaces there may be; -1 for any number.
   *
   * @default -1
   */
  readonly workspacesQuota?: number;
  /**
   * How many workspaces one person may have; -1 for any number.
   *
   * @default -1
   */
  readonly workspacesPerUserQuota?: number;
  /**
   * Whether workspaces have user namespaces of Kubernetes.
   *
   * @default false
   */
  readonly useKubernetesUserNamespaces?: boolean;
  /**
   * RuntimeClass of workspaces.
   *
   * @default - the cluster's
   */
  readonly defaultRuntimeClass?: string;
  /**
   * Whether a process may get more rights than its parent.
   *
   * @default false
   */
  readonly allowPrivilegeEscalation?: boolean;
  /** Secrets to pull images with. */
  readonly imagePullSecrets?: readonly { readonly name: string; readonly namespace: string }[];
  /** Annotations of the workspaces' objects. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Labels of the workspaces' objects. */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * After how many hours a workspace is stopped.
   *
   * @default 36
   */
  readonly maxActiveHoursBeforeStop?: number;
  /**
   * After how many hours a stopped workspace is removed.
   *
   * @default 744
   */
  readonly maxStoppedHoursBeforeTermination?: number;
  /**
   * One namespace for all workspaces. GitLab 18.0 and newer.
   *
   * @default - a namespace for each
   */
  readonly sharedNamespace?: string;
}

/** `remote_development` of the file. */
export function remoteDevelopmentFields(workspaces: RemoteDevelopment): object {
  const { proxyNamespace, networkPolicy, imagePullSecrets } = workspaces;
  return {
    enabled: workspaces.enabled,
    dns_zone: workspaces.dnsZone,
    gitlab_workspaces_proxy: proxyNamespace === undefined ? undefined : { namespace: proxyNamespace },
    network_policy: networkPolicy && {
      enabled: networkPolicy.enabled,
      egress: networkPolicy.egress?.map(({ allow, except }) => ({ allow, except })),
    },
    default_resources_per_workspace_container: resourceFields(workspaces.defaultResourcesPerWorkspaceContainer),
    max_resources_per_workspace: resourceFields(workspaces.maxResourcesPerWorkspace),
    workspaces_quota: workspaces.workspacesQuota,
    workspaces_per_user_quota: workspaces.workspacesPerUserQuota,
    use_kubernetes_user_namespaces: workspaces.useKubernetesUserNamespaces,
    default_runtime_class: workspaces.defaultRuntimeClass,
    allow_privilege_escalation: workspaces.allowPrivilegeEscalation,
    image_pull_secrets: imagePullSecrets?.map(({ name, namespace }) => ({ name, namespace })),
    annotations: workspaces.annotations,
    labels: workspaces.labels,
    max_active_hours_before_stop: workspaces.maxActiveHoursBeforeStop,
    max_stopped_hours_before_termination: workspaces.maxStoppedHoursBeforeTermination,
    shared_namespace: workspaces.sharedNamespace,
  };
}

function resourceFields(resources: WorkspaceResources | undefined): object | undefined {
  const pair = (values: WorkspaceResources['limits']): object | undefined =>
    values && { cpu: values.cpu, memory: values.memory };
  return resources && { requests: pair(resources.requests), limits: pair(resources.limits) };
}
