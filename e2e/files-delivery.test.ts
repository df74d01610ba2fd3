// The delivery files(): a resource of the provider of GitLab for each file.
import { untilReady } from './support/cluster-state';
import { component, configMap } from './support/components';
import { describeEndToEnd } from './support/describe';
import { type Stacks, stacksOf, synth } from './support/fleet';
import { allowOlderProvider } from './support/older-provider';
import { expectNoSecrets, startWorld, type World } from './support/world';

describeEndToEnd(
  'the delivery files()',
  () => {
    let world: World;
    let stacks: Stacks;
    let older = false;
    const synthesize = async (value: string): Promise<void> => {
      synth(world, {
        components: [component('store', [configMap('settings', { value })])],
        delivery: { type: 'files' },
      });
      stacks = stacksOf(world);
      for (const stack of [stacks.repository, stacks.cluster]) {
        await stack.init();
        older = await allowOlderProvider(stack);
      }
    };

    beforeAll(async () => {
      world = await startWorld();
    }, 120_000);

    test('brings a component to the cluster; a second plan is empty', async () => {
      await synthesize('one ${TWO} %{three}');
      await stacks.repository.apply();
      await stacks.cluster.apply();
      await untilReady(world.cluster, 'flux-system', 'store');
      expect(world.project.file('systems/store/base/configmap-settings.yaml')).toContain('one ${TWO} %{three}');
      // Although flux has filled gotk-sync.yaml.
      for (const stack of [stacks.repository, stacks.cluster]) await stack.planNothing();
      for (const stack of [stacks.repository, stacks.cluster]) {
        expectNoSecrets(world, stack.state());
        expectNoSecrets(world, stack.printed);
      }
    });

    test('a change is one commit', async () => {
      if (older) {
        process.stderr.write('not run: this provider of GitLab takes every update for base64\n');
        return;
      }
      await synthesize('two');
      const commits = world.project.messages().length;
      expect(await stacks.repository.apply()).toContain('0 added, 1 changed, 0 destroyed');
      expect(world.project.messages()).toHaveLength(commits + 1);
      await stacks.cluster.planNothing();
    });

    test('destroy leaves what flux wrote', async () => {
      await stacks.cluster.destroy();
      await stacks.repository.destroy();
      const files = Object.keys(world.project.files()).filter((path) => path !== 'README.md');
      expect(files).toEqual(['clusters/uni-dev/flux-system/gotk-components.yaml']);
    });
  },
  ['hashicorp/helm', 'hashicorp/kubernetes', 'gitlabhq/gitlab'],
);
