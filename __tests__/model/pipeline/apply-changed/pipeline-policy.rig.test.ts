// What the admission policy lets the account of GitLab CI do, on a real API server.
import { Cluster } from '../../../../lib/model/cluster/cluster';
import { ClusterConnection } from '../../../../lib/model/cluster/cluster-connection';
import { PipelineAccess } from '../../../../lib/model/cluster/pipeline-access';
import { Trigger } from '../../../../lib/model/cluster/trigger';
import { ChartSource } from '../../../../lib/model/component/chart/chart-source';
import { GitSource } from '../../../../lib/model/component/git-source';
import { HelmComponent } from '../../../../lib/model/component/helm-component';
import { KustomizeBase } from '../../../../lib/model/component/kustomize-base';
import { KustomizeComponent } from '../../../../lib/model/component/kustomize-component';
import { FluxPatch } from '../../../../lib/model/flux/flux-patch';
import { FluxInstallation } from '../../../../lib/model/installation/flux-installation';
import { ClusterLayout } from '../../../../lib/model/layout/cluster-layout';
import { parseYamlDocuments } from '../../../../lib/model/manifest/yaml';
import { pipelinePolicyObjects } from '../../../../lib/model/pipeline/apply-changed/pipeline-policy';
import { type ApiServer, type PlacedObject } from '../../../support/api-server';
import { PipelineCluster } from '../../../support/pipeline-world';
import { describeWithRig, until } from '../../../support/rig';

const base = KustomizeBase.inRepository();
const components = [
  new KustomizeComponent({
    name: 'app',
    base,
    postBuild: { substitute: { A: 'a' }, substituteFrom: [{ kind: 'ConfigMap', name: 'settings' }] },
  }),
  new KustomizeComponent({
    name: 'foreign',
    base: KustomizeBase.path('deploy'),
    source: GitSource.git({ url: 'https://git.example.com/a/b.git', ref: { tag: 'v1.0.0' } }),
  }),
  new HelmComponent({
    name: 'chart',
    chart: ChartSource.repository({ url: 'https://charts.example.com', name: 'thing', version: '1.2.3' }),
    values: { a: 1 },
  }),
  new HelmComponent({
    name: 'oci',
    chart: ChartSource.oci({ url: 'oci://registry.example.com/charts/thing', tag: '1.2.3' }),
  }),
];
const cluster = new Cluster({
  name: 'uni',
  environment: 'dev',
  connection: ClusterConnection.kubeconfig({ context: 'uni' }),
  trigger: Trigger.pipeline({ access: PipelineAccess.serviceAccount({ server: 'https://uni.example.com:6443' }) }),
  components,
});
const layout = new ClusterLayout({
  cluster,
  target: FluxInstallation.provider({ patches: [FluxPatch.multiTenancyLockdown()] }).targetFor(cluster),
  repository: { url: 'https://gitlab.example.com', path: 'platform/fleet', branch: 'main' },
});
/** The objects that the product writes for the cluster. */
const objects: any[] = [...layout.files]
  .filter(({ path }) => path.startsWith('clusters/flux-common/'))
  .flatMap(({ content }) => parseYamlDocuments(String(content), 'file') as any[]);

function objectWith(kind: string, name: string, change: object): any {
  const object = objects.find((each) => each.kind === kind && each.metadata.name === name);
  return { ...object, spec: { ...object.spec, ...change } };
}

function fresh(kind: string, spec: object, metadata: object = {}): any {
  const group = { Kustomization: 'kustomize', HelmRelease: 'helm' }[kind] ?? 'source';
  const apiVersion = `${group}.toolkit.fluxcd.io/${kind === 'HelmRelease' ? 'v2' : 'v1'}`;
  return { apiVersion, kind, metadata: { name: 'evil', namespace: 'flux-system', ...metadata }, spec };
}

const attack = { interval: '10m', prune: true, serviceAccountName: 'kustomize-controller' };
const sourceRef = { kind: 'GitRepository', name: 'app' };
const secretRef = { name: 'flux-system' };

