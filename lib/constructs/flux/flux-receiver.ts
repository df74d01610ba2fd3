import { type ProjectHook as Hook } from '@cdktf/provider-gitlab/lib/project-hook/index.js';
import { Annotations, Fn, Token } from 'cdktf';
import { Construct } from 'constructs';

import { type Cluster } from '../../model/cluster/cluster';
import { FLUX_NAMESPACE, WATCH_LABEL } from '../../model/flux/metadata';
import { ClusterLayout } from '../../model/layout/cluster-layout';
import { type ClusterReceiver, clusterReceivers, hookEvents } from '../../model/layout/cluster-receivers';
import {
  RECEIVER_NAME,
  receiverFiles,
  receiverObjectName,
  WEBHOOK_REVISION,
  WEBHOOK_TOKEN,
} from '../../model/layout/receiver-files';
import { HookCount, receiverWarnings } from '../../model/layout/receiver-warnings';
import { ValidationError } from '../../model/validation-error';
import { type ClusterAccess } from '../cluster/cluster-access';
import { GitLabConnection } from '../repository/gitlab-provider';
import { type IGitLabProject } from '../repository/i-gitlab-project';
import { attached } from '../terraform/attached';
import { holdsToken } from '../terraform/literal';
import { ProjectHook, SecretV1 } from '../terraform/resources';
import { secretVariable } from '../terraform/secret-variable';
import { type IFlux } from './i-flux';

/** What describes a {@link FluxReceiver}. */
export interface FluxReceiverProps {
  /** The cluster. Its trigger is `webhook`. */
  readonly cluster: Cluster;
  /** The project with the GitOps repository, which gets the hook. */
  readonly project: IGitLabProject;
  /** The providers for the cluster that Flux runs on: of a spoke those for its hub. */
  readonly access: ClusterAccess;
  /** The Flux on the cluster, or for it. */
  readonly flux: IFlux;
  /**
   * What GitLab says so that Flux believes it: a value that only Terraform knows, such as `password.result`. A state
   * holds it, because the hook does.
   *
   * @default - the Terraform variable `flux_webhook_token`
   */
  readonly token?: string;
}

/**
 * A push reaches Flux by a project hook of GitLab: Receivers on the cluster, the token that they share with GitLab, and
 * the hooks.
 *
 * Flux makes the path of a Receiver from its token, its name and its namespace, so the address of the hook is known
 * before the cluster is. Another token makes other paths, and so another hook.
 *
 * @see https://fluxcd.io/flux/components/notification/receivers/#gitlab
 */
export class FluxReceiver extends Construct {
  /** The hooks: one, or under lockdown one for each namespace with a source. None without a `url`. */
  public readonly hooks: readonly Hook[];

  /**
   * @param props - the cluster, the project and the Flux that is told about pushes
   * @throws ValidationError when the cluster has another trigger, nothing on it would receive a call, or the token is
   * literal text
   */
  constructor(scope: Construct, id: string, props: FluxReceiverProps) {
    super(scope, id);
    const { cluster, project, flux } = props;
    const { type, webhook } = cluster.trigger;
    if (type !== 'webhook') {
      throw new ValidationError({ at: this.node.path, prop: ['cluster', 'trigger'], got: type, want: 'webhook' });
    }

    const layout = new ClusterLayout({ cluster, target: flux.target, repository: project });
    const receivers = clusterReceivers(layout);
    const token = tokenOf(this, props.token);
    const secret = this.createSecret(props, token, receivers);
    flux.requires(secret);
    // Flux would fill in nothing without it.
    flux.requires(project.write(this, receiverFiles(layout), { after: [secret] }));
    const url = webhook?.url;
    this.hooks = url === undefined ? [] : receivers.map((one) => this.createHook(props, token, url, one));

    const hooks = attached(this.node.root, `HookCount(${project.url}/${project.path})`, () => new HookCount(project));
    for (const { message } of receiverWarnings(layout, hooks)) Annotations.of(this).addWarning(message);
  }

  /** What Flux fills in: the values are YAML, and a token might look like a number. */
  private createSecret(
    { access, flux }: FluxReceiverProps,
    token: string,
    receivers: readonly ClusterReceiver[],
  ): SecretV1 {
    const paths = Object.fromEntries(
      receivers.map(({ namespace, pathVariable }) => [pathVariable, pathOf(token, namespace)]),
    );
    return new SecretV1(this, 'Secret', {
      provider: access.kubernetes,
      dependsOn: [flux.namespace],
      metadata: { name: receiverObjectName(flux.target), namespace: FLUX_NAMESPACE, labels: WATCH_LABEL },
      dataWo: {
        [WEBHOOK_TOKEN]: Fn.jsonencode(token),
        [WEBHOOK_REVISION]: Fn.jsonencode(Fn.substr(Fn.sha256(token), 0, 12)),
        ...paths,
      },
      dataWoRevision: Token.asNumber(
        Fn.parseint(Fn.substr(Fn.sha256(Fn.join(',', [token, ...Object.keys(paths)])), 0, 7), 16),
      ),
      // The provider keeps empty ones out of the state; a plan with -refresh=false would show them as new.
      lifecycle: { ignoreChanges: ['metadata[0].annotations'] },
    });
  }

  private createHook(
    { cluster, project, flux }: FluxReceiverProps,
    token: string,
    url: string,
    receiver: ClusterReceiver,
  ): Hook {
    const { namespace } = receiver;
    const { branches, branchFilter, tags } = hookEvents(receiver);
    const isRoot = namespace === flux.target.rootNamespace;
    return new ProjectHook(this, isRoot ? 'Hook' : `Hook-${namespace}`, {
      provider: GitLabConnection.of(this, project.url).provider,
      project: project.projectId,
      name: `Flux on ${cluster.name}${isRoot ? '' : `, ${namespace}`}`,
      url: `${url}${pathOf(token, namespace)}`,
      token,
      pushEvents: branches,
      pushEventsBranchFilter: branchFilter,
      tagPushEvents: tags,
      enableSslVerification: true,
      // GitLab turns a hook off that fails again and again. Not createBeforeDestroy: Terraform would do the same to all
      // that this depends on.
      dependsOn: [flux.ready],
    });
  }
}

function tokenOf(scope: Construct, token: string | undefined): string {
  if (token !== undefined) {
    if (!holdsToken(token)) {
      const want = 'a value that only Terraform knows: text would be in the synthesized JSON in clear';
      throw new ValidationError({ at: scope.node.path, prop: 'token', want });
    }
    return token;
  }
  const description = 'Token that GitLab shows to the Flux receivers: openssl rand -hex 32';
  return secretVariable(scope, 'flux_webhook_token', description, { ephemeral: false, minimumLength: 20 }).stringValue;
}

/** As notification-controller computes it. */
function pathOf(token: string, namespace: string): string {
  return `/hook/${Fn.sha256(Fn.join('', [token, RECEIVER_NAME, namespace]))}`;
}
