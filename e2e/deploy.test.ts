// From nothing to a running component, and back.
import { list, read, readiness, untilReady } from './support/cluster-state';
import { component, configMap, deployment } from './support/components';
import { describeEndToEnd } from './support/describe';
import { type FleetOptions, type Stacks, stacksOf, synth } from './support/fleet';
import { expectNoSecrets, startWorld, type World } from './support/world';

const store = component('store', [configMap('settings', { literal: '${NOT_FLUX}' }), deployment('store')]);
const collector = component('collector', [deployment('collector')], { dependsOn: [store] });
const fleet: FleetOptions = { components: [store, collector] };

describeEndToEnd('deploy and destroy', () => {
  let world: World;
  let stacks: Stacks;

  beforeAll(async () => {
    world = await startWorld();
    synth(world, fleet);
    stacks = stacksOf(world);
  }, 120_000);

  test('plans without a state while the cluster cannot be reached', async () => {
    world.reachCluster(false);
    for (const stack of [stacks.repository, stacks.cluster]) {
      await stack.init();
      await stack.succeed('validate');
      expect(await stack.planChanges()).toContain('to add, 0 to change, 0 to destroy');
    }
    world.reachCluster(true);
  });

  test('one apply per stack brings Flux and the components', async () => {
    await stacks.repository.apply();
    await stacks.cluster.apply();
    await untilReady(world.cluster, 'flux-system', 'store', 'collector');
    expect(await readiness(world.cluster, 'gitrepository', 'store', 'store')).toMatchObject({ ready: true });
    const settings = await read(world.cluster, 'configmap', 'settings', 'store');
    expect(settings?.['data']).toEqual({ literal: '${NOT_FLUX}' });
  });

  test('a second plan is empty, also without the cluster', async () => {
    for (const stack of [stacks.repository, stacks.cluster]) {
      await stack.planNothing('-out=plan');
      expectNoSecrets(world, await stack.succeed('show', '-json', 'plan'));
    }
    world.reachCluster(false);
    await stacks.cluster.planNothing('-refresh=false').finally(() => world.reachCluster(true));
  });

  test('a second synth and apply change nothing, in Git neither', async () => {
    const before = world.project.messages();
    expect(world.project.file('clusters/uni-dev/flux-system/gotk-sync.yaml')).toContain('kind: Kustomization');
    synth(world, fleet);
    expect(await stacks.repository.apply()).toContain('0 added, 0 changed, 0 destroyed');
    expect(await stacks.cluster.apply()).toContain('0 added, 0 changed, 0 destroyed');
    expect(world.project.messages()).toEqual(before);
  });

  test('state, output and Git hold no secret', () => {
    for (const stack of [stacks.repository, stacks.cluster]) {
      expectNoSecrets(world, stack.state());
      expectNoSecrets(world, stack.printed);
    }
    expectNoSecrets(world, JSON.stringify(world.project.files()));
  });

  test('Flux reads with the deploy token, and only it stays on the cluster', async () => {
    const reads = world.gitlab.requests().filter(({ kind, status }) => kind === 'git' && status === 200);
    expect(reads.at(-1)?.['actor']).toBe('flux');
    const jobs = await list(world.cluster, 'jobs,pods,clusterrolebindings', '--all-namespaces');
    expect(jobs.filter((name) => name.includes('flux-cli'))).toEqual([]);
  });

  test('destroy removes Flux and what Terraform wrote; workloads and namespaces stay', async () => {
    await stacks.cluster.destroy();
    await stacks.repository.destroy();
    expect(await list(world.cluster, 'crds', '--selector=app.kubernetes.io/part-of=flux')).toEqual([]);
    expect(await read(world.cluster, 'namespace', 'flux-system')).toBeUndefined();
    for (const name of ['store', 'collector']) {
      expect((await read(world.cluster, 'namespace', name))?.['status'].phase).toBe('Active');
      expect(await read(world.cluster, 'deployment', name, name)).toBeDefined();
    }
    const files = Object.keys(world.project.files()).filter((path) => path !== 'README.md');
    expect(files).toEqual(['clusters/uni-dev/flux-system/gotk-components.yaml']);
    expect(await stacks.cluster.addresses()).toEqual([]);
  });
});
