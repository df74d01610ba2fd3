import { TerraformStack } from 'cdktf';

import { ClusterAccess } from '../../../lib/constructs/cluster/cluster-access';
import { ClusterConnection } from '../../../lib/model/cluster/cluster-connection';
import { certificateAuthority } from '../../support/certificate-authority';
import { Template, testApp } from '../../support/template';

const server = 'https://uni-dev.example.com:6443';

/** What a connection becomes: the two providers and the variables. */
function providersOf(connection: ClusterConnection) {
  const stack = new TerraformStack(testApp(), 'dev-uni-dev');
  ClusterAccess.of(stack, connection);
  const template = Template.of(stack);
  const [kubernetes, ...otherKubernetes] = template.providers('kubernetes');
  const [helm, ...otherHelm] = template.providers('helm');
  expect([...otherKubernetes, ...otherHelm]).toEqual([]);
  return { kubernetes, helm, variables: template.toJSON()['variable'] };
}

const secret = (description: string) => ({ type: 'string', description, sensitive: true, ephemeral: true });

describe('ClusterAccess', () => {
  test('a context of a kubeconfig file', () => {
    const { kubernetes, helm, variables } = providersOf(ClusterConnection.kubeconfig({ context: 'uni-dev' }));
    const config = { config_path: '~/.kube/config', config_context: 'uni-dev' };
    expect(kubernetes).toEqual(config);
    expect(helm).toEqual({ kubernetes: config });
    expect(variables).toBeUndefined();
  });

  test('a kubeconfig file elsewhere', () => {
    const { kubernetes } = providersOf(ClusterConnection.kubeconfig({ path: '/etc/kube', context: 'a' }));
    expect(kubernetes).toEqual({ config_path: '/etc/kube', config_context: 'a' });
  });

  test("the context of GitLab's agent, with the file that KUBE_CONFIG_PATH names", () => {
    const connection = ClusterConnection.gitLabAgent({ project: 'platform/fleet', agent: 'uni-dev' });
    const { kubernetes, helm } = providersOf(connection);
    expect(kubernetes).toEqual({ config_context: 'platform/fleet:uni-dev' });
    expect(helm).toEqual({ kubernetes: { config_context: 'platform/fleet:uni-dev' } });
  });

  test('a token from an ephemeral variable', () => {
    const { kubernetes, helm, variables } = providersOf(ClusterConnection.token({ server, certificateAuthority }));
    const config = { host: server, cluster_ca_certificate: certificateAuthority, token: '${var.cluster_token}' };
    expect(kubernetes).toEqual(config);
    expect(helm).toEqual({ kubernetes: config });
    expect(variables).toEqual({ cluster_token: secret('Bearer token for the cluster') });
  });

  test('a token from a variable of another name', () => {
    const { kubernetes, variables } = providersOf(ClusterConnection.token({ server, tokenVariable: 'my_token' }));
    expect(kubernetes).toEqual({ host: server, token: '${var.my_token}' });
    expect(Object.keys(variables)).toEqual(['my_token']);
  });

  test('a client certificate from ephemeral variables', () => {
    const { kubernetes, helm, variables } = providersOf(ClusterConnection.clientCertificate({ server }));
    const config = {
      host: server,
      client_certificate: '${var.cluster_client_certificate}',
      client_key: '${var.cluster_client_key}',
    };
    expect(kubernetes).toEqual(config);
    expect(helm).toEqual({ kubernetes: config });
    expect(variables).toEqual({
      cluster_client_certificate: secret('Client certificate for the cluster, in PEM'),
      cluster_client_key: secret('Key of the client certificate, in PEM'),
    });
  });

  test('a program that prints a credential: a list of blocks for one provider, an attribute for the other', () => {
    const args = ['eks', 'get-token', '--cluster-name', 'uni-dev'];
    const connection = ClusterConnection.exec({ server, command: 'aws', args, env: { AWS_PROFILE: 'dev' } });
    const exec = {
      api_version: 'client.authentication.k8s.io/v1',
      command: 'aws',
      args,
      env: { AWS_PROFILE: 'dev' },
    };
    const { kubernetes, helm } = providersOf(connection);
    expect(kubernetes).toEqual({ host: server, exec: [exec] });
    expect(helm).toEqual({ kubernetes: { host: server, exec } });
  });

  test('a program without arguments, of another version of the protocol', () => {
    const apiVersion = 'client.authentication.k8s.io/v1beta1';
    const { helm } = providersOf(ClusterConnection.exec({ server, command: 'tool', apiVersion }));
    expect(helm).toEqual({ kubernetes: { host: server, exec: { api_version: apiVersion, command: 'tool' } } });
  });

  test('a second cluster of a stack has an alias', () => {
    const stack = new TerraformStack(testApp(), 'dev-hub');
    ClusterAccess.of(stack, ClusterConnection.kubeconfig({ context: 'hub' }));
    const spoke = ClusterAccess.of(stack, ClusterConnection.kubeconfig({ context: 'spoke' }), { alias: 'spoke' });
    const template = Template.of(stack);
    expect(template.providers('kubernetes').map(({ alias }) => alias)).toEqual([undefined, 'spoke']);
    expect(template.providers('helm').map(({ alias }) => alias)).toEqual([undefined, 'spoke']);
    expect(spoke.kubernetes.fqn).toBe('kubernetes.spoke');
  });

  test('what a program is told is literal for Terraform', () => {
    const connection = ClusterConnection.exec({ server, command: 'tool', args: ['${HOME}', '%{x}'] });
    expect(providersOf(connection).helm!['kubernetes'].exec.args).toEqual(['$${HOME}', '%%{x}']);
  });
});
