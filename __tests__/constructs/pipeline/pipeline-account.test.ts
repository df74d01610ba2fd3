import { TerraformStack } from 'cdktf';

import { ClusterAccess } from '../../../lib/constructs/cluster/cluster-access';
import { FluxBootstrap } from '../../../lib/constructs/flux/flux-bootstrap';
import { PipelineAccount } from '../../../lib/constructs/pipeline/pipeline-account';
import { GitLabProject } from '../../../lib/constructs/repository/gitlab-project';
import { Cluster } from '../../../lib/model/cluster/cluster';
import { ClusterConnection } from '../../../lib/model/cluster/cluster-connection';
import { PipelineAccess } from '../../../lib/model/cluster/pipeline-access';
import { Trigger } from '../../../lib/model/cluster/trigger';
import { KustomizeBase } from '../../../lib/model/component/kustomize-base';
import { KustomizeComponent } from '../../../lib/model/component/kustomize-component';
import { pipelineRights } from '../../../lib/model/pipeline/apply-changed/pipeline-rights';
import { certificateAuthority } from '../../support/certificate-authority';
import { Template, testApp } from '../../support/template';

const server = 'https://uni.example.com:6443';

function stackWith(trigger: Trigger) {
  const stack = new TerraformStack(testApp(), 'dev-uni');
  const connection = ClusterConnection.kubeconfig({ context: 'uni' });
  const components = [new KustomizeComponent({ name: 'app', base: KustomizeBase.inRepository() })];
  const cluster = new Cluster({ name: 'uni', environment: 'dev', connection, trigger, components });
  const attributes = { url: 'https://gitlab.example.com', path: 'platform/fleet' };
  const project = GitLabProject.fromPath(stack, 'Project', attributes);
  const access = ClusterAccess.of(stack, connection);
  const flux = new FluxBootstrap(stack, 'Flux', { cluster, project, access, version: 'v2.9.4' });
  new PipelineAccount(stack, 'PipelineAccount', { cluster, project, access, flux });
  return { stack, cluster };
}
const templateOf = (
  options: Partial<Parameters<typeof PipelineAccess.serviceAccount>[0]> = {},
  environmentName?: string,
) =>
  Template.of(
    stackWith(Trigger.pipeline({ access: PipelineAccess.serviceAccount({ server, ...options }), environmentName }))
      .stack,
  );
const tokenOf = (template: Template) =>
  template.resources('kubernetes_secret_v1').find(({ type }) => type === 'kubernetes.io/service-account-token');

describe('PipelineAccount', () => {
  it('puts a kubeconfig into a protected variable, for the environment of the cluster alone', () => {
    const [variable] = templateOf().resources('gitlab_project_variable');
    expect(variable).toMatchObject({
      project: 'platform/fleet',
      key: 'FLUX_KUBECONFIG',
      environment_scope: 'dev/uni',
      variable_type: 'file',
      protected: true,
      raw: true,
    });
    expect(variable?.['value']).toBe(
      '${jsonencode({"apiVersion" = "v1", "kind" = "Config", "clusters" = [{"name" = "uni", "cluster" = {"server" = "https://uni.example.com:6443", "certificate-authority-data" = base64encode(kubernetes_secret_v1.PipelineAccount_Token_3DF04270.data["ca.crt"])}}], "users" = [{"name" = "gitlab-flux-pipeline", "user" = {"token" = kubernetes_secret_v1.PipelineAccount_Token_3DF04270.data.token}}], "contexts" = [{"name" = "uni", "context" = {"cluster" = "uni", "user" = "gitlab-flux-pipeline"}}], "current-context" = "uni"})}',
    );
    expect(templateOf({}, 'edge/uni').resources('gitlab_project_variable')[0]).toMatchObject({
      environment_scope: 'edge/uni',
    });
  });

  it('has the API server hold the account to the files, before it has rights and before the files change', () => {
    const template = templateOf();
    const policy = template.resources('helm_release').find(({ name }) => name === 'gitlab-flux-pipeline-policy')!;
    expect(policy['values'][0]).toContain('kind: ValidatingAdmissionPolicy\n');
    expect(policy['values'][0]).toContain('kind: ValidatingAdmissionPolicyBinding\n');
    const commit = template.resources('terraform_data').find(({ address }) => address.includes('_Commit_'));
    expect(commit?.['depends_on']).toContain(policy.address);
    for (const type of ['kubernetes_role_v1', 'kubernetes_cluster_role_binding_v1']) {
      expect(template.resources(type)[0]?.['depends_on']).toContain(policy.address);
    }

    const without = templateOf({ admissionPolicy: false })
      .resources('helm_release')
      .map(({ name }) => name);
    expect(without).not.toContain('gitlab-flux-pipeline-policy');
  });

  it('gives the account the rights that the jobs need, bound to it before GitLab has the credential', () => {
    const template = templateOf();
    const { namespaced, clusterWide } = pipelineRights(
      stackWith(Trigger.pipeline({ access: PipelineAccess.serviceAccount({ server }) })).cluster,
    );
    const rules = (type: string) =>
      template
        .resources(type)[0]
        ?.['rule'].map(({ api_groups: apiGroups, resource_names: resourceNames, ...rest }: any) => ({
          apiGroups,
          ...rest,
          ...(resourceNames && { resourceNames }),
        }));
    expect(rules('kubernetes_role_v1')).toEqual(namespaced);
    expect(rules('kubernetes_cluster_role_v1')).toEqual(clusterWide);
    const bindings = ['kubernetes_role_binding_v1', 'kubernetes_cluster_role_binding_v1'].flatMap((type) =>
      template.resources(type),
    );
    for (const binding of bindings) {
      expect(binding['subject']).toEqual([
        { kind: 'ServiceAccount', name: 'gitlab-flux-pipeline', namespace: 'flux-system' },
      ]);
    }
    const [variable] = template.resources('gitlab_project_variable');
    expect(variable?.['depends_on']).toEqual(bindings.map(({ address }) => address));
  });

  it('has another token for another revision, which is there before the old one goes', () => {
    expect(tokenOf(templateOf())).toMatchObject({
      metadata: {
        name: 'gitlab-flux-pipeline-1',
        namespace: 'flux-system',
        annotations: { 'kubernetes.io/service-account.name': 'gitlab-flux-pipeline' },
      },
      lifecycle: { create_before_destroy: true },
    });
    expect(tokenOf(templateOf({ revision: 2 }))).toMatchObject({ metadata: { name: 'gitlab-flux-pipeline-2' } });
  });

  it('trusts the authority that is given', () => {
    const [variable] = templateOf({ certificateAuthority }).resources('gitlab_project_variable');
    expect(variable?.['value']).toContain(
      `"certificate-authority-data" = "${Buffer.from(certificateAuthority).toString('base64')}"`,
    );
  });

  it.each([
    [Trigger.interval(), 'got "interval"'],
    [Trigger.pipeline(), 'got "pipeline, with access by variable"'],
  ])('is refused where GitLab CI reaches the cluster in another way', (trigger, message) => {
    expect(() => stackWith(trigger)).toThrow(
      `dev-uni/PipelineAccount: cluster.trigger: ${message}, want Trigger.pipeline({ access: PipelineAccess.serviceAccount(...) })`,
    );
  });
});