/** Each would let whoever holds the credential have Flux apply something else, or with other rights. */
const escapes: Record<string, any> = {
  'a Kustomization of its own': fresh('Kustomization', { ...attack, path: './', sourceRef }),
  'a Kustomization with a name of the API server': {
    ...fresh('Kustomization', { ...attack, sourceRef }),
    metadata: { generateName: 'app-', namespace: 'flux-system' },
  },
  'a source of its own': fresh('GitRepository', { interval: '1m', url: 'https://evil.example.com/a.git' }),
  'a bucket': fresh('Bucket', { interval: '1m', bucketName: 'a', endpoint: 'evil.example.com' }),
  'another account': objectWith('Kustomization', 'app', { serviceAccountName: 'helm-controller' }),
  'no account': objectWith('Kustomization', 'app', { serviceAccountName: undefined }),
  'another source': objectWith('Kustomization', 'app', { sourceRef: { ...sourceRef, name: 'foreign' } }),
  'a source of another namespace': objectWith('Kustomization', 'app', {
    sourceRef: { ...sourceRef, namespace: 'tenant' },
  }),
  'another path': objectWith('Kustomization', 'app', { path: './clusters' }),
  'another cluster': objectWith('Kustomization', 'app', { kubeConfig: { secretRef } }),
  'a patch': objectWith('Kustomization', 'app', { patches: [{ patch: 'kind: ClusterRoleBinding' }] }),
  'another value to fill in': objectWith('Kustomization', 'app', {
    postBuild: { substitute: { A: 'a\nkind: b' }, substituteFrom: [{ kind: 'ConfigMap', name: 'settings' }] },
  }),
  'values from a Secret of others': objectWith('Kustomization', 'app', {
    postBuild: { substituteFrom: [{ kind: 'Secret', name: 'flux-system' }] },
  }),
  'keys of others': objectWith('Kustomization', 'app', { decryption: { provider: 'sops', secretRef } }),
  'another image': objectWith('Kustomization', 'app', { images: [{ name: 'a', newName: 'evil' }] }),
  'a part of the repository more': objectWith('Kustomization', 'app', { components: ['../evil'] }),
  'another namespace to deploy to': objectWith('Kustomization', 'app', { targetNamespace: 'kube-system' }),
  'another repository': objectWith('GitRepository', 'app', { url: 'https://gitlab.example.com/evil/fork.git' }),
  'a merge request': objectWith('GitRepository', 'app', { ref: { name: 'refs/merge-requests/1/head' } }),
  'a commit of anybody': objectWith('GitRepository', 'app', { ref: { branch: 'main', commit: '0'.repeat(40) } }),
  'a credential of others, sent to a host of others': objectWith('GitRepository', 'foreign', { secretRef }),
  'another repository within': objectWith('GitRepository', 'app', { include: [{ repository: { name: 'foreign' } }] }),
  'another repository of charts': objectWith('HelmRepository', 'chart', { url: 'https://evil.example.com' }),
  'another chart': objectWith('HelmChart', 'chart', { chart: 'raw' }),
  'another chart of a registry': objectWith('OCIRepository', 'oci', { url: 'oci://evil.example.com/charts/thing' }),
  'another chart of a release': objectWith('HelmRelease', 'chart', { chartRef: { kind: 'HelmChart', name: 'oci' } }),
  'values in a release': objectWith('HelmRelease', 'oci', { values: { extraObjects: [] } }),
  'values of a release from a Secret of others': objectWith('HelmRelease', 'chart', {
    valuesFrom: [{ kind: 'Secret', name: 'flux-system', valuesKey: 'password' }],
  }),
  'objects behind a release': objectWith('HelmRelease', 'chart', {
    postRenderers: [{ kustomize: { patches: [{ patch: '{}' }] } }],
  }),
  'another account of a release': objectWith('HelmRelease', 'chart', { serviceAccountName: 'kustomize-controller' }),
  'another cluster of a release': objectWith('HelmRelease', 'chart', { kubeConfig: { secretRef } }),
  'the root': fresh('Kustomization', { ...attack, path: './evil', sourceRef }, { name: 'flux-system' }),
  'a label that would let it delete the root': {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name: 'flux-system', namespace: 'flux-system', labels: { 'gitlab-flux/cluster': 'uni' } },
  },
  'values that the root fills in': {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'settings-of-the-root', namespace: 'flux-system' },
    data: { A: 'b' },
  },
  'a Namespace of others': { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'tenant' } },
};

