import { Fn, type ITerraformDependable, type TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';

import { type Cluster } from '../../model/cluster/cluster';
import { KUBECONFIG_VARIABLE } from '../../model/cluster/pipeline-access';
import { FLUX_NAMESPACE } from '../../model/flux/metadata';
import { ClusterLayout } from '../../model/layout/cluster-layout';
import { FileTree } from '../../model/manifest/file-tree';
import { type PolicyRule, RBAC } from '../../model/manifest/rbac';
import { pipelineAccess, pipelineEnvironment } from '../../model/pipeline/apply-changed/apply-changed-jobs';
import { pipelinePolicyObjects } from '../../model/pipeline/apply-changed/pipeline-policy';
import { PIPELINE_ACCOUNT, pipelineRights } from '../../model/pipeline/apply-changed/pipeline-rights';
import { ValidationError } from '../../model/validation-error';
import { type ClusterAccess } from '../cluster/cluster-access';
import { type IFlux } from '../flux/i-flux';
import { GitLabConnection } from '../repository/gitlab-provider';
import { type IGitLabProject } from '../repository/i-gitlab-project';
import { functionText } from '../terraform/literal';
import { localRelease } from '../terraform/local-release';
import {
  ClusterRoleBindingV1,
  ClusterRoleV1,
  ProjectVariable,
  type Release,
  RoleBindingV1,
  RoleV1,
  SecretV1,
  ServiceAccountV1,
} from '../terraform/resources';

/** What describes a {@link PipelineAccount}. */
export interface PipelineAccountProps {
  /** The cluster, with the trigger `pipeline` and `PipelineAccess.serviceAccount()`. */
  readonly cluster: Cluster;
  /** The project with the GitOps repository, whose pipelines get the credential. */
  readonly project: IGitLabProject;
  /** The providers for the cluster. */
  readonly access: ClusterAccess;
  /** Flux on the cluster. */
  readonly flux: IFlux;
}

/**
 * The account with which GitLab CI applies what changed to a cluster: its rights, and its kubeconfig in a protected CI
 * variable of type file, which only jobs of the cluster's environment see. Terraform's state holds the token in clear. An
 * admission policy holds the account to the files of the cluster's components.
 */
export class PipelineAccount extends Construct {
  /** The CI variable with the kubeconfig. */
  public readonly variable: ITerraformDependable;

  /**
   * @param props - the cluster, the project and Flux
   * @throws ValidationError when GitLab CI reaches the cluster in another way
   */
  constructor(scope: Construct, id: string, props: PipelineAccountProps) {
    super(scope, id);
    const { cluster, project, access, flux } = props;
    const { data } = pipelineAccess(cluster);
    if (cluster.trigger.type !== 'pipeline' || data.type !== 'service-account') {
      throw new ValidationError({
        at: this.node.path,
        prop: ['cluster', 'trigger'],
        got: cluster.trigger.type === 'pipeline' ? `pipeline, with access by ${data.type}` : cluster.trigger.type,
        want: 'Trigger.pipeline({ access: PipelineAccess.serviceAccount(...) })',
      });
    }
    const provider = access.kubernetes;
    const account = new ServiceAccountV1(this, 'Resource', {
      provider,
      metadata: { name: PIPELINE_ACCOUNT, namespace: FLUX_NAMESPACE },
      automountServiceAccountToken: false,
      dependsOn: [flux.namespace],
    });
    const policies = data.admissionPolicy ? [this.createPolicy(props)] : [];
    const rights = this.createRights(provider, cluster, [account, ...policies]);
    // What the policy does not know yet would be refused.
    project.write(this, FileTree.EMPTY, { after: policies });
    const token = new SecretV1(this, 'Token', {
      provider,
      metadata: {
        name: `${PIPELINE_ACCOUNT}-${data.revision}`,
        namespace: FLUX_NAMESPACE,
        annotations: { 'kubernetes.io/service-account.name': PIPELINE_ACCOUNT },
      },
      type: 'kubernetes.io/service-account-token',
      // GitLab must not be without a token that works while the old one is replaced.
      lifecycle: { createBeforeDestroy: true },
      dependsOn: [account],
    });
    const authority =
      data.certificateAuthority === undefined
        ? Fn.base64encode(Fn.lookup(token.data, 'ca.crt') as string)
        : Buffer.from(data.certificateAuthority).toString('base64');
    const server = { server: functionText(data.server), 'certificate-authority-data': authority };
    this.variable = new ProjectVariable(this, 'Variable', {
      provider: GitLabConnection.of(this, project.url).provider,
      project: project.projectId,
      key: KUBECONFIG_VARIABLE,
      value: Fn.jsonencode({
        apiVersion: 'v1',
        kind: 'Config',
        clusters: [{ name: cluster.name, cluster: server }],
        users: [{ name: PIPELINE_ACCOUNT, user: { token: Fn.lookup(token.data, 'token') as string } }],
        contexts: [{ name: cluster.name, context: { cluster: cluster.name, user: PIPELINE_ACCOUNT } }],
        'current-context': cluster.name,
      }),
      variableType: 'file',
      protected: true,
      raw: true,
      environmentScope: pipelineEnvironment(cluster),
      // A job that has the credential has the rights too.
      dependsOn: [...rights],
    });
  }

  /** The Kubernetes provider has no resource for it, and Helm needs no cluster to plan. */
  private createPolicy({ cluster, project, access, flux }: PipelineAccountProps): Release {
    const layout = new ClusterLayout({ cluster, target: flux.target, repository: project });
    return localRelease(this, 'Policy', {
      provider: access.helm,
      name: `${PIPELINE_ACCOUNT}-policy`,
      namespace: FLUX_NAMESPACE,
      chart: 'objects',
      values: { objects: pipelinePolicyObjects(layout) },
      dependsOn: [flux.namespace],
    });
  }

  private createRights(
    provider: TerraformProvider,
    cluster: Cluster,
    dependsOn: ITerraformDependable[],
  ): readonly ITerraformDependable[] {
    const { namespaced, clusterWide } = pipelineRights(cluster);
    const metadata = { name: PIPELINE_ACCOUNT };
    const inFlux = { ...metadata, namespace: FLUX_NAMESPACE };
    const subject = [{ kind: 'ServiceAccount', ...inFlux }];
    const role = new RoleV1(this, 'Role', { provider, metadata: inFlux, rule: namespaced.map(ruleOf), dependsOn });
    const clusterRole = new ClusterRoleV1(this, 'ClusterRole', {
      provider,
      metadata,
      rule: clusterWide.map(ruleOf),
    });
    return [
      new RoleBindingV1(this, 'RoleBinding', {
        provider,
        metadata: inFlux,
        subject,
        roleRef: { apiGroup: RBAC, kind: 'Role', name: PIPELINE_ACCOUNT },
        dependsOn: [role],
      }),
      new ClusterRoleBindingV1(this, 'ClusterRoleBinding', {
        provider,
        metadata,
        subject,
        roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: PIPELINE_ACCOUNT },
        dependsOn: [clusterRole, ...dependsOn],
      }),
    ];
  }
}

function ruleOf({ apiGroups, resources, resourceNames, verbs }: PolicyRule): {
  apiGroups: string[];
  resources: string[];
  resourceNames: string[] | undefined;
  verbs: string[];
} {
  return {
    apiGroups: [...apiGroups],
    resources: [...resources],
    resourceNames: resourceNames && [...resourceNames],
    verbs: [...verbs],
  };
}
