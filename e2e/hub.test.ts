// A hub and a spoke, each with an API server of its own, under lockdown: deploy, change, remove, and three ways to go.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { withoutOperatorChart } from '../__tests__/support/operator-chart';
import { ChartSource } from '../lib/model/component/chart/chart-source';
import { type Component } from '../lib/model/component/component';
import { HelmComponent } from '../lib/model/component/helm-component';
import { eventually, list, read, readiness, untilReady } from './support/cluster-state';
import { component, configMap, deployment } from './support/components';
import { describeEndToEnd, OPERATOR_PROGRAMS } from './support/describe';
import {
  type HubOptions,
  hideSpoke,
  hubStacks,
  type HubWorld,
  ownAddress,
  startHubWorld,
  synthHub,
} from './support/hub';
import { type Terraform } from './support/terraform';
import { expectNoSecrets } from './support/world';

const CHART: Readonly<Record<string, string>> = {
  'Chart.yaml': 'apiVersion: v2\nname: portal\nversion: 1.0.0\n',
  'values.yaml': 'title: Portal\n',
  'templates/config.yaml': `apiVersion: v1
kind: ConfigMap
metadata: { name: {{ .Release.Name }}, namespace: {{ .Release.Namespace }} }
data: { title: {{ .Values.title | quote }} }
`,
};

