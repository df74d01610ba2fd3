// A chart of one's own, from Git to a release: ordered among kustomize components, upgraded, moved and removed.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { reasonToSkip } from '../__tests__/support/rig';
import { ChartSource } from '../lib/model/component/chart/chart-source';
import { type Component } from '../lib/model/component/component';
import { HelmComponent } from '../lib/model/component/helm-component';
import { eventually, list, read, readiness, untilReady } from './support/cluster-state';
import { component, configMap } from './support/components';
import { describeEndToEnd } from './support/describe';
import { deploy, type Stacks } from './support/fleet';
import { startWorld, type World } from './support/world';

const CHART: Readonly<Record<string, string>> = {
  'Chart.yaml': 'apiVersion: v2\nname: portal\nversion: 1.0.0\n',
  'values.yaml': 'replicas: 1\ntitle: Portal\n',
  'templates/deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: { name: {{ .Release.Name }}, namespace: {{ .Release.Namespace }} }
spec:
  replicas: {{ .Values.replicas }}
  selector: { matchLabels: { app: portal } }
  template:
    metadata: { labels: { app: portal } }
    spec: { containers: [{ name: main, image: nginx }] }
`,
  'templates/config.yaml': `apiVersion: v1
kind: ConfigMap
metadata: { name: {{ .Release.Name }}, namespace: {{ .Release.Namespace }} }
data: { title: {{ .Values.title | quote }} }
`,
  'templates/role.yaml': `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: portal-reader }
rules: []
`,
  'templates/hook.yaml': `apiVersion: batch/v1
kind: Job
metadata:
  name: portal-farewell
  namespace: {{ .Release.Namespace }}
  annotations: { helm.sh/hook: pre-delete, helm.sh/hook-delete-policy: hook-succeeded }
spec:
  template:
    spec: { restartPolicy: Never, containers: [{ name: main, image: farewell }] }
