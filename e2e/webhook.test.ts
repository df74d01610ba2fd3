// The trigger webhook: a push to GitLab reaches the cluster by a project hook, from the first deploy to a new token.
import { randomBytes } from 'node:crypto';

import { freePorts } from '../__tests__/support/rig';
import { Trigger } from '../lib/model/cluster/trigger';
import { FluxPatch } from '../lib/model/flux/flux-patch';
import { eventually, list, read, untilReady } from './support/cluster-state';
import { component, configMap } from './support/components';
import { describeEndToEnd } from './support/describe';
import { type FleetOptions, type Stacks, stacksOf, synth } from './support/fleet';
import { leaveOutUnknown } from './support/older-provider';
import { expectNoSecrets, startWorld, type World } from './support/world';

const URL = 'https://flux.uni-dev.example.com';
const BASE = 'systems/store/base/config-map-settings.yaml';
const webhook = Trigger.webhook({ url: URL, ingress: { className: 'nginx' } });
const fleet = (options: FleetOptions = {}): FleetOptions => ({
  components: [component('store', [configMap('settings', { number: '0' })])],
  trigger: webhook,
  flux: { interval: '1h' },
  ...options,
});

describeEndToEnd(
  'the trigger webhook',
  () => {
    let world: World;
    let stacks: Stacks;
    let port: string;
    let pushes = 0;

    const deployCluster = async (options: FleetOptions = {}): Promise<void> => {
      synth(world, fleet(options));
      await stacks.cluster.init();
      await leaveOutUnknown(stacks.cluster, 'gitlab_project_hook');
      await stacks.cluster.apply();
    };
    const hooks = () => world.project.api('GET', '/hooks') as Promise<{ id: number; url: string }[]>;
    const receiver = (namespace: string) => read(world.cluster, 'receiver', 'webhook', namespace);

    /** Pushes a change of the workload, as somebody else. */
    const push = async (): Promise<string> => {
      const number = String(++pushes);
      const path = Object.keys(world.project.files()).find(
        (each) => each.startsWith('systems/store/base/') && world.project.file(each).includes('kind: ConfigMap'),
      );
      const content = world.project.file(path ?? BASE).replace(/number: .*/, `number: "${number}"`);
      await world.project.commit([{ action: 'update', file_path: path, content }]);
      return number;
    };
    const untilApplied = (number: string, milliseconds?: number): Promise<void> =>
      eventually(async () => {
        expect((await read(world.cluster, 'configmap', 'settings', 'store'))?.['data'].number).toBe(number);
      }, milliseconds);
    const secondsToApply = async (): Promise<number> => {
      const started = Date.now();
      await untilApplied(await push());
      return (Date.now() - started) / 1000;
    };

    beforeAll(async () => {
      port = String(await freePorts());
      world = await startWorld({ RIG_RECEIVER_PORT: port });
      await world.gitlab.control({ hookMap: { [URL]: `http://127.0.0.1:${port}` } });
      synth(world, fleet());
      stacks = stacksOf(world);
      await stacks.repository.init();
      await stacks.repository.apply();
      await deployCluster();
      await untilReady(world.cluster, 'flux-system', 'store');
    }, 300_000);

    test('the address of the hook is the path of the receiver, and nothing secret is in sight', async () => {
      const { status } = (await receiver('flux-system'))!;
      expect((await hooks()).map(({ url }) => url)).toEqual([`${URL}${String(status.webhookPath)}`]);
      const ingress = await read(world.cluster, 'ingress', 'webhook-receiver', 'flux-system');
      expect(ingress?.['spec'].rules[0].http.paths.map(({ path }: { path: string }) => path)).toEqual([
        status.webhookPath,
      ]);
      expectNoSecrets(world, stacks.cluster.printed);
      expectNoSecrets(world, Object.values(world.project.files()).join('\n'));
      await stacks.cluster.planNothing();
    });

    test('a push is applied though Flux asks once an hour', async () => {
      const seconds = [];
      for (let sample = 0; sample < 5; sample++) seconds.push(await secondsToApply());
      process.stderr.write(`from push to applied, webhook: ${seconds.map((each) => each.toFixed(1)).join(' s, ')} s\n`);
    });

    test('a call with another token changes nothing', async () => {
      const { status } = (await receiver('flux-system'))!;
      const headers = { 'x-gitlab-event': 'Push Hook', 'x-gitlab-token': 'another' };
      const response = await fetch(`http://127.0.0.1:${port}${status.webhookPath}`, {
        method: 'POST',
        headers,
        body: '{}',
      });
      expect(response.ok).toBe(false);
    });

    test('a new token is one deploy; the next push arrives', async () => {
      const [before] = await hooks();
      world.secrets.webhookToken = randomBytes(32).toString('hex');
      await deployCluster();
      const [after, ...others] = await hooks();
      expect(others).toEqual([]);
      expect(after?.url).not.toBe(before?.url);
      await eventually(async () => {
        expect(`${URL}${String((await receiver('flux-system'))?.['status'].webhookPath)}`).toBe(after?.url);
      });
      await secondsToApply();
      await stacks.cluster.planNothing();
    });

    test('under lockdown each namespace has a receiver and a hook of its own', async () => {
      await deployCluster({ flux: { interval: '1h', patches: [FluxPatch.multiTenancyLockdown()] } });
      await untilReady(world.cluster, 'flux-system', 'store');
      await eventually(async () => {
        const paths = await Promise.all(
          ['flux-system', 'store'].map(async (namespace) => (await receiver(namespace))?.['status']?.webhookPath),
        );
        expect((await hooks()).map(({ url }) => url).sort()).toEqual(
          paths.map((path) => `${URL}${String(path)}`).sort(),
        );
      });
      // A push is lost while notification-controller is being replaced.
      await eventually(async () => untilApplied(await push(), 10_000));
    });

    test('to the trigger interval: hooks and receivers go, what runs stays', async () => {
      const uid = async () => (await read(world.cluster, 'configmap', 'settings', 'store'))?.['metadata'].uid;
      const before = await uid();
      // The stack no longer says where GitLab is: what it needs no hook for needs no provider.
      process.env['GITLAB_BASE_URL'] = `${world.gitlab.secureUrl}/api/v4/`;
      synth(world, fleet({ trigger: Trigger.interval({ every: '10s' }), flux: { interval: '10s' } }));
      await stacks.cluster.apply();
      Reflect.deleteProperty(process.env, 'GITLAB_BASE_URL');
      expect(await hooks()).toEqual([]);
      await eventually(async () => expect(await receiver('flux-system')).toBeUndefined());
      const seconds = [await secondsToApply(), await secondsToApply(), await secondsToApply()];
      process.stderr.write(
        `from push to applied, every 10s: ${seconds.map((each) => each.toFixed(1)).join(' s, ')} s\n`,
      );
      expect(await uid()).toBe(before);
    });

    test('destroy removes the hooks', async () => {
      await stacks.cluster.destroy();
      expect(await hooks()).toEqual([]);
      expect(await list(world.cluster, 'crds', '--selector=app.kubernetes.io/part-of=flux')).toEqual([]);
    });
  },
  ['hashicorp/helm', 'hashicorp/kubernetes', 'gitlabhq/gitlab'],
);