describeEndToEnd(
  'a hub and a spoke',
  () => {
    let world: HubWorld;
    let stacks: ReturnType<typeof hubStacks>;

    const store = component('store', [configMap('settings', { size: 'small' }), deployment('store')], {
      namespaceLabels: { 'pod-security.kubernetes.io/warn': 'restricted' },
    });
    const bigStore = component('store', [configMap('settings', { size: 'big' }), deployment('store')]);
    const portal = (title: string, dependsOn: readonly Component[]): HelmComponent =>
      new HelmComponent({
        name: 'portal',
        chart: ChartSource.local(join(world.directory, 'portal')),
        dependsOn,
        strategy: { retryOnFailure: { interval: '5s' } },
        clusters: { 'uni-spoke': { values: { title } } },
      });
    const synth = (options: HubOptions): void =>
      synthHub(world, {
        onHub: [component('collector', [configMap('collects')])],
        ...options,
        hub: { multiTenancyLockdown: {}, ...options.hub },
      });
    const applyAll = async (): Promise<void> => {
      for (const stack of [stacks.repository, stacks.hub, stacks.spoke]) {
        await stack.init();
        await stack.apply();
      }
    };
    const deploySpoke = async (options: HubOptions): Promise<void> => {
      synth(options);
      await stacks.repository.apply();
      await stacks.spoke.apply();
    };
    const settings = async (): Promise<unknown> =>
      (await read(world.spoke, 'configmap', 'settings', 'store'))?.['data'];
    const title = async (): Promise<unknown> =>
      (await read(world.spoke, 'configmap', 'portal', 'portal'))?.['data'].title;
    const untilDeployed = async (): Promise<void> => {
      await untilReady(world.cluster, 'uni-spoke/flux-system-namespaces', 'uni-spoke/flux-system', 'uni-spoke/store');
      await eventually(async () => {
        const { ready, message } = await readiness(world.cluster, 'helmrelease', 'portal', 'uni-spoke');
        if (!ready) throw new Error(`HelmRelease: ${message}`);
      });
    };
    const expectOffTheHub = async (): Promise<void> => {
      expect(await stacks.spoke.addresses()).toEqual([]);
      expect(await read(world.cluster, 'namespace', 'uni-spoke')).toBeUndefined();
      expect(Object.keys(world.project.files()).filter((path) => path.includes('uni-spoke'))).toEqual([]);
      await untilReady(world.cluster, 'flux-system', 'collector');
    };

    beforeAll(async () => {
      world = await startHubWorld();
      for (const [path, content] of Object.entries(CHART)) {
        mkdirSync(dirname(join(world.directory, 'portal', path)), { recursive: true });
        writeFileSync(join(world.directory, 'portal', path), content);
      }
      stacks = hubStacks(world);
    }, 120_000);

    test('deploys kustomize and helm components to the spoke, which carries nothing of Flux', async () => {
      synth({ components: [store, portal('first', [store])] });
      await applyAll();
      await untilDeployed();
      expect(await settings()).toEqual({ size: 'small' });
      expect(await title()).toBe('first');
      const namespace = await read(world.spoke, 'namespace', 'store');
      expect(namespace?.['metadata'].labels).toMatchObject({ 'pod-security.kubernetes.io/warn': 'restricted' });
      expect(await list(world.spoke, 'crd')).toEqual([]);
      expect(await read(world.cluster, 'namespace', 'store')).toBeUndefined();
      await untilReady(world.cluster, 'collector');
      const everything = [stacks.repository, stacks.hub, stacks.spoke];
      for (const stack of everything) await stack.planNothing();
      await stacks.spoke.planNothing('-refresh=false');
      expectNoSecrets(world, everything.map(({ printed }) => printed).join('') + stacks.spoke.state());
    });

    test('of the hub Flux may write to the namespace of the spoke alone', async () => {
      const may = (verb: string, resource: string, namespace: string): Promise<string> =>
        world.cluster
          .kubectl([
            'auth',
            'can-i',
            verb,
            resource,
            '--namespace',
            namespace,
            '--as=system:serviceaccount:uni-spoke:flux-reconciler',
          ])
          .then(
            (answer) => answer.trim(),
            () => 'no',
          );
      expect(await may('create', 'kustomizations.kustomize.toolkit.fluxcd.io', 'uni-spoke')).toBe('yes');
      expect(await may('create', 'kustomizations.kustomize.toolkit.fluxcd.io', 'flux-system')).toBe('no');
      expect(await may('create', 'deployments.apps', 'uni-spoke')).toBe('no');
      expect(await may('get', 'secrets', 'flux-system')).toBe('no');
    });

    test('changes both kinds, without a change to the stack of the hub', async () => {
      await deploySpoke({ components: [bigStore, portal('second', [bigStore])] });
      await eventually(async () => {
        expect(await settings()).toEqual({ size: 'big' });
        expect(await title()).toBe('second');
      });
      await stacks.hub.planNothing();
    });

    test('removes a component from the spoke', async () => {
      await deploySpoke({ components: [portal('second', [])] });
      await eventually(async () => {
        expect(await settings()).toBeUndefined();
        expect(await read(world.spoke, 'deployment', 'store', 'store')).toBeUndefined();
        expect(await read(world.cluster, 'kustomization', 'store', 'uni-spoke')).toBeUndefined();
      });
      expect((await read(world.spoke, 'namespace', 'store'))?.['status'].phase).toBe('Active');
      expect(await title()).toBe('second');
    });

    test('with the removal policy keep the spoke goes, and what was deployed stays', async () => {
      await deploySpoke({ components: [bigStore, portal('third', [bigStore])] });
      await untilDeployed();
      await stacks.spoke.destroy();
      await expectOffTheHub();
      expect(await settings()).toEqual({ size: 'big' });
      expect(await read(world.spoke, 'deployment', 'store', 'store')).toBeDefined();
      expect(await title()).toBe('third');
      expect(await read(world.spoke, 'namespace', 'uni-spoke')).toBeUndefined();
      expect(await read(world.spoke, 'clusterrolebinding', 'flux-reconciler-uni-spoke')).toBeUndefined();
    });

    test('comes back, and with the removal policy delete goes with what was deployed', async () => {
      await deploySpoke({ components: [bigStore, portal('fourth', [bigStore])], spoke: { removalPolicy: 'delete' } });
      await untilDeployed();
      await eventually(async () => expect(await title()).toBe('fourth'));
      await stacks.spoke.destroy();
      await expectOffTheHub();
      expect(await settings()).toBeUndefined();
      expect(await read(world.spoke, 'deployment', 'store', 'store')).toBeUndefined();
      expect(await title()).toBeUndefined();
    });

    test('that cannot be reached any more goes with the removal policy keep', async () => {
      await deploySpoke({ components: [store, portal('fifth', [store])] });
      await untilDeployed();
      await world.loseSpoke();
      hideSpoke(world);
      await forget(stacks.spoke);
      await stacks.spoke.destroy();
      await expectOffTheHub();
    });
  },
  ['hashicorp/helm', 'hashicorp/kubernetes'],
  {
    programs: OPERATOR_PROGRAMS,
    reason: withoutOperatorChart ?? (ownAddress === undefined ? 'this machine has no address but loopback' : undefined),
  },
);

/** What is on the spoke is gone with it. */
async function forget(spoke: Terraform): Promise<void> {
  const onSpoke = (await spoke.addresses()).filter((address) => /Account_(?!KubeConfig)/.test(address));
  expect(onSpoke).toHaveLength(2);
  await spoke.succeed('state', 'rm', ...onSpoke);
}
