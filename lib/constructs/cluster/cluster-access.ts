import { HelmProvider, type HelmProviderKubernetes } from '@cdktf/provider-helm/lib/provider/index.js';
import { KubernetesProvider } from '@cdktf/provider-kubernetes/lib/provider/index.js';
import { Construct } from 'constructs';

import { type ClusterConnection } from '../../model/cluster/cluster-connection';
import { escapeTerraform, holdsToken } from '../terraform/literal';
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
   * @param scope - the stack, or a construct in it
   * @param connection - how Terraform reaches the cluster
   * @param options - an alias, when the stack reaches a second cluster
   */
  public static of(scope: Construct, connection: ClusterConnection, options: ClusterAccessOptions = {}): ClusterAccess {
    return new ClusterAccess(scope, `ClusterAccess${options.alias ?? ''}`, connection, options.alias);
  }

  /** Provider for Kubernetes objects. */
  public readonly kubernetes: KubernetesProvider;
  /** Provider for Helm releases. */
  public readonly helm: HelmProvider;
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
      const literalEnv = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, literal(value)]));
      this.execEnvironment = literalEnv;
      this.kubernetes.addOverride('exec.0.env', literalEnv);
      this.helm.addOverride('kubernetes.exec.env', literalEnv);
    }
  }

  private configOf({ data }: ClusterConnection): HelmProviderKubernetes {
    if (data.type === 'kubeconfig') {
      return { configPath: data.path && literal(data.path), configContext: literal(data.context) };
    }
    const server = { host: data.host, clusterCaCertificate: data.certificateAuthority };
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
        return { ...server, exec: { apiVersion, command: literal(command), args: args?.map(literal) } };
      }
    }
  }
}

/** A value as it is, unless it is one that only Terraform knows. */
function literal(value: string): string {
  return holdsToken(value) ? value : escapeTerraform(value);
}
