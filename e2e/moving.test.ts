// From flux bootstrap to flux-operator on one cluster, as docs/operator.md says: no workload is touched.
import { withoutOperatorChart } from '../__tests__/support/operator-chart';
import { list, read, untilReady } from './support/cluster-state';
import { component, configMap, deployment } from './support/components';
import { describeEndToEnd, OPERATOR_PROGRAMS } from './support/describe';
import { deploy, type Stacks, stacksOf, synth } from './support/fleet';
import { startWorld, type World } from './support/world';

const store = component('store', [configMap('settings'), deployment('store')]);
const COMPONENTS_FILE = 'clusters/uni-dev/flux-system/gotk-components.yaml';

describeEndToEnd(
  'moving from bootstrap to flux-operator',
  () => {
    let world: World;
    let stacks: Stacks;
    let before: readonly unknown[];

    /** What would be another one if the workload had been made anew or changed. */
    const identity = async (): Promise<readonly unknown[]> =>
      Promise.all(
        ['namespace', 'deployment', 'configmap'].map(async (kind) => {
          const object = await read(world.cluster, kind, kind === 'configmap' ? 'settings' : 'store', 'store');
          return [kind, object?.['metadata'].uid, object?.['metadata'].generation];
        }),
      );
    const fluxFiles = (): readonly string[] =>
      Object.keys(world.project.files()).filter((path) => path.startsWith('clusters/uni-dev/flux-system/'));

    beforeAll(async () => {
      world = await startWorld();
    }, 120_000);

    test('begins with a bootstrap', async () => {
      stacks = await deploy(world, { components: [store] });
      await untilReady(world.cluster, 'store');
      before = await identity();
      expect(before.every(([, uid]: any) => typeof uid === 'string')).toBe(true);
    });

    test('destroys the stack, which leaves the workloads and one file', async () => {
      await stacks.cluster.destroy();
      expect(await list(world.cluster, 'crd', '--selector=app.kubernetes.io/part-of=flux')).toEqual([]);
      expect(await read(world.cluster, 'namespace', 'flux-system')).toBeUndefined();
      expect(await identity()).toEqual(before);
      expect(fluxFiles()).toEqual([COMPONENTS_FILE]);
    });

    test('deletes the file, and deploys flux-operator, which looks after the same workloads', async () => {
      await world.project.commit([{ action: 'delete', file_path: COMPONENTS_FILE }]);
      synth(world, { components: [store], flux: { type: 'operator', version: 'v2.9.4' } });
      stacks = stacksOf(world);
      await stacks.cluster.init();
      await stacks.repository.apply();
      await stacks.cluster.apply();
      await untilReady(world.cluster, 'flux-system', 'store');
      expect(await identity()).toEqual(before);
      expect(fluxFiles()).toEqual([]);
      const kustomization = await read(world.cluster, 'kustomization', 'store', 'store');
      const applied = (kustomization?.['status'].inventory.entries as { id: string }[]).map(({ id }) => id).sort();
      expect(applied).toEqual(['store_settings__ConfigMap', 'store_store_apps_Deployment']);
      const controller = await read(world.cluster, 'deployment', 'kustomize-controller', 'flux-system');
      expect(controller?.['metadata'].labels['app.kubernetes.io/managed-by']).toBe('flux-operator');
      await stacks.cluster.planNothing();
    });
  },
  ['hashicorp/helm', 'hashicorp/kubernetes'],
  { programs: OPERATOR_PROGRAMS, reason: withoutOperatorChart },
);
