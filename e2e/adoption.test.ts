// Clusters that somebody bootstrapped with the flux CLI come under Terraform: no byte of Flux's own files changes.
import { execFile } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { findProgram, sharedDirectory } from '../__tests__/support/rig';
import { type BootstrapInstallationProps } from '../lib/model/installation/installation-props';
import { read, untilReady } from './support/cluster-state';
import { describeEndToEnd } from './support/describe';
import { stacksOf, synth } from './support/fleet';
import { expectNoSecrets, startWorld, type World } from './support/world';

const DIRECTORY = 'clusters/uni-dev/flux-system';
const ADOPT = 'import {\n  to = kubernetes_namespace_v1.Flux_Namespace_AFF04D5B\n  id = "flux-system"\n}\n';

/** Flags of the CLI, and the same said to Terraform. */
const cases: [string, string[], Partial<BootstrapInstallationProps>][] = [
  ['no flags', [], {}],
  ['no flags, and gotkFiles: flux', [], { gotkFiles: 'flux', fluxBundle: undefined }],
  [
    'many flags',
    [
      '--components=source-controller,kustomize-controller,notification-controller,helm-controller',
      '--components-extra=source-watcher,image-reflector-controller',
      '--toleration-keys=node.kubernetes.io/dedicated,123',
      '--network-policy=false',
      '--log-level=debug',
      '--cluster-domain=k8s.example.com',
      '--registry=registry.example.com:5000/flux',
      '--image-pull-secret=regcred',
      '--interval=90s',
      '--recurse-submodules=true',
      '--commit-message-appendix=[skip ci]',
    ],
    {
      controllers: [
        'source-controller',
        'kustomize-controller',
        'notification-controller',
        'helm-controller',
        'source-watcher',
        'image-reflector-controller',
      ],
      tolerationKeys: ['node.kubernetes.io/dedicated', '123'],
      networkPolicy: false,
      logLevel: 'debug',
      clusterDomain: 'k8s.example.com',
      registry: 'registry.example.com:5000/flux',
      imagePullSecret: 'regcred',
      interval: '90s',
      recurseSubmodules: true,
    },
  ],
];

describeEndToEnd('a cluster that the flux CLI bootstrapped', () => {
  describe.each(cases)('with %s', (_, flags, settings) => {
    let world: World;
    const files = (): Record<string, string> =>
      Object.fromEntries(Object.entries(world.project.files()).filter(([path]) => path.startsWith(DIRECTORY)));

    beforeAll(async () => {
      world = await startWorld();
      const { gitlab, cluster, secrets } = world;
      const target = ['--owner=platform', '--repository=fleet', '--branch=main', '--path=clusters/uni-dev'];
      const host = [`--hostname=${new URL(gitlab.secureUrl).host}`, `--ca-file=${gitlab.certificateFile}`];
      const args = ['bootstrap', 'gitlab', '--token-auth', ...target, ...host, ...flags];
      const env = { ...process.env, KUBECONFIG: cluster.kubeconfig, GITLAB_TOKEN: secrets.bootstrapToken };
      await promisify(execFile)(findProgram('flux')!, args, { env });
    }, 180_000);

    test('no byte of its files changes, and Flux reads with a token that cannot push', async () => {
      const [before, { uid }] = [
        files(),
        (await read(world.cluster, 'kustomization', 'flux-system', 'flux-system'))!.metadata,
      ];
      expect(Object.keys(before).map((path) => path.slice(DIRECTORY.length + 1))).toEqual([
        'gotk-components.yaml',
        'gotk-sync.yaml',
        'kustomization.yaml',
      ]);
      const commits = world.project.messages().length;
      const flux = {
        gotkFiles: 'terraform',
        fluxBundle: join(sharedDirectory, 'data/flux-v2.9.4'),
        interval: '1m',
      } as const;
      synth(world, { flux: { patches: [], ...flux, ...settings } });
      const { cluster } = stacksOf(world);
      const blocks = join(cluster.directory, 'adopt.tf');
      writeFileSync(blocks, ADOPT);
      await cluster.init();
      // Imported, its token would be in the state.
      await world.cluster.kubectl(['delete', 'secret', 'flux-system', '--namespace=flux-system']);
      await cluster.apply();
      rmSync(blocks);

      expect(files()).toEqual(before);
      const changes = world.project.changes(world.project.messages().length - commits);
      expect(changes.filter((change) => change.includes(DIRECTORY))).toEqual([]);
      await untilReady(world.cluster, 'flux-system');
      expect((await read(world.cluster, 'kustomization', 'flux-system', 'flux-system'))!.metadata.uid).toBe(uid);
      const secret = await read(world.cluster, 'secret', 'flux-system', 'flux-system');
      expect(Buffer.from(secret!['data'].password, 'base64').toString()).toBe(world.secrets.deployToken.token);
      await cluster.planNothing();
      expectNoSecrets(world, cluster.state());
    });
  });
});
