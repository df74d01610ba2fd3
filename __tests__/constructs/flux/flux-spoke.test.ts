import { parse } from 'yaml';

import { Cluster } from '../../../lib/model/cluster/cluster';
import { ClusterConnection } from '../../../lib/model/cluster/cluster-connection';
import { SpokeAuthentication } from '../../../lib/model/cluster/spoke-authentication';
import { KustomizeBase } from '../../../lib/model/component/kustomize-base';
import { KustomizeComponent } from '../../../lib/model/component/kustomize-component';
import { type DeliveryDefinition } from '../../../lib/model/fleet/definition/fleet-definition';
import { FluxInstallation } from '../../../lib/model/installation/flux-installation';
import { type OperatorInstallationProps } from '../../../lib/model/installation/installation-props';
import { type SpokeInstallationProps } from '../../../lib/model/installation/spoke-installation';
import { ClusterStack, SpokeStack } from '../../../stacks';
import { certificateAuthority } from '../../support/certificate-authority';
import { type SynthesizedResource, Template, testApp } from '../../support/template';

const connection = ClusterConnection.token({ server: 'https://spoke.example.com:6443', certificateAuthority });
const project = { url: 'https://gitlab.example.com', path: 'platform/fleet' };

function templateOf(
  spoke: Partial<SpokeInstallationProps> = {},
  hub: Partial<OperatorInstallationProps> = {},
  delivery?: DeliveryDefinition,
): Template {
  const component = new KustomizeComponent({ name: 'store', base: KustomizeBase.inRepository() });
  const cluster = new Cluster({ name: 'shop', environment: 'dev', connection, components: [component] });
  const hubCluster = new Cluster({
    name: 'hub',
    environment: 'dev',
    connection: ClusterConnection.kubeconfig({ context: 'hub' }),
  });
  const stack = new SpokeStack(testApp(), 'dev-shop', {
    project,
    delivery,
    cluster,
    flux: FluxInstallation.spoke({
      hub: { cluster: hubCluster, flux: FluxInstallation.operator({ version: 'v2.9.4', ...hub }) },
      authentication: SpokeAuthentication.serviceAccountToken(),
      ...spoke,
    }),
  });
  return Template.of(stack);
}

const byName = (template: Template, type: string, name: string): SynthesizedResource =>
  template.resources(type).find((each) => (each['metadata']?.name ?? each['name']) === name)!;

