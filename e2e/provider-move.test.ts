// From the flux CLI to the Terraform provider of Flux and back: Flux's files and the workloads stay.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { type DeliveryDefinition } from '../lib/model/fleet/definition/fleet-definition';
import { eventually, list, read, untilReady } from './support/cluster-state';
import { component, configMap, deployment } from './support/components';
import { describeEndToEnd } from './support/describe';
import { deploy, type FleetOptions, type Stacks, synth } from './support/fleet';
import { startWorld, type World } from './support/world';

const store = component('store', [configMap('settings'), deployment('store')]);
const [release, provider] = ['helm_release.Flux_2595E608', 'flux_bootstrap_git.Flux_2595E608'];
const forget = (address: string): string =>
  `removed {\n  from = ${address}\n  lifecycle {\n    destroy = false\n  }\n}\n`;

describeEndToEnd(
  'moving between the ways to install Flux',
  () => {
    let world: World;
    let stacks: Stacks;
    const fleet = (type: 'bootstrap' | 'provider', delivery?: DeliveryDefinition): FleetOptions => ({
      components: [store],
      delivery,
      flux: { type },
    });
    const uid = async (): Promise<string> =>
      (await read(world.cluster, 'deployment', 'store', 'store'))?.['metadata'].uid;

    /** A deploy with blocks in a file beside the synthesized stack. */
    const moveTo = async (type: 'bootstrap' | 'provider', blocks = ''): Promise<string> => {
      synth(world, fleet(type));
      const file = join(stacks.cluster.directory, 'move.tf');
      writeFileSync(file, blocks);
      await stacks.cluster.succeed('init', '-input=false');
      const output = await stacks.cluster.apply();
      rmSync(file);
      return output;
    };

    /**
     * Controllers of the rig have no Service: after another version of Flux, kustomize-controller looks for the copy of
     * Git where source-controller was, and gives up after ten minutes.
     */
    const renewKustomizeController = async (version: string): Promise<void> => {
      await eventually(async () => {
        const selector = `--selector=app.kubernetes.io/part-of=flux,app.kubernetes.io/version=${version}`;
        expect(await list(world.cluster, 'deployments', '--namespace=flux-system', selector)).toEqual([]);
      }, 180_000);
      const controllers = ['deployment/source-controller', 'deployment/kustomize-controller'];
      await world.cluster.kubectl(['rollout', 'status', ...controllers, '--namespace=flux-system', '--timeout=60s']);
      await world.cluster.kubectl(['delete', 'pod', '--namespace=flux-system', '--selector=app=kustomize-controller']);
    };

    beforeAll(async () => {
      world = await startWorld();
      stacks = await deploy(world, fleet('bootstrap'));
      await untilReady(world.cluster, 'flux-system', 'store');
    }, 180_000);

    test('to the provider', async () => {
      const workload = await uid();
      const [output] = await Promise.all([moveTo('provider', forget(release)), renewKustomizeController('v2.9.4')]);
      expect(output).toContain('will no longer be managed by Terraform, but will not be destroyed');
      await untilReady(world.cluster, 'flux-system', 'store');
      expect(await uid()).toBe(workload);
      await stacks.cluster.planNothing();
      expect(await list(world.cluster, 'secrets', '--namespace=flux-system', '--selector=owner!=helm')).toEqual([
        'Secret/flux-system',
        'Secret/git-credentials',
      ]);
    });

    test('and back to the flux CLI', async () => {
      const workload = await uid();
      // The provider is no longer configured, and a block `removed` would need it.
      await stacks.cluster.succeed('state', 'rm', provider);
      await Promise.all([moveTo('bootstrap'), renewKustomizeController('v2.8.5')]);
      await untilReady(world.cluster, 'flux-system', 'store');
      expect(await uid()).toBe(workload);
      await stacks.cluster.planNothing();
    });
  },
  ['hashicorp/helm', 'hashicorp/kubernetes', 'fluxcd/flux'],
);