describeWithRig('the admission policy for GitLab CI', () => {
  let world: PipelineCluster;
  let gitLabCi: ApiServer;

  const apply = async (...these: readonly PlacedObject[]): Promise<void> => {
    for (const each of these) await gitLabCi.apply(each, { fieldManager: 'gitlab-flux-pipeline' });
  };
  const refusal = async (action: Promise<unknown>): Promise<string> => {
    try {
      await action;
      return 'allowed';
    } catch (error) {
      return (error as Error).message;
    }
  };
  const inFlux = (apiVersion: string, kind: string, name: string): PlacedObject => ({
    apiVersion: apiVersion.replace('toolkit', 'toolkit.fluxcd.io'),
    kind,
    metadata: { name, namespace: 'flux-system' },
  });
  const app = inFlux('kustomize.toolkit/v1', 'Kustomization', 'app');

  beforeAll(async () => {
    world = await PipelineCluster.start();
    await world.bootstrap();
    gitLabCi = await world.account(['app', 'foreign', 'chart', 'oci']);
    await world.apply(pipelinePolicyObjects(layout));
    // The API server reads a policy a moment after it has been written.
    const probe = escapes['a source of its own'];
    await until(async () => (await refusal(gitLabCi.apply(probe, { dryRun: true }))).includes('denied'), 30_000);
  });

  test('lets it apply what the fleet says, twice, with what belongs to it', async () => {
    const sorted = [...objects].sort((a, b) => Number(b.kind === 'Namespace') - Number(a.kind === 'Namespace'));
    await apply(...sorted);
    await apply(...sorted);
    expect(await gitLabCi.list(app)).toHaveLength(3);
    const annotations = { 'reconcile.fluxcd.io/requestedAt': '1' };
    const { metadata, ...source } = inFlux('source.toolkit/v1', 'GitRepository', 'app');
    await gitLabCi.merge({ ...source, metadata: { ...metadata, annotations } });
    await apply({ ...inFlux('v1', 'ConfigMap', 'gitlab-flux-applied'), data: { commit: 'a' } });
    // How often, how long and whether at all is not governed.
    await apply(objectWith('Kustomization', 'app', { timeout: '9m', suspend: true, interval: '1h' }));
    await apply(objectWith('HelmRelease', 'chart', { suspend: true }));
  });

  test.each(Object.keys(escapes))('refuses %s', async (name) => {
    const escape = escapes[name];
    const isNamed = escape.metadata.generateName === undefined;
    const message = await refusal(isNamed ? apply(escape) : gitLabCi.create(escape));
    // For some the account has no rights in any case.
    expect(message).toMatch(/GitLab CI may only write|cannot (patch|create) resource|forbidden: User/);
  });

  test('says what is other and what to do', async () => {
    expect(await refusal(apply(escapes['another path']))).toContain(
      'GitLab CI may only write Kustomization/app as the fleet says: deploy the stack of this cluster first. Another: spec.path',
    );
    expect(await refusal(apply(escapes['a source of its own']))).toContain(
      'GitLab CI may only write what the fleet says: there is no GitRepository/evil in the files of this cluster',
    );
  });

  test('lets it delete what it applied, and nothing else', async () => {
    expect(await refusal(gitLabCi.remove(inFlux('kustomize.toolkit/v1', 'Kustomization', 'flux-system')))).toContain(
      'GitLab CI may only write what the fleet says',
    );
    for (const kind of [
      app,
      inFlux('helm.toolkit/v2', 'HelmRelease', ''),
      inFlux('source.toolkit/v1', 'GitRepository', ''),
    ]) {
      const found = await gitLabCi.list(kind, 'gitlab-flux/cluster=uni');
      expect(found).not.toEqual([]);
      for (const { metadata } of found) await gitLabCi.remove({ ...kind, metadata });
    }
  });

  test('holds nobody else', async () => {
    await world.apply([{ ...escapes['a source of its own'] }]);
  });
});
