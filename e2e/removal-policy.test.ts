// removalPolicy 'delete': what Flux deployed goes before Flux itself.
import { eventually, list, podLog, read, untilReady } from './support/cluster-state';
import { clusterRole, component, configMap, deployment } from './support/components';
import { describeEndToEnd } from './support/describe';
import { deploy } from './support/fleet';
import { startWorld, type World } from './support/world';

describeEndToEnd("removalPolicy 'delete'", () => {
  let world: World;
  const store = component('store', [deployment('store'), clusterRole('store-reader')]);
  const collector = component('collector', [configMap('rules')], { dependsOn: [store] });
  const portal = component('portal', [configMap('pages')], { dependsOn: [collector] });

  beforeAll(async () => {
    world = await startWorld();
  }, 120_000);

  test('destroy deletes workloads against the order of dependencies, then namespaces, then Flux', async () => {
    const stacks = await deploy(world, {
      components: [store, collector, portal],
      flux: { removalPolicy: 'delete', deadline: '4m' },
    });
    await untilReady(world.cluster, 'store', 'collector', 'portal');
    await world.cluster.kubectl([
      'patch',
      'kustomization',
      'portal',
      '--namespace=portal',
      '--type=merge',
      '--patch={"spec":{"suspend":true}}',
    ]);

    const started = Date.now();
    await stacks.cluster.destroy();
    process.stderr.write(`destroyed in ${(Date.now() - started) / 1000} s\n`);
    const said = podLog(world.kubelet, 'flux-cli-uninstall');
    expect([...said.matchAll(/^flux-cli-uninstall: deleting (\S+)/gm)].map(([, what]) => what)).toEqual([
      'Kustomization/portal/portal',
      'Kustomization/collector/collector',
      'Kustomization/store/store',
      'namespace/collector',
      'namespace/portal',
      'namespace/store',
    ]);
    expect(said).toContain('Flux is removed');
    await eventually(async () => {
      const namespaces = await list(world.cluster, 'namespaces');
      expect(namespaces.filter((name) => !/\/(default|kube-.*)$/.test(name))).toEqual([]);
    });
    expect(await read(world.cluster, 'clusterrole', 'store-reader')).toBeUndefined();
    expect(await list(world.cluster, 'crds', '--selector=app.kubernetes.io/part-of=flux')).toEqual([]);
    const rights = await list(world.cluster, 'clusterroles,clusterrolebindings');
    expect(rights.filter((name) => /flux|crd-controller|cluster-reconciler/.test(name))).toEqual([]);
    await stacks.repository.destroy();
  });
});
