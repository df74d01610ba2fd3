// Flux objects move, as docs/moving.md says: another trigger and back, other names, another namespace. Workloads stay.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { runProgram } from '../cli/program';
import { PipelineAccess } from '../lib/model/cluster/pipeline-access';
import { Trigger } from '../lib/model/cluster/trigger';
import { ChartSource } from '../lib/model/component/chart/chart-source';
import { type Component } from '../lib/model/component/component';
import { HelmComponent } from '../lib/model/component/helm-component';
import { eventually, read, readiness, untilReady } from './support/cluster-state';
import { component, configMap, deployment } from './support/components';
import { describeEndToEnd } from './support/describe';
import { deploy, type FleetOptions, type Stacks, synth } from './support/fleet';
import { runClusterJob } from './support/pipeline-job';
import { startWorld, type World } from './support/world';

const CHART: Readonly<Record<string, string>> = {
  'Chart.yaml': 'apiVersion: v2\nname: portal\nversion: 1.0.0\n',
  'values.yaml': 'title: Portal\n',
  'templates/deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: { name: portal, namespace: {{ .Release.Namespace }} }
spec:
  selector: { matchLabels: { app: portal } }
  template:
    metadata: { labels: { app: portal } }
    spec: { containers: [{ name: main, image: nginx }] }
`,
};

describeEndToEnd(
  'moving Flux objects',
  () => {
    let world: World;
    let stacks: Stacks;
    let before: readonly unknown[];

    const components = (names: { store?: string; portal?: string; namespace?: string } = {}): readonly Component[] => {
      const { store: name = 'store', portal = 'portal', namespace = 'store' } = names;
      const store = component(name, [configMap('settings'), deployment('store')], { namespace });
      const chart = ChartSource.local(join(world.directory, 'portal'));
      return [
        store,
        new HelmComponent({
          name: portal,
          namespace: 'portal',
          releaseName: 'portal',
          chart,
          dependsOn: [store],
          strategy: { retryOnFailure: { interval: '5s' } },
        }),
      ];
    };
    const interval = (options: FleetOptions = {}): FleetOptions => ({ components: components(), ...options });
    const pipeline = (options: FleetOptions = {}): FleetOptions => ({
      components: components(),
      trigger: Trigger.pipeline({ access: PipelineAccess.serviceAccount({ server: world.cluster.url }) }),
      ...options,
    });

    /** What would be another one if a workload had been made anew or rolled out again. */
    const identity = (): Promise<readonly unknown[]> =>
      Promise.all(
        [
          ['namespace', 'store', undefined],
          ['namespace', 'portal', undefined],
          ['deployment', 'store', 'store'],
          ['configmap', 'settings', 'store'],
          ['deployment', 'portal', 'portal'],
        ].map(async ([kind, name, namespace]) => {
          const object = await read(world.cluster, kind!, name!, namespace);
          return [kind, name, object?.['metadata'].uid, object?.['metadata'].generation];
        }),
      );
    /** The Flux objects that deploy components, as `namespace/name`, and which are suspended. */
    const deploying = async (): Promise<Record<string, boolean>> => {
      const kinds = 'kustomizations.kustomize.toolkit.fluxcd.io,helmreleases.helm.toolkit.fluxcd.io';
      const { items } = JSON.parse(await world.cluster.kubectl(['get', kinds, '--all-namespaces', '--output', 'json']));
      return Object.fromEntries(
        (items as any[])
          .map(({ metadata, spec }) => [`${metadata.namespace}/${metadata.name}`, spec.suspend === true] as const)
          .filter(([name]) => name !== 'flux-system/flux-system' && !name.endsWith('-dependencies')),
      );
    };
    const untilDeploying = (expected: Readonly<Record<string, boolean>>): Promise<void> =>
      eventually(async () => expect(await deploying()).toEqual(expected));
    const untilReleased = (name: string): Promise<void> =>
      eventually(async () => {
        const [namespace = '', own = ''] = name.split('/');
        const { ready, message } = await readiness(world.cluster, 'helmrelease', own, namespace);
        if (!ready) throw new Error(`HelmRelease: ${message}`);
      });
    const job = async (): Promise<string> => {
      const { code, log } = await runClusterJob(world);
      if (code !== 0) throw new Error(log);
      return log;
    };
    /** Another trigger needs other providers. */
    const initAgain = (): Promise<string> => stacks.cluster.succeed('init', '-input=false');
    const deployed = async (options: FleetOptions): Promise<void> => {
      synth(world, options);
      await stacks.repository.apply();
      await initAgain();
      await stacks.cluster.apply();
    };
    /** Tries to deploy, and looks whether it was refused before anything of the cluster changed in Git. */
    const refused = async (options: FleetOptions): Promise<string> => {
      const ofCluster = (): Record<string, string> =>
        Object.fromEntries(Object.entries(world.project.files()).filter(([path]) => /uni-dev|flux-common/.test(path)));
      const files = ofCluster();
      synth(world, options);
      await stacks.repository.apply();
      await initAgain();
      const { code, output } = await stacks.cluster.tryApply();
      expect(code).not.toBe(0);
      expect(ofCluster()).toEqual(files);
      expect(await identity()).toEqual(before);
      return output.replaceAll(/[\s│]+/g, ' ');
    };

    beforeAll(async () => {
      world = await startWorld();
      // To remove what the trigger pipeline had, from a stack that no longer says where GitLab is.
      process.env['GITLAB_BASE_URL'] = `${world.gitlab.secureUrl}/api/v4/`;
      for (const [path, content] of Object.entries(CHART)) {
        const file = join(world.directory, 'portal', path);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, content);
      }
      stacks = await deploy(world, interval());
      await untilReady(world.cluster, 'store');
      await untilReleased('portal/portal');
      before = await identity();
      expect(before.every(([, , uid]: any) => typeof uid === 'string')).toBe(true);
    }, 300_000);

    afterAll(() => {
      Reflect.deleteProperty(process.env, 'GITLAB_BASE_URL');
    });

    test('to the trigger pipeline: suspended, then moved', async () => {
      expect(await refused(pipeline())).toContain('want a deploy with `suspend: true` before this one');

      await deployed(interval({ suspend: true }));
      await untilDeploying({ 'store/store': true, 'portal/portal': true });
      await deployed(pipeline());
      await job();
      await untilDeploying({ 'flux-system/store': false, 'flux-system/portal': false });
      await untilReady(world.cluster, 'flux-system/store');
      await untilReleased('flux-system/portal');
      expect(await identity()).toEqual(before);
      await stacks.cluster.planNothing();
    }, 400_000);

    test('and back: suspended, taken out, then put in again', async () => {
      expect(await refused(interval())).toContain('want two deploys before this one: with `suspend: true`');

      await deployed(pipeline({ suspend: true }));
      await job();
      expect(await deploying()).toEqual({ 'flux-system/store': true, 'flux-system/portal': true });
      expect(await refused(interval())).toContain('want a deploy before this one without the components');

      synth(world, pipeline({ components: [] }));
      await stacks.cluster.apply();
      await job();
      expect(await deploying()).toEqual({});
      expect(await identity()).toEqual(before);

      await deployed(interval());
      await untilReady(world.cluster, 'store');
      await untilReleased('portal/portal');
      expect(await deploying()).toEqual({ 'store/store': false, 'portal/portal': false });
      expect(await identity()).toEqual(before);
      await stacks.cluster.planNothing();
    }, 400_000);

    test('other names', async () => {
      const renamed = interval({ components: components({ store: 'depot', portal: 'front' }) });
      expect(await refused(renamed)).toContain('HelmRelease portal/front comes, and 1 more');

      await deployed(interval({ suspend: true }));
      await untilDeploying({ 'store/store': true, 'portal/portal': true });
      await deployed(renamed);
      await untilDeploying({ 'store/depot': false, 'portal/front': false });
      await untilReady(world.cluster, 'store/depot');
      await untilReleased('portal/front');
      expect(await identity()).toEqual(before);
    }, 400_000);

    test('another namespace: the old workloads run beside the new ones until they are removed', async () => {
      const names = { store: 'depot', portal: 'front' };
      const moved = interval({ components: components({ ...names, namespace: 'archive' }) });
      expect(await refused(moved)).toContain('Kustomization store/depot goes, Kustomization archive/depot comes');

      await deployed(interval({ components: components(names), suspend: true }));
      await untilDeploying({ 'store/depot': true, 'portal/front': true });
      await deployed(moved);
      await untilDeploying({ 'archive/depot': false, 'portal/front': false });
      await untilReady(world.cluster, 'archive/depot');
      expect(await identity()).toEqual(before);
      const anew = (await read(world.cluster, 'deployment', 'store', 'archive'))?.['metadata'].uid;
      expect(typeof anew).toBe('string');

      let stdout = '';
      const where = ['--context', 'rig', '--kubeconfig', world.cluster.kubeconfig, '--json'];
      const remove = ['--remove', 'namespace/store', '--with-contents'];
      const code = await runProgram(['leftovers', ...where, ...remove], {
        stdout: { write: (text) => (stdout += text) },
        stderr: { write: () => true },
        environment: {},
      });
      expect({ code, ...JSON.parse(stdout) }).toEqual({ code: 0, removed: ['namespace/store'] });
      expect(await read(world.cluster, 'namespace', 'store')).toBeUndefined();
      expect((await read(world.cluster, 'deployment', 'store', 'archive'))?.['metadata'].uid).toBe(anew);
    }, 400_000);
  },
  ['hashicorp/helm', 'hashicorp/kubernetes'],
  { programs: ['helm-controller'] },
);
