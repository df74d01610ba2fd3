import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { FluxPatch } from '../../../lib/model/flux/flux-patch';
import { rootKustomizationFiles } from '../../../lib/model/flux/root-kustomization';
import { kustomizationFile } from '../../../lib/model/manifest/kustomize';
import { parseObjects, toYaml } from '../../../lib/model/manifest/yaml';
import { findProgram, sharedDirectory } from '../../support/rig';

// The patches on the real manifests of Flux, built by the real kustomize of kubectl and, where it is installed, by Flux.

const MANIFESTS = join(sharedDirectory, 'data/flux-v2.9.4');
const FLUX = findProgram('flux') ?? '';

const reason = !existsSync(MANIFESTS)
  ? `there is no ${MANIFESTS}`
  : findProgram('kubectl') === undefined
    ? 'kubectl is not in RIG_BIN or PATH'
    : undefined;
const noFlux = reason ?? (FLUX === '' ? 'flux is not in RIG_BIN or PATH' : undefined);

interface BuiltObject {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: Record<string, unknown>;
}
interface PodSpec {
  readonly containers: readonly [{ readonly args: readonly string[]; readonly resources: unknown }];
  readonly volumes: readonly unknown[];
  readonly serviceAccountName: string;
  readonly nodeSelector: unknown;
  readonly tolerations: unknown;
  readonly priorityClassName: string;
}

const DEFAULT = ['source-controller', 'kustomize-controller', 'helm-controller', 'notification-controller'];
const EVERY = [...DEFAULT, 'image-reflector-controller', 'image-automation-controller', 'source-watcher'];
const MINIMAL = DEFAULT.slice(0, 2);

const SYNC = toYaml([
  {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'GitRepository',
    metadata: { name: 'flux-system', namespace: 'flux-system' },
    spec: { interval: '1m0s', ref: { branch: 'main' }, url: 'https://gitlab.example.com/platform/fleet.git' },
  },
  {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name: 'flux-system', namespace: 'flux-system' },
    spec: {
      interval: '10m0s',
      path: './clusters/uni-dev',
      prune: true,
      sourceRef: { kind: 'GitRepository', name: 'flux-system' },
    },
  },
]);

const EVERY_PATCH = [
  FluxPatch.multiTenancyLockdown({ workloadIdentity: {} }),
  FluxPatch.concurrency({
    source: 10,
    kustomize: 20,
    helm: 10,
    notification: 6,
    imageReflector: 7,
    imageAutomation: 8,
    sourceWatcher: 9,
  }),
  FluxPatch.resources({ requests: { cpu: '200m' }, limits: { memory: '2Gi' } }),
  FluxPatch.resources({ controllers: ['helm-controller'], limits: { memory: '3Gi' } }),
  FluxPatch.nodePlacement({
    nodeSelector: { role: 'flux' },
    tolerations: [{ key: 'role', operator: 'Equal', value: 'flux', effect: 'NoSchedule' }],
    priorityClassName: 'platform',
  }),
  FluxPatch.sharding({ shards: ['shard1', 'shard2'] }),
  FluxPatch.rootDecryption({ secretName: 'sops-age', forComponents: true }),
  FluxPatch.rootSubstitution('git-credentials'),
];

