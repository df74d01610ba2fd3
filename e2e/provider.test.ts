// Flux by the Terraform provider fluxcd/flux: deploy, an empty second plan, a new credential, destroy.
import { type ProviderInstallationProps } from '../lib/model/installation/installation-props';
import { list, read, untilReady } from './support/cluster-state';
import { component, configMap, deployment } from './support/components';
import { describeEndToEnd } from './support/describe';
import { type FleetOptions, type Stacks, stacksOf, synth } from './support/fleet';
import { createDeployToken, expectNoSecrets, startWorld, type World } from './support/world';

const store = component('store', [configMap('settings'), deployment('store')]);
const fleet = (flux: ProviderInstallationProps = {}): FleetOptions => ({
  components: [store],
  flux: { type: 'provider', ...flux },
});

describeEndToEnd(
  "type: 'provider'",
  () => {
    let world: World;
    let stacks: Stacks;

    beforeAll(async () => {
      world = await startWorld();
      synth(world, fleet());
      stacks = stacksOf(world);
    }, 120_000);

    test('plans without a state while the cluster cannot be reached', async () => {
      world.reachCluster(false);
      await stacks.cluster.init();
      await stacks.cluster.succeed('validate');
      expect(await stacks.cluster.planChanges()).toContain('to add, 0 to change, 0 to destroy');
      world.reachCluster(true);
    });

    test('deploys Flux and the components', async () => {
      await stacks.repository.init();
      await stacks.repository.apply();
      await stacks.cluster.apply();
      await untilReady(world.cluster, 'flux-system', 'store');
      expect(await read(world.cluster, 'deployment', 'store', 'store')).toBeDefined();
      const secrets = await list(world.cluster, 'secrets', '--namespace=flux-system');
      const others = secrets.filter((name) => !name.includes('/sh.helm.release.'));
      expect(others).toEqual(['Secret/flux-system', 'Secret/git-credentials']);
    });

    test('a second plan is empty, and neither state nor output holds a secret', async () => {
      await stacks.cluster.planNothing();
      expectNoSecrets(world, stacks.cluster.state());
      expectNoSecrets(world, stacks.cluster.printed);
    });

    test('a new credential is one deploy', async () => {
      world.secrets.deployToken = await createDeployToken(world.project);
      synth(world, fleet({ readCredential: { type: 'variables', revision: 2 } }));
      await stacks.cluster.apply();
      const secret = await read(world.cluster, 'secret', 'flux-system', 'flux-system');
      expect(Buffer.from(secret?.['data'].password, 'base64').toString()).toBe(world.secrets.deployToken.token);
      await stacks.cluster.planNothing();
    });

    test('destroy removes Flux and its files; the workloads stay', async () => {
      await stacks.cluster.destroy();
      expect(await list(world.cluster, 'crds', '--selector=app.kubernetes.io/part-of=flux')).toEqual([]);
      expect(await read(world.cluster, 'namespace', 'flux-system')).toBeUndefined();
      expect(await read(world.cluster, 'deployment', 'store', 'store')).toBeDefined();
      expect(Object.keys(world.project.files()).filter((path) => path.startsWith('clusters/'))).toEqual([]);
    });
  },
  ['hashicorp/helm', 'hashicorp/kubernetes', 'fluxcd/flux'],
);
