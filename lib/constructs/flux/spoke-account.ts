import { type Release } from '@cdktf/provider-helm/lib/release/index.js';
import { Fn, type ITerraformDependable, Token } from 'cdktf';
import { Construct } from 'constructs';

import { type Cluster } from '../../model/cluster/cluster';
import { type SpokeAuthentication, spokeServer } from '../../model/cluster/spoke-authentication';
import { spokeAccountObjects } from '../../model/installation/spoke-account-objects';
import { KUBE_CONFIG, SPOKE_ACCOUNT } from '../../model/installation/spoke-files';
import { type ClusterAccess } from '../cluster/cluster-access';
import { functionText } from '../terraform/literal';
import { localRelease } from '../terraform/local-release';
import { SecretV1 } from '../terraform/resources';
import { textRevision } from './revision';

/** What describes a {@link SpokeAccount}. */
export interface SpokeAccountProps {
  /** The spoke. */
  readonly cluster: Cluster;
  /** How the hub proves to the spoke who it is. */
  readonly authentication: SpokeAuthentication;
  /**
   * ClusterRole of the account.
   *
   * @default 'cluster-admin'
   */
  readonly clusterRole?: string;
  /** The providers for the spoke. */
  readonly access: ClusterAccess;
  /** The providers for the hub. */
  readonly hubAccess: ClusterAccess;
  /** Whether the hub names an account for whatever it applies. */
  readonly isLockedDown: boolean;
  /** The spoke's namespace on the hub. */
  readonly namespace: ITerraformDependable;
}

/**
 * The account that deploys on a spoke, and the kubeconfig with its token on the hub, as far as the spoke needs them.
 *
 * The token is one that does not expire: many clouds give out others for a day at most.
 */
export class SpokeAccount extends Construct {
  /** What must be there before the hub deploys to the spoke, and outlives what it deployed. */
  public readonly prerequisites: readonly ITerraformDependable[];

  /**
   * @param props - the spoke, and how the hub reaches it
   * @throws ValidationError when the hub could not reach the spoke
   */
  constructor(scope: Construct, id: string, props: SpokeAccountProps) {
    super(scope, id);
    const { data } = props.authentication;
    const hasToken = data.type === 'service-account-token';
    const account = hasToken || props.isLockedDown ? [this.createAccount(props)] : [];
    this.prerequisites = hasToken
      ? [...account, this.createKubeConfig(props, this.createToken(props, account))]
      : account;
  }

  private createAccount({ access, cluster, clusterRole, isLockedDown }: SpokeAccountProps): Release {
    const objects = spokeAccountObjects(cluster.name, clusterRole, isLockedDown);
    return localRelease(this, 'Resource', {
      provider: access.helm,
      name: `${cluster.name}-flux-account`,
      // One that every cluster has: the release brings the account's own.
      namespace: 'kube-system',
      chart: 'objects',
      values: { objects },
    });
  }

  /** Kubernetes fills it. */
  private createToken({ access, cluster }: SpokeAccountProps, dependsOn: ITerraformDependable[]): SecretV1 {
    return new SecretV1(this, 'Token', {
      provider: access.kubernetes,
      metadata: {
        name: `${SPOKE_ACCOUNT}-token`,
        namespace: cluster.name,
        annotations: { 'kubernetes.io/service-account.name': SPOKE_ACCOUNT },
      },
      type: 'kubernetes.io/service-account-token',
      waitForServiceAccountToken: true,
      dependsOn,
    });
  }

  private createKubeConfig(props: SpokeAccountProps, token: SecretV1): SecretV1 {
    const { authentication, cluster, hubAccess, namespace } = props;
    const { data } = authentication;
    const server = spokeServer(
      { cluster: cluster.name },
      data.type === 'service-account-token' ? data : {},
      cluster.connection,
    );
    const authority = Buffer.from(server.certificateAuthority).toString('base64');
    const name = cluster.name;
    const kubeConfig = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name, cluster: { server: functionText(server.server), 'certificate-authority-data': authority } }],
      users: [{ name, user: { token: Fn.lookup(token.data, 'token') as string } }],
      contexts: [{ name, context: { cluster: name, user: name } }],
      'current-context': name,
    };
    return new SecretV1(this, 'KubeConfig', {
      provider: hubAccess.kubernetes,
      metadata: { name: KUBE_CONFIG, namespace: cluster.name },
      dataWo: { value: Fn.jsonencode(kubeConfig) },
      // Another token has another Secret.
      dataWoRevision: revisionOf(token, textRevision(JSON.stringify(server))),
      dependsOn: [namespace],
      lifecycle: { ignoreChanges: ['metadata[0].labels', 'metadata[0].annotations'] },
    });
  }
}

/** Terraform cannot compare what it does not keep: a number that follows from the id of the Secret with the token. */
function revisionOf(token: SecretV1, known: number): number {
  const id = Fn.parseint(Fn.substr(Fn.sha256(token.metadata.uid), 0, 7), 16) as number;
  return Token.asNumber(Fn.sum([id, known]));
}
