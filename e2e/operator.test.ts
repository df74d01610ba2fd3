// Flux by flux-operator: deploy, an empty second plan, a change, a new credential, destroy.
import { withoutOperatorChart } from '../__tests__/support/operator-chart';
import { FluxPatch } from '../lib/model/flux/flux-patch';
import { type OperatorInstallationProps } from '../lib/model/installation/installation-props';
import { eventually, list, read, untilReady } from './support/cluster-state';
import { component, configMap, deployment } from './support/components';
import { describeEndToEnd, OPERATOR_PROGRAMS } from './support/describe';
import { type Stacks, stacksOf, synth } from './support/fleet';
import { createDeployToken, expectNoSecrets, startWorld, type World } from './support/world';

// Of the rig's controllers only one may start anew: source-controller would come back under another address.
const changed = { patches: [FluxPatch.concurrency({ kustomize: 7 })] };
const store = component('store', [configMap('settings'), deployment('store')]);

describeEndToEnd(
  "type: 'operator'",
  () => {
    let world: World;
    let stacks: Stacks;

    const synthOperator = (flux: Partial<OperatorInstallationProps> = {}): void =>
      synth(world, { components: [store], flux: { type: 'operator', version: 'v2.9.4', ...flux } });

    beforeAll(async () => {
      world = await startWorld();
      synthOperator();
      stacks = stacksOf(world);
    }, 120_000);

    test('plans without a state while the cluster cannot be reached', async () => {
      world.reachCluster(false);
      await stacks.cluster.init();
      await stacks.cluster.succeed('validate');
      expect(await stacks.cluster.planChanges()).toContain('to add, 0 to change, 0 to destroy');
      world.reachCluster(true);
    });

    test('deploys the operator, Flux and the components, and is ready when Flux is', async () => {
      await stacks.repository.init();
      await stacks.repository.apply();
      await stacks.cluster.apply();
      const root = await read(world.cluster, 'kustomization', 'flux-system', 'flux-system');
      expect(root?.['status'].lastAppliedRevision).toMatch(/^refs\/heads\/main@sha1:/);
      await untilReady(world.cluster, 'store');
      await stacks.cluster.planNothing();
      await stacks.cluster.planNothing('-refresh=false');
      expectNoSecrets(world, stacks.cluster.printed + stacks.cluster.state());
      expect(world.project.messages().filter((message) => message.startsWith('Add Flux'))).toEqual([]);
    });

    test('changes Flux by a few lines of a plan', async () => {
      synthOperator(changed);
      expect(await stacks.cluster.planChanges()).toContain('0 to add, 1 to change, 0 to destroy');
      await stacks.cluster.apply();
      await eventually(async () => {
        const controller = await read(world.cluster, 'deployment', 'kustomize-controller', 'flux-system');
        expect(controller?.['spec'].template.spec.containers[0].args).toContain('--concurrent=7');
      });
      await stacks.cluster.planNothing();
    });

    test('brings a new credential to Flux', async () => {
      world.secrets.deployToken = await createDeployToken(world.project);
      synthOperator({ ...changed, readCredential: { type: 'variables', revision: 2 } });
      await stacks.cluster.apply();
      const secret = await read(world.cluster, 'secret', 'flux-system', 'flux-system');
      expect(Buffer.from(secret?.['data'].password, 'base64').toString()).toBe(world.secrets.deployToken.token);
      await untilReady(world.cluster, 'flux-system', 'store');
      await stacks.cluster.planNothing();
    });

    test('removes Flux, then the operator, and leaves the workloads', async () => {
      await stacks.cluster.destroy();
      expect(await stacks.cluster.addresses()).toEqual([]);
      expect(await list(world.cluster, 'crd', '--selector=app.kubernetes.io/part-of=flux')).toEqual([]);
      expect(await list(world.cluster, 'deployments', '--namespace=flux-system')).toEqual([]);
      expect(await read(world.cluster, 'namespace', 'flux-system')).toBeUndefined();
      expect(await read(world.cluster, 'deployment', 'store', 'store')).toBeDefined();
      expect(Object.keys(world.project.files()).filter((path) => path.startsWith('clusters/'))).toEqual([]);
    });
  },
  ['hashicorp/helm', 'hashicorp/kubernetes'],
  { programs: OPERATOR_PROGRAMS, reason: withoutOperatorChart },
);
