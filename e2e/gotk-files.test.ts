// Flux's own files by the flux CLI, then by Terraform, then by the CLI again: no byte of them and no workload changes.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import { findProgram, sharedDirectory } from '../__tests__/support/rig';
import { list, read, untilReady } from './support/cluster-state';
import { component, configMap, deployment } from './support/components';
import { describeEndToEnd } from './support/describe';
import { deploy, type FleetOptions, type Stacks, stacksOf, synth } from './support/fleet';
import { allowOlderProvider } from './support/older-provider';
import { expectNoSecrets, startWorld, type World } from './support/world';

const store = component('store', [configMap('settings'), deployment('store')]);
const terraform = { gotkFiles: 'terraform' as const, fluxBundle: join(sharedDirectory, 'data/flux-v2.9.4') };
const fleet = (flux: FleetOptions['flux'] = {}): FleetOptions => ({ components: [store], flux });
const FILES = ['gotk-components.yaml', 'gotk-sync.yaml'].map((name) => `clusters/uni-dev/flux-system/${name}`);

describeEndToEnd("gotkFiles: 'terraform'", () => {
  let world: World;
  let stacks: Stacks;
  const files = (): readonly (string | undefined)[] => FILES.map((path) => world.project.file(path));
  const uid = async (): Promise<string> =>
    (await read(world.cluster, 'deployment', 'store', 'store'))?.['metadata'].uid;

  beforeAll(async () => {
    world = await startWorld();
  }, 120_000);

  test('from nothing: Flux runs, the files are those of the flux CLI, and no token that pushes is on the cluster', async () => {
    stacks = await deploy(world, fleet(terraform));
    await untilReady(world.cluster, 'flux-system', 'store');
    const [components] = files();
    const exported = execFileSync(findProgram('flux')!, ['install', '--export', '--version=v2.9.4'], {
      encoding: 'utf8',
      maxBuffer: 1 << 24,
    });
    expect(components === exported).toBe(true);
    const secrets = await list(world.cluster, 'secrets', '--namespace=flux-system');
    expect(secrets.filter((name) => !name.includes('sh.helm.release'))).toEqual([
      'Secret/flux-system',
      'Secret/git-credentials',
    ]);
    expect(world.project.messages().filter((message) => message.startsWith('Add Flux'))).toEqual([]);
    await stacks.cluster.planNothing();
    expectNoSecrets(world, stacks.cluster.state());
    expect(stacks.cluster.state().length).toBeLessThan(100_000);
  });

  test('to the flux CLI and back: the files and the workloads stay as they are', async () => {
    const [before, workload] = [files(), await uid()];
    synth(world, fleet());
    await stacks.cluster.apply();
    expect(files()).toEqual(before);
    expect(await uid()).toBe(workload);
    await untilReady(world.cluster, 'flux-system', 'store');
    await stacks.cluster.planNothing();

    synth(world, fleet({ ...terraform }));
    await stacks.cluster.apply();
    expect(files()).toEqual(before);
    expect(await uid()).toBe(workload);
    await untilReady(world.cluster, 'flux-system', 'store');
    await stacks.cluster.planNothing();
  });

  test('another log level is a few lines in the plan, and reaches the controllers through Git', async () => {
    synth(world, fleet({ ...terraform, logLevel: 'debug' }));
    const plan = await stacks.cluster.planChanges();
    expect(plan.split('\n').length).toBeLessThan(300);
    expect(plan).not.toContain('CustomResourceDefinition');
    expect(plan.split('\n').filter((line) => /^\s+~ "clusters\/.*gotk/.test(line))).toHaveLength(1);
    await stacks.cluster.apply();
    const controller = await read(world.cluster, 'deployment', 'source-controller', 'flux-system');
    expect(controller?.['spec'].template.spec.containers[0].args).toContain('--log-level=debug');
    await stacks.cluster.planNothing();
    // The new kustomize-controller asks the address of the source-controller before it for minutes: here Pods have no Service.
  }, 600_000);

  test('destroy removes Flux, and its files from Git', async () => {
    await stacks.cluster.destroy();
    expect(await list(world.cluster, 'crds', '--selector=app.kubernetes.io/part-of=flux')).toEqual([]);
    expect(Object.keys(world.project.files()).filter((path) => path.startsWith('clusters/uni-dev'))).toEqual([]);
    expect(await read(world.cluster, 'deployment', 'store', 'store')).toBeDefined();
  });
});

describeEndToEnd(
  "gotkFiles: 'terraform' with the delivery files()",
  () => {
    let world: World;
    let stacks: Stacks;

    beforeAll(async () => {
      world = await startWorld();
    }, 120_000);

    test('a plan names version and digest and hides the text, and Flux runs', async () => {
      synth(world, { ...fleet(terraform), delivery: { type: 'files' } });
      stacks = stacksOf(world);
      for (const stack of [stacks.repository, stacks.cluster]) {
        await stack.init();
        await allowOlderProvider(stack);
      }
      const plan = await stacks.cluster.planChanges();
      expect(plan).toMatch(/gotk-components\.yaml: Flux v2\.9\.4, SHA-256 [0-9a-f]{64}/);
      expect(plan).not.toContain('CustomResourceDefinition');
      await stacks.repository.apply();
      await stacks.cluster.apply();
      await untilReady(world.cluster, 'flux-system', 'store');
      const exported = execFileSync(findProgram('flux')!, ['install', '--export', '--version=v2.9.4'], {
        encoding: 'utf8',
        maxBuffer: 1 << 24,
      });
      expect(world.project.file(FILES[0]!) === exported).toBe(true);
      for (const stack of [stacks.repository, stacks.cluster]) await stack.planNothing();
      expectNoSecrets(world, stacks.cluster.state());
    });

    test('destroy removes Flux, and its files from Git', async () => {
      await stacks.cluster.destroy();
      expect(await list(world.cluster, 'crds', '--selector=app.kubernetes.io/part-of=flux')).toEqual([]);
      expect(Object.keys(world.project.files()).filter((path) => path.startsWith('clusters/uni-dev'))).toEqual([]);
    });
  },
  ['hashicorp/helm', 'hashicorp/kubernetes', 'gitlabhq/gitlab'],
);
