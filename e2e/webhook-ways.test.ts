// The trigger webhook where Flux came by another way than its CLI: a hub with a spoke, and flux-terraform.
import { withoutOperatorChart } from '../__tests__/support/operator-chart';
import { freePorts } from '../__tests__/support/rig';
import { Trigger } from '../lib/model/cluster/trigger';
import { eventually, read, untilReady } from './support/cluster-state';
import { component, configMap } from './support/components';
import { describeEndToEnd, OPERATOR_PROGRAMS } from './support/describe';
import { stacksOf, synth } from './support/fleet';
import { hubStacks, type HubWorld, ownAddress, startHubWorld, synthHub } from './support/hub';
import { leaveOutUnknown } from './support/older-provider';
import { type Terraform } from './support/terraform';
import { expectNoSecrets, startWorld, type World } from './support/world';

const URL = 'https://flux.uni-dev.example.com';
const trigger = Trigger.webhook({ url: URL, ingress: { className: 'nginx' } });
const interval = '1h';

/** `cdktf deploy` of the repository, then of clusters. */
async function deploy(repository: Terraform, clusters: readonly Terraform[]): Promise<void> {
  await repository.init();
  await repository.apply();
  for (const cluster of clusters) {
    await cluster.init();
    await leaveOutUnknown(cluster, 'gitlab_project_hook');
    await cluster.apply();
  }
}

/** Lets the hooks of a world reach the receivers on its cluster. */
async function connectHooks(world: World, port: string): Promise<void> {
  await world.gitlab.control({ hookMap: { [URL]: `http://127.0.0.1:${port}` } });
}

/** The addresses of the hooks. */
async function hooksOf({ project }: World): Promise<readonly string[]> {
  return ((await project.api('GET', '/hooks')) as { url: string }[]).map(({ url }) => url);
}

/** The address at which a Receiver listens. */
async function addressOf({ cluster }: World, namespace: string): Promise<string> {
  return `${URL}${String((await read(cluster, 'receiver', 'webhook', namespace))?.['status']?.webhookPath)}`;
}

/** Pushes a change of a ConfigMap's key `number`, as somebody else. */
async function push({ project }: World, name: string, number: string): Promise<void> {
  const path = Object.keys(project.files()).find(
    (each) => each.startsWith(`systems/${name}/base/`) && project.file(each).includes('kind: ConfigMap'),
  )!;
  const content = project.file(path).replace(/number: .*/, `number: "${number}"`);
  await project.commit([{ action: 'update', file_path: path, content }]);
}

/** Waits until what was pushed is on a cluster. */
async function untilApplied(cluster: World['cluster'], name: string, number: string): Promise<void> {
  await eventually(async () => {
    expect((await read(cluster, 'configmap', 'settings', name))?.['data'].number).toBe(number);
  });
}

describeEndToEnd(
  'the trigger webhook of a hub and a spoke, under lockdown',
  () => {
    let world: HubWorld;
    let stacks: ReturnType<typeof hubStacks>;
    const onHub = [component('collector', [configMap('settings', { number: '0' })])];
    const components = [component('store', [configMap('settings', { number: '0' })])];

    beforeAll(async () => {
      const port = String(await freePorts());
      world = await startHubWorld({ RIG_RECEIVER_PORT: port });
      await connectHooks(world, port);
      synthHub(world, { trigger, onHub, components, hub: { interval, multiTenancyLockdown: {} } });
      stacks = hubStacks(world);
      await deploy(stacks.repository, [stacks.hub, stacks.spoke]);
      await untilReady(
        world.cluster,
        'flux-system',
        'collector',
        'flux-system/webhook-spoke-uni-spoke',
        'uni-spoke/store',
      );
    }, 300_000);

    test('each namespace on the hub has a receiver, and a hook that reaches it', async () => {
      await eventually(async () => {
        const namespaces = ['collector', 'flux-system', 'uni-spoke'];
        const addresses = await Promise.all(namespaces.map((namespace) => addressOf(world, namespace)));
        expect([...(await hooksOf(world))].sort()).toEqual(addresses.sort());
      });
      const ingress = await read(world.cluster, 'ingress', 'webhook-spoke-uni-spoke', 'flux-system');
      expect(`${URL}${ingress?.['spec'].rules[0].http.paths[0].path}`).toBe(await addressOf(world, 'uni-spoke'));
      expectNoSecrets(world, [stacks.hub, stacks.spoke].map(({ printed }) => printed).join(''));
      for (const stack of [stacks.hub, stacks.spoke]) await stack.planNothing();
    });

    test('a push reaches hub and spoke though Flux asks every ten minutes', async () => {
      await push(world, 'collector', '1');
      await untilApplied(world.cluster, 'collector', '1');
      const started = Date.now();
      await push(world, 'store', '2');
      await untilApplied(world.spoke, 'store', '2');
      process.stderr.write(`from push to applied on a spoke, webhook: ${(Date.now() - started) / 1000} s\n`);
    });

    test('a spoke that is removed takes its hook and its receiver along', async () => {
      const address = await addressOf(world, 'uni-spoke');
      await stacks.spoke.destroy();
      expect(await hooksOf(world)).not.toContain(address);
      expect(await read(world.cluster, 'namespace', 'uni-spoke')).toBeUndefined();
      await eventually(async () => {
        for (const kind of ['kustomization', 'ingress', 'secret']) {
          expect(await read(world.cluster, kind, 'webhook-spoke-uni-spoke', 'flux-system')).toBeUndefined();
        }
      });
      await untilReady(world.cluster, 'flux-system', 'collector');
    });
  },
  ['hashicorp/helm', 'hashicorp/kubernetes', 'gitlabhq/gitlab'],
  {
    programs: OPERATOR_PROGRAMS,
    reason: withoutOperatorChart ?? (ownAddress === undefined ? 'this machine has no address but loopback' : undefined),
  },
);

describeEndToEnd(
  'the trigger webhook with flux-terraform',
  () => {
    test('a push is applied though Flux asks once an hour', async () => {
      const port = String(await freePorts());
      const world = await startWorld({ RIG_RECEIVER_PORT: port });
      await connectHooks(world, port);
      const components = [component('store', [configMap('settings', { number: '0' })])];
      synth(world, { components, trigger, flux: { type: 'provider', interval } });
      const { repository, cluster } = stacksOf(world);
      await deploy(repository, [cluster]);
      await untilReady(world.cluster, 'flux-system', 'store');
      await eventually(async () => expect(await hooksOf(world)).toEqual([await addressOf(world, 'flux-system')]));
      await push(world, 'store', '1');
      await untilApplied(world.cluster, 'store', '1');
      await cluster.planNothing();
      await cluster.destroy();
      expect(await hooksOf(world)).toEqual([]);
    }, 600_000);
  },
  ['hashicorp/helm', 'hashicorp/kubernetes', 'gitlabhq/gitlab', 'fluxcd/flux'],
);
