// Flux shared by tenants: no references into other namespaces, and every component applies with an account's rights.
import { type ComponentServiceAccount } from '../lib/model/component/service-account';
import { FluxPatch } from '../lib/model/flux/flux-patch';
import { eventually, read, readiness, untilReady } from './support/cluster-state';
import { clusterRole, component, configMap, deployment } from './support/components';
import { describeEndToEnd } from './support/describe';
import { deploy, type FleetOptions } from './support/fleet';
import { startWorld, type World } from './support/world';

describeEndToEnd('multi-tenancy lockdown', () => {
  let world: World;
  const fleet = (account?: ComponentServiceAccount): FleetOptions => {
    const store = component('store', [configMap('settings'), deployment('store')]);
    const joiner = component('joiner', [configMap('joined')], { namespaceOwner: store });
    const collector = component('collector', [configMap('rules')], { dependsOn: [store] });
    const reader = component('reader', [clusterRole('reads-everything')], { serviceAccount: account });
    return {
      components: [store, joiner, collector, reader],
      flux: { patches: [FluxPatch.multiTenancyLockdown()] },
    };
  };

  beforeAll(async () => {
    world = await startWorld();
  }, 120_000);

  test('components apply with the account of their namespace, also in that of another, and after another', async () => {
    await deploy(world, fleet());
    await untilReady(world.cluster, 'flux-system', 'store', 'store/joiner', 'collector');
    const controller = await read(world.cluster, 'deployment', 'kustomize-controller', 'flux-system');
    expect(controller?.['spec'].template.spec.containers[0].args).toEqual(
      expect.arrayContaining(['--no-cross-namespace-refs=true', '--default-service-account=default']),
    );
    for (const [name, namespace] of [
      ['store', 'store'],
      ['joiner', 'store'],
      ['collector', 'collector'],
    ] as const) {
      const kustomization = await read(world.cluster, 'kustomization', name, namespace);
      expect(kustomization?.['spec'].serviceAccountName).toBe('flux-reconciler');
    }
    expect(await read(world.cluster, 'configmap', 'joined', 'store')).toBeDefined();
  });

  test('an object without a namespace is refused, and applied with an account for the whole cluster', async () => {
    await eventually(async () => {
      const { ready, message } = await readiness(world.cluster, 'kustomization', 'reader', 'reader');
      expect(ready).toBe(false);
      expect(message).toMatch(/ClusterRole\/reads-everything.*forbidden/);
    });
    await deploy(world, fleet({ name: 'reader', clusterWide: true }));
    await untilReady(world.cluster, 'reader');
    expect(await read(world.cluster, 'clusterrole', 'reads-everything')).toBeDefined();
  });
});
