// The deploy token with which Flux reads Git is replaced, after the old one has stopped working.
import { eventually, readiness, untilReady } from './support/cluster-state';
import { component, configMap } from './support/components';
import { describeEndToEnd } from './support/describe';
import { deploy, type FleetOptions, synth } from './support/fleet';
import { createDeployToken, startWorld, type World } from './support/world';

describeEndToEnd('rotation of the token with which Flux reads Git', () => {
  let world: World;
  const components = [component('store', [configMap('settings')]), component('collector', [configMap('rules')])];
  const fleet = (revision: number): FleetOptions => ({
    components,
    flux: { readCredential: { type: 'variables', revision } },
  });
  const sources = ['flux-system', 'store', 'collector'];
  const untilSources = (ready: boolean): Promise<void> =>
    eventually(async () => {
      const states = sources.map((name) => readiness(world.cluster, 'gitrepository', name, name));
      expect((await Promise.all(states)).map((state) => state.ready)).toEqual(sources.map(() => ready));
    });

  beforeAll(async () => {
    world = await startWorld();
  }, 120_000);

  test('is one deploy, without another bootstrap', async () => {
    const stacks = await deploy(world, fleet(1));
    await untilReady(world.cluster, 'store', 'collector');
    const bootstraps = (): number => world.kubelet.output().split('flux-system/flux-cli-bootstrap').length - 1;
    expect(bootstraps()).toBe(1);

    await world.project.api('DELETE', `/deploy_tokens/${world.secrets.deployToken.id}`);
    world.secrets.deployToken = await createDeployToken(world.project);
    await untilSources(false);

    synth(world, fleet(2));
    await stacks.repository.planNothing();
    const started = Date.now();
    // Two Secrets, and the release that waits for what Flux reads with them.
    expect(await stacks.cluster.apply()).toContain('0 added, 3 changed, 0 destroyed');
    await untilSources(true);
    process.stderr.write(`all sources were ready ${(Date.now() - started) / 1000} s after apply began\n`);
    expect(bootstraps()).toBe(1);
    await stacks.cluster.planNothing();
  });
});
