// The trigger `pipeline` from terraform apply to workloads: Terraform makes the account and its variable, the job applies.
import { PipelineAccess } from '../lib/model/cluster/pipeline-access';
import { Trigger } from '../lib/model/cluster/trigger';
import { eventually, read, untilReady } from './support/cluster-state';
import { component, configMap, deployment } from './support/components';
import { describeEndToEnd } from './support/describe';
import { deploy, type FleetOptions, synth } from './support/fleet';
import { runClusterJob, variablesOf } from './support/pipeline-job';
import { startWorld, type World } from './support/world';

describeEndToEnd('the trigger pipeline', () => {
  let world: World;
  const store = component('store', [configMap('settings', { number: '0' })]);
  const collector = component('collector', [deployment('collector')], { dependsOn: [store] });
  const fleet = (revision: number, components = [store, collector]): FleetOptions => ({
    components,
    trigger: Trigger.pipeline({ access: PipelineAccess.serviceAccount({ server: world.cluster.url, revision }) }),
  });

  beforeAll(async () => {
    world = await startWorld();
  }, 120_000);

  test('applies, changes, removes, and replaces its credential', async () => {
    const stacks = await deploy(world, fleet(1));
    await stacks.cluster.planNothing();
    const [variable, ...others] = await variablesOf(world);
    expect(others).toEqual([]);
    expect(variable).toMatchObject({
      key: 'FLUX_KUBECONFIG',
      variable_type: 'file',
      protected: true,
      environment_scope: 'dev/uni-dev',
    });
    const first = await runClusterJob(world, variable!['value']);
    expect(first).toMatchObject({ code: 0, log: expect.stringContaining('no commit is recorded') as string });
    await untilReady(world.cluster, 'flux-system/store', 'flux-system/collector');
    expect(await read(world.cluster, 'deployment', 'collector', 'collector')).toBeDefined();

    // Another token, while the old one still works; and a component less.
    synth(world, fleet(2, [store]));
    await stacks.cluster.apply();
    await stacks.cluster.planNothing();
    const [rotated] = await variablesOf(world);
    expect(rotated!['value']).not.toBe(variable!['value']);
    expect(await runClusterJob(world, variable!['value'])).toMatchObject({
      code: 1,
      log: expect.stringContaining('You must be logged in to the server') as string,
    });
    const second = await runClusterJob(world, rotated!['value']);
    expect(second.log).toContain('kustomization.kustomize.toolkit.fluxcd.io "collector" deleted');
    expect(second.code).toBe(0);
    // Flux removed what it had deployed, before the job deleted the source.
    expect(await read(world.cluster, 'deployment', 'collector', 'collector')).toBeUndefined();
    expect(await read(world.cluster, 'gitrepository', 'collector', 'flux-system')).toBeUndefined();
    expect(await read(world.cluster, 'namespace', 'collector')).toBeDefined();
    await eventually(async () => {
      expect(await read(world.cluster, 'configmap', 'settings', 'store')).toBeDefined();
    });
  }, 600_000);

  test('a push below systems is applied though Flux asks every ten minutes', async () => {
    const [variable] = await variablesOf(world);
    const path = Object.keys(world.project.files()).find(
      (each) => each.startsWith('systems/store/base/') && world.project.file(each).includes('number:'),
    )!;
    const seconds: string[] = [];
    for (const number of ['1', '2', '3', '4', '5']) {
      const content = world.project.file(path).replace(/number: .*/, `number: "${number}"`);
      const started = Date.now();
      await world.project.commit([{ action: 'update', file_path: path, content }]);
      expect(await runClusterJob(world, variable!['value'])).toMatchObject({ code: 0 });
      const ran = (Date.now() - started) / 1000;
      await eventually(async () => {
        expect((await read(world.cluster, 'configmap', 'settings', 'store'))?.['data'].number).toBe(number);
      });
      seconds.push(`${((Date.now() - started) / 1000).toFixed(1)} s (of which the job ${ran.toFixed(1)} s)`);
    }
    process.stderr.write(`from push to applied, pipeline: ${seconds.join(', ')}\n`);
  }, 240_000);
});