describe('FluxSpoke', () => {
  test('reaches two clusters, and puts everything of Flux on the hub', () => {
    const template = templateOf();
    expect(
      template.providers('kubernetes').map(({ alias, host, config_context: context }) => alias ?? host ?? context),
    ).toEqual(['https://spoke.example.com:6443', 'hub']);
    const providerOf = (address: string): unknown =>
      ['kubernetes_namespace_v1', 'kubernetes_secret_v1', 'helm_release']
        .flatMap((type) => template.resources(type))
        .find((each) => each.address === address)?.['provider'];
    const providers = Object.fromEntries(
      template.addresses
        .filter((address) => /^(kubernetes|helm)_/.test(address))
        .map((address) => [address.replace(/_[0-9A-F]{8}$/, ''), providerOf(address)]),
    );
    expect(providers).toEqual({
      'kubernetes_namespace_v1.Flux_Namespace': 'kubernetes.hub',
      'kubernetes_secret_v1.Flux_SourceSecret': 'kubernetes.hub',
      'kubernetes_secret_v1.Flux_Account_KubeConfig': 'kubernetes.hub',
      'kubernetes_secret_v1.Components_GitCredentials': 'kubernetes.hub',
      'helm_release.Flux_Removal': 'helm.hub',
      'helm_release.Flux_Root': 'helm.hub',
      'helm_release.Flux_Account': 'helm',
      'kubernetes_secret_v1.Flux_Account_Token': 'kubernetes',
    });
  });

  test('a deploy ends when the hub has applied what it brought: first its own root, then those of the spoke', () => {
    const template = templateOf();
    const release = template.release('flux-root');
    expect(release).toMatchObject({ namespace: 'shop', provider: 'helm.hub' });
    expect(release['depends_on']).toContain(template.release('flux-spoke-removal').address);
    expect(parse(release['values'].join('')).root.follow).toEqual([
      'flux-system/flux-system',
      'shop/flux-system-namespaces',
      'shop/flux-system',
    ]);
  });

  test('has on the spoke an account with the role that somebody chose, and nothing else', () => {
    const { objects } = parse(
      byName(templateOf({ clusterRole: 'deployer' }), 'helm_release', 'shop-flux-account')['values'][0],
    );
    expect(objects).toEqual([
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'flux-reconciler', namespace: 'shop' } },
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRoleBinding',
        metadata: { name: 'flux-reconciler-shop' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'deployer' },
        subjects: [{ kind: 'ServiceAccount', name: 'flux-reconciler', namespace: 'shop' }],
      },
    ]);
  });

  test('under lockdown the account may speak for itself', () => {
    const { objects } = parse(
      byName(templateOf({}, { multiTenancyLockdown: {} }), 'helm_release', 'shop-flux-account')['values'][0],
    );
    expect(objects.find(({ kind }: { kind: string }) => kind === 'Role').rules).toEqual([
      { apiGroups: [''], resources: ['serviceaccounts'], resourceNames: ['flux-reconciler'], verbs: ['impersonate'] },
    ]);
  });

  test('writes the kubeconfig with the authority, and with the token as an argument that Terraform does not keep', () => {
    const secret = byName(templateOf(), 'kubernetes_secret_v1', 'kubeconfig');
    expect(secret['metadata'].namespace).toBe('shop');
    expect(secret).not.toHaveProperty('data');
    const text: string = secret['data_wo'].value;
    expect(text).toContain('https://spoke.example.com:6443');
    expect(text).toContain(Buffer.from(certificateAuthority).toString('base64'));
    expect(text).toMatch(/"token" = kubernetes_secret_v1\.Flux_Account_Token_\w+\.data\.token/);
  });

  test('has a Job that runs where those of the hub do, or where it is told to', () => {
    const jobOf = (settings: Partial<SpokeInstallationProps>, hub: Partial<OperatorInstallationProps>) => {
      const removal = byName(templateOf(settings, hub), 'helm_release', 'flux-spoke-removal');
      const { removeSpoke, deadlineSeconds, ...job } = parse(removal['values'].join(''));
      return job;
    };
    const tolerations = [{ key: 'system', operator: 'Exists' as const }];
    const ofHub = { jobImage: 'mirror/cli:v1', imagePullSecret: 'mirror', nodeSelector: { pool: 'hub' }, tolerations };
    const expected = {
      image: 'mirror/cli:v1',
      imagePullSecrets: ['mirror'],
      nodeSelector: { pool: 'hub' },
      tolerations,
    };
    expect(jobOf({}, {})).toEqual({});
    expect(jobOf({}, ofHub)).toEqual(expected);
    const own = { imagePullSecrets: ['own'], nodeSelector: { pool: 'own' }, tolerations: [] };
    expect(jobOf({ jobImage: 'own/cli:v1', ...own }, ofHub)).toEqual({ image: 'own/cli:v1', ...own });
    expect(() => jobOf({ imagePullSecrets: ['A'] }, {})).toThrow('imagePullSecrets[0]');
  });

  test('is removed in this order: the Job, the files, then what Flux needs', () => {
    const template = templateOf({ removalPolicy: 'delete', deadline: '5m' });
    const removal = byName(template, 'helm_release', 'flux-spoke-removal');
    expect(parse(removal['values'].join(''))).toMatchObject({
      removeSpoke: { removalPolicy: 'delete' },
      deadlineSeconds: 300,
    });
    expect(removal['timeout']).toBe(420);
    const needed = [
      template.resource('kubernetes_namespace_v1').address,
      ...['flux-system', 'kubeconfig'].map((name) => byName(template, 'kubernetes_secret_v1', name).address),
      byName(template, 'helm_release', 'shop-flux-account').address,
    ];
    const files = template.resources('terraform_data');
    expect(files).toHaveLength(2);
    for (const file of files) expect(file['depends_on']).toEqual(expect.arrayContaining(needed));
    const commit = files.find(({ address }) => address.includes('_Commit_'))!;
    const credentials = byName(template, 'kubernetes_secret_v1', 'git-credentials').address;
    expect(removal['depends_on']).toEqual(expect.arrayContaining([...needed, commit.address, credentials]));
  });

  test('with single files the order is the same', () => {
    const template = templateOf({}, {}, { type: 'files' });
    const namespace = template.resource('kubernetes_namespace_v1').address;
    const files = template.resources('gitlab_repository_file');
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) expect(file['depends_on']).toContain(namespace);
  });

  test('needs nothing on the spoke with workload identity, and no file that stays behind', () => {
    const template = templateOf(
      { authentication: SpokeAuthentication.workloadIdentity({ provider: 'gcp', cluster: 'shop' }) },
      {},
      { type: 'commit', onDestroy: 'keep' },
    );
    expect(template.addresses.filter((address) => address.includes('Account'))).toEqual([]);
    const inventory = template.resources('terraform_data').find(({ address }) => address.includes('_Inventory_'));
    expect(JSON.stringify(inventory)).toContain('push --remove');
  });

  test('is no ClusterStack', () => {
    const cluster = new Cluster({ name: 'shop', environment: 'dev', connection });
    const hub = { cluster, flux: FluxInstallation.operator({ version: 'v2.9.4' }) };
    const flux = FluxInstallation.spoke({ hub, authentication: SpokeAuthentication.serviceAccountToken() });
    expect(() => new ClusterStack(testApp(), 'dev-shop', { project, definition: { cluster, flux } })).toThrow(
      'definition: got "spoke", want a SpokeStack',
    );
  });
});
