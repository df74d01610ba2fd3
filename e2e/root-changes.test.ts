// Changes of a running cluster that change what its root needs: each deploy that says complete is complete, and each that
// is not says why, in Flux's own words.
import { Trigger } from '../lib/model/cluster/trigger';
import { GitCredential } from '../lib/model/component/git-credential';
import { GitSource } from '../lib/model/component/git-source';
import { KustomizeBase } from '../lib/model/component/kustomize-base';
import { KustomizeComponent } from '../lib/model/component/kustomize-component';
import { FluxPatch } from '../lib/model/flux/flux-patch';
import { podLog, read, untilReady } from './support/cluster-state';
import { component, configMap } from './support/components';
import { describeEndToEnd } from './support/describe';
import { deploy, type FleetOptions, type Stacks, synth } from './support/fleet';
import { expectNoSecrets, startWorld, type World } from './support/world';

describeEndToEnd('changes of what the root needs', () => {
  let world: World;
  let stacks: Stacks;
  const store = component('store', [configMap('settings')]);
  const root = async (): Promise<any> => read(world.cluster, 'kustomization', 'flux-system', 'flux-system');

  /** Deploys both stacks, and expects Flux to have applied what is in Git when it says that it is complete. */
  async function change(options: FleetOptions): Promise<void> {
    synth(world, options);
    await stacks.repository.apply();
    const { code, output } = await stacks.cluster.tryApply();
    // The provider of helm says so once when what a failed upgrade brought is taken back.
    if (code !== 0) expect(output).toContain('Provider produced inconsistent result after apply');
    if (code !== 0) await stacks.cluster.apply();
    const { status } = await root();
    const head = (await world.project.api('GET', '/repository/commits/main')).id as string;
    expect(status.lastAppliedRevision).toContain(head);
    expect(status.conditions.find(({ type }: { type: string }) => type === 'Ready').status).toBe('True');
    await stacks.cluster.planNothing();
  }

  /** Deploys, and expects that it fails with words of Flux in the log of the Job. */
  async function refuse(options: FleetOptions, words: string | RegExp): Promise<void> {
    synth(world, options);
    await stacks.repository.apply();
    const { code, output } = await stacks.cluster.tryApply();
    expect(code).toBe(1);
    expect(output).toContain('job flux-root failed');
    expectNoSecrets(world, output);
    expect(podLog(world.kubelet, 'flux-root')).toMatch(words);
  }

  beforeAll(async () => {
    world = await startWorld();
    stacks = await deploy(world, { components: [store], flux: { patches: [] } });
    await untilReady(world.cluster, 'store');
  }, 300_000);

  test.each<[string, Trigger]>([
    ['from interval to webhook', Trigger.webhook()],
    ['and back', Trigger.interval({ every: '10s' })],
    ['from interval to agent', Trigger.agent()],
    ['from agent to webhook', Trigger.webhook()],
  ])('%s', async (_, trigger) => {
    await change({ components: [store], trigger, flux: { patches: [] } });
  });

  test('the first component with a credential of its own', async () => {
    const url = `${world.gitlab.secureUrl}/${world.project.path}.git`;
    const source = GitSource.git({ url, ref: { branch: 'main' }, credential: GitCredential.terraform() });
    const own = new KustomizeComponent({ name: 'own', base: KustomizeBase.path('./systems/store/base'), source });
    Object.assign(process.env, { TF_VAR_git_username_own: 'own', TF_VAR_git_password_own: 'own-secret' });
    await change({ components: [store, own], flux: { patches: [] } });
    await change({ components: [store], flux: { patches: [] } });
  });

  test('decryption with a Secret that is not there fails with what Flux says, and goes away again', async () => {
    const patches = [FluxPatch.rootDecryption({ secretName: 'sops-age' })];
    await refuse({ components: [store], flux: { patches } }, /sops-age.*not found/);
    await change({ components: [store], flux: { patches: [] } });
    expect((await root()).spec.decryption).toBeUndefined();
  });

  test('a deploy token that is wrong after a rotation fails with what Git says, and the right one heals it', async () => {
    const { deployToken } = world.secrets;
    const rotated = (revision: number): FleetOptions => ({
      components: [store],
      flux: { patches: [], readCredential: { type: 'variables', revision } },
    });
    world.secrets.deployToken = { ...deployToken, token: 'gldt-nobody-knows-this-one' };
    await refuse(rotated(2), /authentication required|401|403/i);
    world.secrets.deployToken = deployToken;
    await change(rotated(3));
  });
});