(reason === undefined ? describe : describe.skip)(
  `patches on the manifests of Flux 2.9.4${reason === undefined ? '' : ` (skipped: ${reason})`}`,
  () => {
    jest.setTimeout(120_000);
    const directories: string[] = [];
    afterAll(() => directories.forEach((directory) => rmSync(directory, { recursive: true })));

    function cluster(patches: readonly FluxPatch[], components: readonly string[], sync?: string): string {
      const root = mkdtempSync(join(tmpdir(), 'flux-patch-'));
      directories.push(root);
      const files = [...rootKustomizationFiles({ patches }).below('clusters/uni-dev')];
      for (const { path, content } of files) {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), content);
      }
      const fluxSystem = join(root, 'clusters/uni-dev/flux-system');
      writeFileSync(join(fluxSystem, 'gotk-components.yaml'), gotkComponents(components));
      if (sync !== undefined) writeFileSync(join(fluxSystem, 'gotk-sync.yaml'), sync);
      return root;
    }

    /** What Flux makes of `clusters/uni-dev`, which has no kustomization.yaml: one of all directories that have one. */
    function buildRoot(root: string): readonly BuiltObject[] {
      const directory = join(root, 'clusters/uni-dev');
      const resources = readdirSync(directory);
      writeFileSync(join(directory, 'kustomization.yaml'), toYaml([kustomizationFile({ resources })]));
      return build(directory);
    }

    test('every patch ends up where it belongs', () => {
      const objects = buildRoot(cluster(EVERY_PATCH, EVERY, SYNC));
      expectUnique(objects);

      const args = (name: string) => podOf(objects, name).containers[0].args;
      const added = (name: string, from: number) => args(name).slice(from);
      const lockedCloud = ['--feature-gates=ObjectLevelWorkloadIdentity=true', '--default-service-account=default'];
      const main = '--watch-label-selector=!sharding.fluxcd.io/key';
      const kustomizeArgs = [
        '--no-cross-namespace-refs=true',
        '--no-remote-bases=true',
        '--default-service-account=default',
        '--feature-gates=ObjectLevelWorkloadIdentity=true',
        '--default-decryption-service-account=default',
        '--default-kubeconfig-service-account=default',
        '--concurrent=20',
        main,
        '--sops-age-secret=sops-age',
      ];
      expect(added('kustomize-controller', 5)).toEqual(kustomizeArgs);
      expect(added('source-controller', 7)).toEqual([...lockedCloud, '--concurrent=10', main]);
      expect(added('helm-controller', 5)).toEqual([
        '--no-cross-namespace-refs=true',
        '--default-service-account=default',
        '--feature-gates=ObjectLevelWorkloadIdentity=true',
        '--default-kubeconfig-service-account=default',
        '--concurrent=10',
        main,
      ]);
      const restricted = (workers: number) => [
        '--no-cross-namespace-refs=true',
        ...lockedCloud,
        `--concurrent=${workers}`,
      ];
      expect(added('notification-controller', 4)).toEqual(restricted(6));
      expect(added('image-reflector-controller', 5)).toEqual(restricted(7));
      expect(added('image-automation-controller', 5)).toEqual(restricted(8));
      expect(added('source-watcher', 7)).toEqual(['--no-cross-namespace-refs=true', '--concurrent=9']);

      for (const name of EVERY) {
        expect(podOf(objects, name)).toMatchObject({
          nodeSelector: { role: 'flux' },
          tolerations: [{ key: 'role', operator: 'Equal', value: 'flux', effect: 'NoSchedule' }],
          priorityClassName: 'platform',
        });
        expect(podOf(objects, name).containers[0].resources).toEqual({
          requests: { cpu: '200m', memory: '64Mi' },
          limits: { cpu: '1000m', memory: name === 'helm-controller' ? '3Gi' : '2Gi' },
        });
      }
      expect(podOf(objects, 'kustomize-controller').volumes).toEqual([
        { name: 'temp', emptyDir: { medium: 'Memory' } },
      ]);

      expect(find(objects, 'Kustomization', 'flux-system').spec).toMatchObject({
        serviceAccountName: 'kustomize-controller',
        decryption: { provider: 'sops', secretRef: { name: 'sops-age' } },
        postBuild: { substituteFrom: [{ kind: 'Secret', name: 'git-credentials' }] },
        path: './clusters/uni-dev',
      });

      for (const shard of ['shard1', 'shard2']) {
        expect(added(`kustomize-controller-${shard}`, 5)).toEqual([
          ...kustomizeArgs,
          `--watch-label-selector=sharding.fluxcd.io/key=${shard}`,
        ]);
        expect(args(`source-controller-${shard}`).slice(-2)).toEqual([
          `--watch-label-selector=sharding.fluxcd.io/key=${shard}`,
          `--storage-adv-addr=source-controller-${shard}.$(RUNTIME_NAMESPACE).svc.cluster.local.`,
        ]);
      }
    });

    test('a shard is its controllers and the Service of its source-controller, and nothing else', () => {
      const root = cluster(EVERY_PATCH, EVERY, SYNC);
      const objects = build(join(root, 'clusters/uni-dev/flux-system-shard1'));
      expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`).sort()).toEqual([
        'Deployment flux-system/helm-controller-shard1',
        'Deployment flux-system/kustomize-controller-shard1',
        'Deployment flux-system/source-controller-shard1',
        'Service flux-system/source-controller-shard1',
      ]);
      for (const name of ['helm-controller', 'kustomize-controller', 'source-controller']) {
        const { spec } = find(objects, 'Deployment', `${name}-shard1`);
        expect(spec).toMatchObject({
          selector: { matchLabels: { app: `${name}-shard1` } },
          template: { metadata: { labels: { app: `${name}-shard1` } }, spec: { serviceAccountName: name } },
        });
      }
      expect(find(objects, 'Service', 'source-controller-shard1').spec).toMatchObject({
        selector: { app: 'source-controller-shard1' },
      });
    });

    test('the main controllers keep their names, selectors and Services', () => {
      const before = build(join(cluster([], EVERY, SYNC), 'clusters/uni-dev/flux-system'));
      const after = build(join(cluster(EVERY_PATCH, EVERY, SYNC), 'clusters/uni-dev/flux-system'));
      expect(after.map(identity)).toEqual(before.map(identity));
    });

    test.each([
      ['the two that are needed', MINIMAL],
      ['the default ones', DEFAULT],
    ])('every patch builds with %s, before the bootstrap and after it', (_, components) => {
      for (const sync of [undefined, SYNC]) {
        const objects = buildRoot(cluster(EVERY_PATCH, components, sync));
        expectUnique(objects);
        const deployments = objects.filter(({ kind }) => kind === 'Deployment').map(({ metadata }) => metadata.name);
        const sharded = components.filter((name) => name !== 'notification-controller');
        expect(deployments.sort()).toEqual(
          [...components, ...['shard1', 'shard2'].flatMap((shard) => sharded.map((name) => `${name}-${shard}`))].sort(),
        );
      }
    });

    test('Flux itself has substitution off wherever its objects have ${…}', () => {
      const isOff = ({ metadata }: BuiltObject) =>
        metadata.annotations?.['kustomize.toolkit.fluxcd.io/substitute'] === 'disabled';
      const withVariables = buildRoot(cluster(EVERY_PATCH, EVERY, SYNC)).filter((object) =>
        JSON.stringify(object).includes('${'),
      );
      expect(withVariables.map(({ metadata }) => metadata.name)).toEqual([
        'kustomizations.kustomize.toolkit.fluxcd.io',
      ]);
      expect(withVariables.filter((object) => !isOff(object))).toEqual([]);
    });

    (noFlux === undefined ? test : test.skip)(
      `Flux builds the same, and substitutes strictly${noFlux === undefined ? '' : ` (skipped: ${noFlux})`}`,
      () => {
        const fluxBuild = (root: string) => {
          // Values in the object itself: a dry run reads no Secret, and substitutes nothing where there are no values.
          const kustomization = SYNC.replace('  prune: true\n', '  prune: true\n  postBuild: {substitute: {a: b}}\n');
          writeFileSync(join(root, 'root.yaml'), kustomization.slice(kustomization.lastIndexOf('---')));
          const options = ['--kustomization-file', join(root, 'root.yaml'), '--path', 'clusters/uni-dev'];
          return run(
            FLUX,
            ['build', 'kustomization', 'flux-system', ...options, '--dry-run', '--strict-substitute'],
            root,
          );
        };
        const root = cluster(EVERY_PATCH, EVERY, SYNC);
        const built = parse(fluxBuild(root)).map(identity).sort();
        expect(built).toEqual(buildRoot(root).map(identity).sort());
        // That it does substitute: one variable that nothing fills, in an object that is not Flux's own.
        const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' }, data: { x: '${var}' } };
        rmSync(join(root, 'clusters/uni-dev/kustomization.yaml'));
        writeFileSync(join(root, 'clusters/uni-dev/config-map.yaml'), toYaml([configMap]));
        expect(() => fluxBuild(root)).toThrow(/variable not set \(strict mode\): "var"/);
      },
    );

    (noFlux === undefined ? test : test.skip)(
      `the manifests of the flux CLI build as well${noFlux === undefined ? '' : ` (skipped: ${noFlux})`}`,
      () => {
        const root = cluster(EVERY_PATCH, DEFAULT, SYNC);
        const manifests = run(FLUX, ['install', '--export', '--version=v2.9.4', '--toleration-keys=a'], root);
        const file = join(root, 'clusters/uni-dev/flux-system/gotk-components.yaml');
        const assembled = buildRoot(root).map(identity).sort();
        writeFileSync(file, manifests);
        expect(build(join(root, 'clusters/uni-dev')).map(identity).sort()).toEqual(assembled);
      },
    );
  },
);

const assembled = new Map<string, string>();

/** As `flux install --export` makes it of the same manifests, as far as patches can tell. */
function gotkComponents(components: readonly string[]): string {
  const known = assembled.get(components.join());
  if (known !== undefined) return known;
  const directory = mkdtempSync(join(tmpdir(), 'gotk-'));
  try {
    const files = ['policies.yaml', ...components.map((name) => `${name}.yaml`)];
    files.forEach((file) => cpSync(join(MANIFESTS, file), join(directory, file)));
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'flux-system' } };
    writeFileSync(join(directory, 'namespace.yaml'), toYaml([namespace]));
    mkdirSync(join(directory, 'roles'));
    cpSync(join(MANIFESTS, 'rbac.yaml'), join(directory, 'roles/rbac.yaml'));
    const roles = kustomizationFile({ resources: ['rbac.yaml'], nameSuffix: '-flux-system' });
    writeFileSync(join(directory, 'roles/kustomization.yaml'), toYaml([roles]));
    const pairs = { 'app.kubernetes.io/part-of': 'flux', 'app.kubernetes.io/instance': 'flux-system' };
    const kustomization = kustomizationFile({
      resources: ['namespace.yaml', 'roles', ...files],
      namespace: 'flux-system',
      labels: [{ pairs, includeTemplates: true }],
    });
    writeFileSync(join(directory, 'kustomization.yaml'), toYaml([kustomization]));
    const manifests = run('kubectl', ['kustomize', directory], directory);
    assembled.set(components.join(), manifests);
    return manifests;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function build(directory: string): readonly BuiltObject[] {
  return parse(run('kubectl', ['kustomize', directory], directory));
}

function parse(yaml: string): readonly BuiltObject[] {
  return parseObjects(yaml, 'kustomize') as unknown as readonly BuiltObject[];
}

function run(program: string, args: readonly string[], cwd: string): string {
  return execFileSync(program, args, { cwd, encoding: 'utf8', maxBuffer: 2 ** 26, stdio: ['ignore', 'pipe', 'pipe'] });
}

function identity({ kind, metadata }: BuiltObject): string {
  return `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
}

function expectUnique(objects: readonly BuiltObject[]): void {
  const identities = objects.map(identity);
  expect(identities.filter((one, index) => identities.indexOf(one) !== index)).toEqual([]);
}

function find(objects: readonly BuiltObject[], kind: string, name: string): BuiltObject {
  const found = objects.find((object) => object.kind === kind && object.metadata.name === name);
  if (found === undefined) throw new Error(`no ${kind} ${name} among ${objects.map(identity).join(', ')}`);
  return found;
}

function podOf(objects: readonly BuiltObject[], name: string): PodSpec {
  const { template } = find(objects, 'Deployment', name).spec as { template: { spec: PodSpec } };
  return template.spec;
}
