// From a key of age on the disk of a person to decrypted Secrets on the cluster, with nothing done by hand in between.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { findProgram } from '../__tests__/support/rig';
import { GitCredential } from '../lib/model/component/git-credential';
import { GitSource } from '../lib/model/component/git-source';
import { KustomizeBase } from '../lib/model/component/kustomize-base';
import { KustomizeComponent } from '../lib/model/component/kustomize-component';
import { FluxPatch } from '../lib/model/flux/flux-patch';
import { eventually, read, untilReady } from './support/cluster-state';
import { component, configMap } from './support/components';
import { describeEndToEnd } from './support/describe';
import { deploy, type FleetOptions, type Stacks, synth } from './support/fleet';
import { expectNoSecrets, startWorld, type World } from './support/world';

/** A key of age, as `age-keygen` writes it. */
interface AgeKey {
  readonly file: string;
  readonly text: string;
  readonly recipient: string;
}

describeEndToEnd(
  'Secrets that SOPS encrypted for age',
  () => {
    let world: World;
    let stacks: Stacks;
    const keys: AgeKey[] = [];
    const run = (program: string, ...args: string[]): string =>
      execFileSync(findProgram(program)!, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

    function newKey(name: string): AgeKey {
      const file = join(world.directory, `${name}.agekey`);
      run('age-keygen', '--output', file);
      const key = { file, text: readFileSync(file, 'utf8'), recipient: run('age-keygen', '-y', file).trim() };
      keys.push(key);
      return key;
    }

    /** Writes an encrypted Secret into the directory of the person. */
    function encrypted(
      path: string,
      key: AgeKey,
      namespace: string,
      name: string,
      data: Readonly<Record<string, string>>,
    ): string {
      const file = join(world.directory, path);
      mkdirSync(dirname(file), { recursive: true });
      const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, stringData: data };
      writeFileSync(file, JSON.stringify(secret));
      const text = run(
        'sops',
        'encrypt',
        '--encrypted-regex',
        '^(data|stringData)$',
        '--age',
        key.recipient,
        '--output-type',
        'yaml',
        file,
      );
      writeFileSync(file, text);
      return file;
    }

    /** A component with an encrypted Secret, and one whose source has an encrypted credential, which the root decrypts. */
    function fleet(key: AgeKey, revision: number, password: string): FleetOptions {
      encrypted('login/secret.yaml', key, 'login', 'login', { password });
      writeFileSync(join(world.directory, 'login/kustomization.yaml'), 'resources: [secret.yaml]\n');
      const { username, token } = world.secrets.deployToken;
      const credential = encrypted('store-git.yaml', key, 'store', 'store-git', {
        username,
        password: token,
        'ca.crt': world.gitlab.certificate,
      });
      const login = new KustomizeComponent({
        name: 'login',
        base: KustomizeBase.directory(join(world.directory, 'login')),
        decryption: {},
        retryInterval: '3s',
      });
      const store = component('store', [configMap('settings')], {
        source: GitSource.gitOpsRepository({ credential: GitCredential.sops(credential) }),
      });
      const decryption = {
        secretName: 'sops-age',
        recipients: [key.recipient],
        terraform: { revision },
        forComponents: true,
      };
      process.env['TF_VAR_sops_age_key'] = key.text;
      return { components: [login, store], flux: { patches: [FluxPatch.rootDecryption(decryption)] } };
    }

    const passwordOnCluster = async (): Promise<string> => {
      const secret = await read(world.cluster, 'secret', 'login', 'login');
      return Buffer.from(String(secret?.['data']?.password), 'base64').toString();
    };

    beforeAll(async () => {
      world = await startWorld();
    }, 120_000);
    afterAll(() => delete process.env['TF_VAR_sops_age_key']);

    test('are on the cluster after the first deploy', async () => {
      stacks = await deploy(world, fleet(newKey('first'), 1, 'one'));
      await untilReady(world.cluster, 'login', 'store');
      expect(await passwordOnCluster()).toBe('one');
      const kustomization = await read(world.cluster, 'kustomization', 'login', 'login');
      expect(kustomization?.['spec'].decryption).toEqual({ provider: 'sops' });
    });

    test('are decrypted with another key after the next one', async () => {
      synth(world, fleet(newKey('second'), 2, 'two'));
      await stacks.repository.apply();
      await stacks.cluster.apply();
      await eventually(async () => expect(await passwordOnCluster()).toBe('two'));
      await untilReady(world.cluster, 'login', 'store');
      await stacks.cluster.planNothing();
    });

    test('leave no key in state, plan and log', () => {
      const state = readFileSync(join(world.directory, 'terraform.dev-uni-dev.tfstate'), 'utf8');
      for (const text of [state, stacks.cluster.printed, stacks.repository.printed]) {
        expectNoSecrets(world, text);
        expect(text).not.toContain('AGE-SECRET-KEY');
      }
      expect(keys).toHaveLength(2);
    });
  },
  undefined,
  { programs: ['age-keygen', 'sops'] },
);