`,
};

const withoutHelm = reasonToSkip([{ program: 'helm-controller' }]);

(withoutHelm === undefined ? describeEndToEnd : describe.skip)('a helm component', () => {
  let world: World;
  let stacks: Stacks;

  const components = (values: Readonly<Record<string, unknown>>): readonly Component[] => {
    const store = component('store', [configMap('settings')]);
    const portal = new HelmComponent({
      name: 'portal',
      chart: ChartSource.local(join(world.directory, 'portal')),
      dependsOn: [store],
      serviceAccount: { name: 'portal-deployer', clusterWide: true },
      strategy: { retryOnFailure: { interval: '5s' } },
      clusters: { 'uni-dev': { values } },
    });
    return [store, portal, component('reader', [configMap('reads')], { dependsOn: [portal] })];
  };
  const release = async (): Promise<Record<string, any>> =>
    (await read(world.cluster, 'helmrelease', 'portal', 'portal')) ?? {};
  const untilReleased = (): Promise<void> =>
    eventually(async () => {
      const { ready, message } = await readiness(world.cluster, 'helmrelease', 'portal', 'portal');
      if (!ready) throw new Error(`HelmRelease: ${message}`);
    });
  const revisions = (): Promise<readonly string[]> =>
    list(world.cluster, 'secrets', '--namespace=portal', '--selector=owner=helm');
  const replicas = async (): Promise<number> =>
    (await read(world.cluster, 'deployment', 'portal', 'portal'))?.['spec'].replicas;

  beforeAll(async () => {
    world = await startWorld();
    for (const [path, content] of Object.entries(CHART)) {
      mkdirSync(dirname(join(world.directory, 'portal', path)), { recursive: true });
      writeFileSync(join(world.directory, 'portal', path), content);
    }
  }, 120_000);

  test('is installed after the kustomize component that it depends on, and before the one that depends on it', async () => {
    stacks = await deploy(world, { components: components({ title: 'on ${cluster}' }) });
    await untilReady(world.cluster, 'store', 'portal/portal-dependencies', 'reader');
    await untilReleased();
    const title = (await read(world.cluster, 'configmap', 'portal', 'portal'))?.['data'].title;
    expect(title).toBe('on ${cluster}');
    const [installed] = (await release())['status'].history;
    expect(installed).toMatchObject({ name: 'portal', namespace: 'portal', version: 1, chartName: 'portal' });
    const created = async (kind: string, name: string, namespace: string): Promise<string> =>
      (await read(world.cluster, kind, name, namespace))?.['metadata'].creationTimestamp;
    expect((await created('configmap', 'settings', 'store')) <= (await created('deployment', 'portal', 'portal'))).toBe(
      true,
    );
    expect((await created('deployment', 'portal', 'portal')) <= (await created('configmap', 'reads', 'reader'))).toBe(
      true,
    );
    await stacks.repository.planNothing();
    await stacks.cluster.planNothing();
  });

  test('is upgraded by a value, in one commit to one file', async () => {
    const commits = world.project.messages().length;
    stacks = await deploy(world, { components: components({ title: 'on ${cluster}', replicas: 2 }) });
    await eventually(async () => expect(await replicas()).toBe(2));
    await untilReleased();
    expect((await release())['status'].history[0].version).toBe(2);
    expect(world.project.messages()).toHaveLength(commits + 1);
  });

  test('is not upgraded by a template that changes without another version, and is by another version', async () => {
    const path = join(world.directory, 'portal/templates/config.yaml');
    writeFileSync(path, CHART['templates/config.yaml']!.replace('\ndata: {', '\ndata: { more: x,'));
    const more = async (): Promise<unknown> =>
      (await read(world.cluster, 'configmap', 'portal', 'portal'))?.['data'].more;
    const same = components({ title: 'on ${cluster}', replicas: 2 });
    await deploy(world, { components: same });
    const head = (await world.project.api('GET', '/repository/commits/main')).id as string;
    await eventually(async () => {
      const source = await read(world.cluster, 'gitrepository', 'portal', 'portal');
      expect(source?.['status'].artifact.revision).toContain(head);
    });
    expect(await more()).toBeUndefined();
    writeFileSync(join(world.directory, 'portal/Chart.yaml'), CHART['Chart.yaml']!.replace('1.0.0', '1.0.1'));
    stacks = await deploy(world, { components: components({ title: 'on ${cluster}', replicas: 2 }) });
    await untilReleased();
    await eventually(async () => expect(await more()).toBe('x'));
    await untilReleased();
    expect((await release())['status'].history[0].chartVersion).toBe('1.0.1');
    expect(Object.keys(world.project.files()).filter((each) => each.endsWith('.tgz'))).toEqual([
      'systems/portal/portal-1.0.1.tgz',
    ]);
  });

  test('is not installed again when its files get other names', async () => {
    const { uid } = (await release())['metadata'];
    const before = await revisions();
    const directory = 'clusters/uni-dev/portal';
    const kustomization = world.project.file(`${directory}/kustomization.yaml`);
    const rename = (from: string, to: string, content: string): Promise<void> =>
      world.project.commit([
        { action: 'move', previous_path: `${directory}/${from}`, file_path: `${directory}/${to}` },
        { action: 'update', file_path: `${directory}/kustomization.yaml`, content },
      ]);
    const untilApplied = async (): Promise<void> => {
      const head = (await world.project.api('GET', '/repository/commits/main')).id as string;
      await eventually(async () => {
        const root = await read(world.cluster, 'kustomization', 'flux-system', 'flux-system');
        expect(root?.['status'].lastAppliedRevision).toContain(head);
      });
    };
    const [own, other] = ['portal-helm-release.yaml', 'release.yaml'];
    await rename(own, other, kustomization.replace(own, other));
    await untilApplied();
    expect((await release())['metadata'].uid).toBe(uid);
    expect(await revisions()).toEqual(before);
    await rename(other, own, kustomization);
    await untilApplied();
    await untilReleased();
    expect((await release())['metadata'].uid).toBe(uid);
  });

  test('is removed with its hook, its cluster role and what Helm knows of it; namespace and account stay', async () => {
    const [store] = components({});
    stacks = await deploy(world, { components: [store!] });
    await eventually(async () => {
      expect(await read(world.cluster, 'helmrelease', 'portal', 'portal')).toBeUndefined();
      expect(await read(world.cluster, 'clusterrole', 'portal-reader')).toBeUndefined();
      const left = await list(
        world.cluster,
        'all,configmaps,secrets,serviceaccounts,helmcharts,helmreleases,gitrepositories,kustomizations',
        '--namespace=portal',
        '--field-selector=metadata.name!=default,metadata.name!=kube-root-ca.crt',
      );
      expect(left).toEqual(['ServiceAccount/portal-deployer']);
    });
    expect(world.kubelet.output()).toContain('not run portal/portal-farewell');
    expect((await read(world.cluster, 'namespace', 'portal'))?.['status'].phase).toBe('Active');
    expect(Object.keys(world.project.files()).filter((path) => path.includes('portal'))).toEqual([]);
    await stacks.cluster.planNothing();
  });
});
