// What a reviewer sees in a plan, and what reaches the cluster.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { KustomizeBase } from '../lib/model/component/kustomize-base';
import { KustomizeComponent } from '../lib/model/component/kustomize-component';
import { KustomizeOverlay } from '../lib/model/component/kustomize-overlay';
import { toYaml } from '../lib/model/manifest/yaml';
import { eventually, list, read, readiness, untilReady } from './support/cluster-state';
import { configMap, deployment } from './support/components';
import { describeEndToEnd } from './support/describe';
import { deploy, type FleetOptions, type Stacks, synth } from './support/fleet';
import { startWorld, type World } from './support/world';

describeEndToEnd('changes of a fleet that runs', () => {
  let world: World;
  let stacks: Stacks;
  let base: string;
  const fleet = (replicas: number, flux: FleetOptions['flux'] = {}): FleetOptions => ({
    components: [
      new KustomizeComponent({
        name: 'store',
        base: KustomizeBase.directory(base),
        retryInterval: '3s',
        clusters: { 'uni-dev': { overlay: KustomizeOverlay.of({ replicas: { store: replicas } }) } },
      }),
    ],
    flux,
  });
  /** Paths of files that a plan changes. */
  const changedFiles = (plan: string): readonly string[] =>
    plan
      .split('\n')
      .filter((line) => /"[0-9a-f]{40}"/.test(line))
      .map((line) => line.trim().replace(/"[0-9a-f]{40}"/g, 'blob'));
  const replicasOf = async (): Promise<number> =>
    (await read(world.cluster, 'deployment', 'store', 'store'))?.['spec'].replicas;
  const policies = (): Promise<readonly string[]> => list(world.cluster, 'networkpolicies', '--namespace=flux-system');

  beforeAll(async () => {
    world = await startWorld();
    base = join(world.directory, 'store');
    mkdirSync(base);
    writeFileSync(join(base, 'kustomization.yaml'), 'resources: [settings.yaml, workload.yaml]\n');
    writeFileSync(join(base, 'settings.yaml'), toYaml([configMap('settings')]));
    writeFileSync(join(base, 'workload.yaml'), toYaml([deployment('store')]));
    stacks = await deploy(world, fleet(1));
    await untilReady(world.cluster, 'store');
  }, 240_000);

  test('the plan of another overlay names the path that changes, and the workload follows', async () => {
    synth(world, fleet(2));
    await stacks.repository.planNothing();
    const plan = await stacks.cluster.planChanges('-out=plan');
    // The commit, and the release that waits for Flux to apply it.
    expect(plan).toContain('1 to add, 1 to change, 1 to destroy');
    expect(changedFiles(plan)).toEqual(['~ "systems/store/overlays/uni-dev/kustomization.yaml" = blob -> blob']);
    await stacks.cluster.succeed('apply', '-input=false', 'plan');
    await eventually(async () => expect(await replicasOf()).toBe(2));
    await stacks.cluster.planNothing();
  });

  test('a file that is renamed within a base deletes nothing on the cluster', async () => {
    const uid = async (): Promise<string> =>
      (await read(world.cluster, 'configmap', 'settings', 'store'))?.['metadata'].uid;
    const before = await uid();
    const commits = world.project.messages().length;
    renameSync(join(base, 'settings.yaml'), join(base, 'config.yaml'));
    writeFileSync(join(base, 'kustomization.yaml'), 'resources: [config.yaml, workload.yaml]\n');
    synth(world, fleet(2));
    await stacks.repository.apply();
    await stacks.cluster.planNothing();
    expect(world.project.messages()).toHaveLength(commits + 1);
    const revision = async (): Promise<string> =>
      (await read(world.cluster, 'kustomization', 'store', 'store'))?.['status'].lastAppliedRevision;
    const head = (await world.project.api('GET', '/repository/commits/main')).id as string;
    await eventually(async () => expect(await revision()).toContain(head));
    expect(await readiness(world.cluster, 'kustomization', 'store', 'store')).toMatchObject({ ready: true });
    expect(await uid()).toBe(before);
  });

  test('another setting of Flux is a line in the plan, and reaches the cluster', async () => {
    expect(await policies()).toHaveLength(3);
    // Not the version or the log level: on the rig a new source-controller has another address, which stalls the others.
    synth(world, fleet(2, { networkPolicy: false }));
    const plan = await stacks.cluster.planChanges();
    expect(plan).toContain('0 to add, 1 to change, 0 to destroy');
    // Beside what the provider of helm shows of any upgrade: the release's metadata.
    expect(plan.split('\n').filter((line) => /^ +[-+] +- --/.test(line))).toEqual([
      expect.stringMatching(/\+ +- --network-policy=false$/),
    ]);
    expect(plan.split('\n').length).toBeLessThan(100);
    await stacks.cluster.apply();
    await eventually(async () => expect(await policies()).toEqual([]));
    await stacks.cluster.planNothing();
    expect(await replicasOf()).toBe(2);
  });
});
