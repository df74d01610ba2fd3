import { type HelmProvider as Helm, type HelmProviderKubernetes } from '@cdktf/provider-helm/lib/provider/index.js';
import { type KubernetesProvider as Kubernetes } from '@cdktf/provider-kubernetes/lib/provider/index.js';
import { Construct } from 'constructs';

import { type ClusterConnection } from '../../model/cluster/cluster-connection';
import { escapeAll } from '../terraform/literal';
import { HelmProvider, KubernetesProvider } from '../terraform/resources';
import { secretVariable } from '../terraform/secret-variable';

/** Options of {@link ClusterAccess.of}. */
export interface ClusterAccessOptions {
  /**
   * Alias of the providers. A stack that reaches two clusters needs one for the second.
   *
   * @default - none, they are the stack's default providers
   */
  readonly alias?: string;
}

/** The Terraform providers for a cluster. They are made here and nowhere else. */
export class ClusterAccess extends Construct {
  /**
   * The providers for a connection.
   *
   * @param options - an alias, when the stack reaches a second cluster
   */
  public static of(scope: Construct, connection: ClusterConnection, options: ClusterAccessOptions = {}): ClusterAccess {
    return new ClusterAccess(scope, `ClusterAccess${options.alias ?? ''}`, connection, options.alias);
  }

  /** Provider for Kubernetes objects. */
  public readonly kubernetes: Kubernetes;
  /** Provider for Helm releases. */
  public readonly helm: Helm;
  /** How a provider reaches the cluster, for providers that this class does not make. */
  public readonly configuration: HelmProviderKubernetes;
  /** Environment of the exec plugin by its own names, undefined without one. */
  public readonly execEnvironment: Readonly<Record<string, string>> | undefined;

  private constructor(scope: Construct, id: string, connection: ClusterConnection, alias: string | undefined) {
    super(scope, id);
    this.configuration = this.configOf(connection);
    const { exec, ...config } = this.configuration;
    this.kubernetes = new KubernetesProvider(this, 'Kubernetes', { ...config, exec: exec && [exec], alias });
    this.helm = new HelmProvider(this, 'Helm', { kubernetes: { ...config, exec }, alias });
    const env = connection.data.type === 'exec' ? connection.data.exec.env : undefined;
    if (env !== undefined) {
      // As an argument, CDKTF would turn AWS_PROFILE into aws_profile.
      const literalEnv = escapeAll(env);
      this.execEnvironment = literalEnv;
      this.kubernetes.addOverride('exec.0.env', literalEnv);
      this.helm.addOverride('kubernetes.exec.env', literalEnv);
    }
  }

  private configOf({ data }: ClusterConnection): HelmProviderKubernetes {
    if (data.type === 'kubeconfig') return { configPath: data.path, configContext: data.context };
    const server = { host: data.server, clusterCaCertificate: data.certificateAuthority };
    switch (data.type) {
      case 'token':
        return {
          ...server,
          token: secretVariable(this, data.tokenVariable, 'Bearer token for the cluster').stringValue,
        };
      case 'client-certificate':
        return {
          ...server,
          clientCertificate: secretVariable(
            this,
            data.certificateVariable,
            'Client certificate for the cluster, in PEM',
          ).stringValue,
          clientKey: secretVariable(this, data.keyVariable, 'Key of the client certificate, in PEM').stringValue,
        };
      case 'exec': {
        const { apiVersion = 'client.authentication.k8s.io/v1', command, args } = data.exec;
        return { ...server, exec: { apiVersion, command, args: args && [...args] } };
      }
    }
  }
}
