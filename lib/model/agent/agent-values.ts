import { type AgentSettings } from './agent-settings';

/** Key under which the Secret holds the token, as the chart wants it. */
export const TOKEN_KEY = 'token';
/** Annotation of the agent's Pods that changes with the token, so that they start again: agentk reads it only once. */
export const TOKEN_ANNOTATION = 'gitlab.com/agent-token-id';
/** The label by which the chart marks the agent's Pods. */
export const POD_LABELS = { 'app.kubernetes.io/name': 'gitlab-agent' } as const;

/** How the objects of an agent on the cluster are called. */
export interface AgentNames {
  /** Namespace, release, account and directory. */
  readonly namespace: string;
  /** Secret with the token. Terraform writes it. */
  readonly tokenSecret: string;
  /** ConfigMap with the values that are in Git. */
  readonly valuesConfigMap: string;
  /** ConfigMap with the values that only Terraform knows. Terraform writes it. */
  readonly terraformConfigMap: string;
}

/** The names of an agent's objects on the cluster. */
export function agentNames(namespace: string): AgentNames {
  return {
    namespace,
    tokenSecret: 'gitlab-agent-token',
    valuesConfigMap: `${namespace}-config`,
    terraformConfigMap: `${namespace}-terraform`,
  };
}

/**
 * The values of the chart `gitlab-agent`, without what only Terraform knows: the address of KAS and the number of the
 * token.
 *
 * @param certificateAuthority - certificate of the authority that signed GitLab's, in PEM
 * @see https://gitlab.com/gitlab-org/charts/gitlab-agent/-/blob/main/values.yaml
 */
export function agentValues(
  settings: AgentSettings,
  names: AgentNames,
  certificateAuthority: string | undefined,
): Readonly<Record<string, unknown>> {
  const image = { repository: settings.image, tag: settings.imageTag };
  return {
    fullnameOverride: names.namespace,
    replicas: settings.replicas ?? 2,
    image: Object.values(image).every((value) => value === undefined) ? undefined : image,
    // The chart would bind the account to cluster-admin.
    rbac: { create: false },
    serviceAccount: { create: false, name: names.namespace },
    config: {
      secretName: names.tokenSecret,
      kasCaCert: certificateAuthority,
      // The chart's default is true: its scanner reads Secrets in the whole cluster.
      operational_container_scanning: { enabled: settings.configuration?.containerScanning !== undefined },
    },
    // Pod Security 'restricted'. The chart's default is empty.
    podSecurityContext: {
      runAsNonRoot: true,
      runAsUser: 1000,
      runAsGroup: 1000,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    imagePullSecrets: settings.imagePullSecrets?.map((name) => ({ name })),
    nodeSelector: settings.nodeSelector,
    tolerations: settings.tolerations,
    resources: settings.resources ?? { requests: { cpu: '20m', memory: '64Mi' }, limits: { memory: '256Mi' } },
  };
}
