import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

import { Cluster } from '../../../lib/model/cluster/cluster';
import { ClusterConnection } from '../../../lib/model/cluster/cluster-connection';
import { Trigger } from '../../../lib/model/cluster/trigger';
import { ChartSource } from '../../../lib/model/component/chart/chart-source';
import { type Component } from '../../../lib/model/component/component';
import { HelmComponent } from '../../../lib/model/component/helm-component';
import { type HelmComponentProps } from '../../../lib/model/component/helm-component-props';
import { KustomizeBase } from '../../../lib/model/component/kustomize-base';
import { KustomizeComponent, type KustomizeComponentProps } from '../../../lib/model/component/kustomize-component';
import { SecretReference } from '../../../lib/model/component/secret-reference';
import { fleetFiles } from '../../../lib/model/fleet/definition/fleet-definition';
import { FluxPatch } from '../../../lib/model/flux/flux-patch';
import { FluxInstallation } from '../../../lib/model/installation/flux-installation';
import { type BootstrapInstallationProps } from '../../../lib/model/installation/installation-props';
import { ROOT } from '../../support/example-fleet';

const PORTAL = join(ROOT, 'examples/portal');
const repository = { url: 'https://charts.example.com', name: 'app', version: '1.2.3' };
const helm = (props: Partial<HelmComponentProps> = {}): HelmComponent =>
  new HelmComponent({ name: 'app', chart: ChartSource.repository(repository), ...props });
const kustomize = (name: string, props: Partial<KustomizeComponentProps> = {}): KustomizeComponent =>
  new KustomizeComponent({ name, base: KustomizeBase.inRepository(), ...props });

interface Given {
  readonly trigger?: Trigger;
  readonly flux?: Partial<BootstrapInstallationProps>;
  readonly externalSecrets?: boolean;
}

function filesOf(
  components: readonly Component[],
  { trigger, flux, externalSecrets }: Given = {},
): Record<string, string> {
  const connection = ClusterConnection.kubeconfig({ context: 'uni' });
  const cluster = new Cluster({ name: 'uni', environment: 'dev', connection, trigger, components, externalSecrets });
  const stacks = fleetFiles({
    project: { url: 'https://gitlab.example.com', path: 'platform/fleet' },
    clusters: [{ cluster, flux: FluxInstallation.bootstrap({ version: 'v2.9.4', ...flux }) }],
  });
  const files = stacks.flatMap(({ files: tree }) => [...tree].map(({ path, content }) => [path, String(content)]));
  return Object.fromEntries(files.filter(([path]) => !path!.includes('/flux-system/'))) as Record<string, string>;
}

const objectsIn = (text: string): any[] => parseAllDocuments(text).map((document) => document.toJS());
const releaseOf = (component: HelmComponent, given?: Given): any =>
  objectsIn(filesOf([component], given)['clusters/uni/app/app-helm-release.yaml']!)[0].spec;
const pipeline = { trigger: Trigger.pipeline() };

describe('the files of a chart, per cluster', () => {
  const base = ['config', 'helm-release', 'namespace'];
  it.each<[string, ChartSource, string[], string[]]>([
    ['a Helm repository', ChartSource.repository(repository), ['helm-chart', 'helm-repository'], []],
    [
      'a private Helm repository',
      ChartSource.repository({ ...repository, credential: SecretReference.terraform() }),
      ['helm-chart', 'helm-repository', 'secret'],
      [],
    ],
    [
      'an OCI registry',
      ChartSource.oci({ url: 'oci://registry.example.com/app', tag: '1.0.0' }),
      ['oci-repository'],
      [],
    ],
    [
      'a directory',
      ChartSource.local(PORTAL),
      ['git-repository', 'helm-chart', 'secret'],
      ['.helmignore', 'Chart.yaml', 'README.md', 'portal-1.0.0.tgz', 'values.schema.json', 'values.yaml'],
    ],
    [
      'another Git repository',
      ChartSource.git({ url: 'https://gitlab.example.com/a/b.git', ref: { branch: 'main' }, path: 'chart' }),
      ['git-repository', 'helm-chart'],
      [],
    ],
  ])('from %s', (_, chart, roles, systems) => {
    const paths = Object.keys(filesOf([helm({ chart })]));
    const own = [...base, ...roles].map((role) => `clusters/uni/app/app-${role}.yaml`);
    expect(paths.filter((path) => path.startsWith('clusters/')).sort()).toEqual(
      [...own, 'clusters/uni/app/kustomization.yaml'].sort(),
    );
    const shared = paths.filter((path) => path.startsWith('systems/') && !path.includes('/templates/'));
    expect(shared.sort()).toEqual(systems.map((path) => `systems/app/${path}`).sort());
  });
});

describe('the release', () => {
  it('has what Flux recommends', () => {
    expect(releaseOf(helm())).toEqual({
      chartRef: { kind: 'HelmChart', name: 'app' },
      driftDetection: { mode: 'enabled' },
      install: { crds: 'CreateReplace', strategy: { name: 'RetryOnFailure', retryInterval: '5m' } },
      interval: '30m',
      releaseName: 'app',
      storageNamespace: 'app',
      targetNamespace: 'app',
      timeout: '5m',
      upgrade: { crds: 'CreateReplace', strategy: { name: 'RetryOnFailure', retryInterval: '5m' } },
      valuesFrom: [{ kind: 'ConfigMap', name: 'app-helm-values' }],
    });
  });

  it('has every setting that a component, an environment or a cluster chooses, the nearest first', () => {
    const component = helm({
      timeout: '1m',
      suspend: true,
      crds: 'Skip',
      wait: false,
      force: true,
      maxHistory: 2,
      test: { ignoreFailures: true },
      uninstall: { keepHistory: true },
      postRender: { images: [{ name: 'a', newTag: '2' }] },
      postRenderStrategy: 'nohooks',
      driftDetection: { mode: 'warn', ignore: [{ paths: ['/spec/replicas'], target: { kind: 'Deployment' } }] },
      releaseName: 'other',
      targetNamespace: 'elsewhere',
      createNamespace: true,
      environments: { dev: { timeout: '2m', strategy: { remediateOnFailure: { retries: 1, upgrade: 'uninstall' } } } },
      clusters: { uni: { timeout: '3m', version: '2.x' } },
    });
    expect(releaseOf(component)).toMatchObject({
      timeout: '3m',
      suspend: true,
      install: {
        crds: 'Skip',
        disableWait: true,
        createNamespace: true,
        strategy: { name: 'RemediateOnFailure' },
        remediation: { retries: 1, remediateLastFailure: true },
      },
      upgrade: { force: true, remediation: { strategy: 'uninstall' } },
      rollback: { disableWait: true },
      uninstall: { keepHistory: true },
      test: { enable: true, ignoreFailures: true },
      maxHistory: 2,
      postRenderers: [{ kustomize: { images: [{ name: 'a', newTag: '2' }] } }],
      driftDetection: { mode: 'warn', ignore: [{ paths: ['/spec/replicas'], target: { kind: 'Deployment' } }] },
      releaseName: 'other',
      targetNamespace: 'elsewhere',
      storageNamespace: 'app',
    });
    const chart = filesOf([component])['clusters/uni/app/app-helm-chart.yaml']!;
    expect(objectsIn(chart)[0].spec.version).toBe('2.x');
  });

  it('is the same in both layouts, so that another trigger installs nothing again', () => {
    const { releaseName, storageNamespace, targetNamespace } = releaseOf(helm());
    const common = objectsIn(filesOf([helm()], pipeline)['clusters/flux-common/uni-app.yaml']!);
    const release = common.find(({ kind }) => kind === 'HelmRelease');
    expect(release.metadata.namespace).toBe('flux-system');
    expect(release.spec).toMatchObject({ releaseName, storageNamespace, targetNamespace });
  });

  it('has an account under lockdown: that of its namespace, and with the trigger pipeline that of helm-controller', () => {
    const flux = { patches: [FluxPatch.multiTenancyLockdown()] };
    expect(releaseOf(helm(), { flux }).serviceAccountName).toBe('flux-reconciler');
    const common = objectsIn(filesOf([helm()], { ...pipeline, flux })['clusters/flux-common/uni-app.yaml']!);
    expect(common.find(({ kind }) => kind === 'HelmRelease').spec.serviceAccountName).toBe('helm-controller');
  });

  it('goes to its shard with everything that belongs to it', () => {
    const flux = { patches: [FluxPatch.sharding({ shards: ['one'] })] };
    const files = filesOf([helm({ shard: 'one' })], { flux });
    const roles = ['helm-chart', 'helm-repository', 'helm-release'];
    for (const role of roles) {
      const [object] = objectsIn(files[`clusters/uni/app/app-${role}.yaml`]!);
      expect(object.metadata.labels).toMatchObject({ 'sharding.fluxcd.io/key': 'one' });
    }
  });
});

describe('order across kinds', () => {
  it('of a chart after a chart is that of Flux', () => {
    const other = helm({ name: 'other' });
    expect(releaseOf.length).toBe(2);
    const files = filesOf([other, helm({ dependsOn: [other] })]);
    const [release] = objectsIn(files['clusters/uni/app/app-helm-release.yaml']!);
    expect(release.spec.dependsOn).toEqual([{ name: 'other', namespace: 'other' }]);
    expect(files['clusters/uni/app/app-kustomization.yaml']).toBeUndefined();
  });

  it('of a chart after kustomize is a ConfigMap that the release needs and that comes after the others', () => {
    const store = kustomize('store');
    const files = filesOf([store, helm({ dependsOn: [store] })]);
    const [release] = objectsIn(files['clusters/uni/app/app-helm-release.yaml']!);
    expect(release.spec.dependsOn).toBeUndefined();
    expect(release.spec.valuesFrom[0]).toEqual({ kind: 'ConfigMap', name: 'app-dependencies' });
    const [gate] = objectsIn(files['clusters/uni/app/app-kustomization.yaml']!);
    expect(gate.spec).toMatchObject({
      dependsOn: [{ name: 'store', namespace: 'store' }],
      path: './systems/app/overlays/uni',
      targetNamespace: 'app',
    });
    const [config] = objectsIn(files['systems/app/overlays/uni/dependencies.yaml']!);
    expect(config).toMatchObject({
      kind: 'ConfigMap',
      metadata: { name: 'app-dependencies', labels: { 'reconcile.fluxcd.io/watch': 'Enabled' } },
    });
  });

  it('of kustomize after a chart is a Kustomization that applies nothing and checks the release', () => {
    const app = helm();
    const files = filesOf([app, kustomize('reader', { dependsOn: [app] })]);
    const [gate, own] = objectsIn(files['clusters/uni/reader/reader-kustomization.yaml']!);
    expect(gate.metadata.name).toBe('reader-dependencies');
    expect(gate.spec).toMatchObject({
      wait: false,
      prune: false,
      healthChecks: [{ apiVersion: 'helm.toolkit.fluxcd.io/v2', kind: 'HelmRelease', name: 'app', namespace: 'app' }],
    });
    expect(own.spec).toMatchObject({ wait: true, dependsOn: [{ name: 'reader-dependencies', namespace: 'reader' }] });
  });

  it('is refused where the account could not see the release', () => {
    const app = helm();
    const lockdown = { flux: { patches: [FluxPatch.multiTenancyLockdown()] } };
    const reader = (props: Partial<KustomizeComponentProps>) => kustomize('reader', { dependsOn: [app], ...props });
    const message =
      /component "reader" on cluster "uni": dependsOn: got "app", want a service account with `clusterWide: true`/;
    expect(() => filesOf([app, reader({})], lockdown)).toThrow(message);
    expect(() => filesOf([app, reader({ serviceAccount: { name: 'x' } })])).toThrow(message);
    for (const account of [
      { name: 'x', clusterWide: true },
      { name: 'x', create: false },
    ]) {
      expect(() => filesOf([app, reader({ serviceAccount: account })], lockdown)).not.toThrow();
    }

    expect(() => filesOf([app, reader({ namespaceOwner: app })], lockdown)).not.toThrow();
    expect(() => filesOf([app, reader({})], { ...lockdown, ...pipeline })).not.toThrow();
  });

  it('has names that Flux can put into a label', () => {
    const waiting = (name: string, dependsOn: readonly Component[]) => helm({ name, releaseName: 'app', dependsOn });
    const after = 'a'.repeat(51);
    expect(() => waiting(after, [kustomize('first')])).toThrow(
      `component "${after}": name: got "${after}", want at most 50 characters for a helm component that depends on`,
    );
    expect(() => waiting(after.slice(1), [kustomize('first')])).not.toThrow();
    expect(() => waiting(after, [helm()])).not.toThrow();
  });

  it('leaves the name of what stands between to nobody else', () => {
    expect(() => filesOf([helm(), kustomize('app-dependencies')])).toThrow(/another name: Flux objects of "app"/);
  });
});

describe('secret values and credentials', () => {
  it('are in Git as names that Flux fills in', () => {
    const chart = ChartSource.oci({
      url: 'oci://registry.example.com:5000/charts/app',
      tag: '1',
      credential: SecretReference.terraform(),
    });
    const files = filesOf([helm({ chart, valuesFrom: [{ secret: SecretReference.terraform() }] })]);
    const [registry, values] = objectsIn(files['clusters/uni/app/app-secret.yaml']!);
    expect(registry.type).toBe('kubernetes.io/dockerconfigjson');
    const filled = registry.stringData['.dockerconfigjson']
      .replace('${CHART_USERNAME_APP}', JSON.stringify('me'))
      .replace('${CHART_PASSWORD_APP}', JSON.stringify('it\'s "x" & \\ <y>'));
    expect(JSON.parse(filled)).toEqual({
      auths: { 'registry.example.com:5000': { username: 'me', password: 'it\'s "x" & \\ <y>' } },
    });
    // A block of YAML has no quotes of its own around those of JSON.
    expect(files['clusters/uni/app/app-secret.yaml']).toMatch(/\.dockerconfigjson: \|\n/);
    expect(values).toMatchObject({
      metadata: { name: 'app-secret-values', labels: { 'reconcile.fluxcd.io/watch': 'Enabled' } },
      stringData: { 'values.yaml': '${HELM_VALUES_APP}' },
    });
  });

  it('that exist are named', () => {
    const valuesFrom = [
      { secret: SecretReference.existing('login'), key: 'password', targetPath: 'auth.password' },
      { configMap: 'common', optional: true },
    ];
    for (const given of [{}, pipeline]) {
      const files = filesOf([helm({ valuesFrom })], given);
      const release = objectsIn(Object.values(files).join('')).find(({ kind }) => kind === 'HelmRelease');
      expect(release.spec.valuesFrom.slice(1)).toEqual([
        { kind: 'Secret', name: 'login', valuesKey: 'password', targetPath: 'auth.password' },
        { kind: 'ConfigMap', name: 'common', optional: true },
      ]);
      expect(Object.keys(files).filter((path) => path.endsWith('-secret.yaml'))).toEqual([]);
    }
  });

  it('that would have to be in a file are refused with the trigger pipeline', () => {
    const secret = SecretReference.terraform();
    expect(() => filesOf([helm({ valuesFrom: [{ secret }] })], pipeline)).toThrow(
      /valuesFrom: got "terraform", want a Secret that exists/,
    );
    const chart = ChartSource.repository({ ...repository, credential: secret });
    expect(() => filesOf([helm({ chart })], pipeline)).toThrow(/chart\.credential: got "terraform"/);
  });

  it('of an ExternalSecret need a cluster that serves the kind', () => {
    const object = { apiVersion: 'external-secrets.io/v1', kind: 'ExternalSecret', metadata: { name: 'login' } };
    const component = helm({ valuesFrom: [{ secret: SecretReference.externalSecret(object) }] });
    expect(() => filesOf([component])).toThrow(/valuesFrom: got "an ExternalSecret", want a cluster with/);
    const files = filesOf([component], { externalSecrets: true });
    expect(objectsIn(files['clusters/uni/app/app-secret.yaml']!)[0].metadata.namespace).toBe('app');
  });
});

describe('a helm component', () => {
  const local = ChartSource.local(PORTAL);
  const long = 'a'.repeat(54);
  it.each<[string, () => unknown, RegExp]>([
    ['a release name that Helm does not take', () => helm({ name: long }), /releaseName: got "a+", want at most 53/],
    [
      'a version of a chart of ours',
      () => helm({ chart: local, version: '1.0.0' }),
      /version: .*only charts in a Helm repository/,
    ],
    [
      'a ref of a Helm repository',
      () => helm({ clusters: { uni: { ref: { tag: '1' } } } }),
      /clusters\.uni\.ref: .*have `version`/,
    ],
    [
      'a digest of a Git repository',
      () => helm({ chart: local, ref: { digest: 'sha256:0' } }),
      /ref: .*branch, tag, semver, commit and name/,
    ],
    [
      'two strategies',
      () => helm({ strategy: { retryOnFailure: {}, remediateOnFailure: {} } }),
      /strategy: .*exactly one/,
    ],
    [
      'a patch that sets values of a Secret',
      () =>
        helm({
          clusters: {
            uni: { postRender: { patches: [{ patch: '{stringData: {p: x}}', target: { kind: 'Secret' } }] } },
          },
        }),
      /clusters\.uni\.postRender\.patches\[0\]\.patch: want no values of a Secret/,
    ],
    ['a duration that is none', () => helm({ environments: { dev: { timeout: '5' } } }), /environments\.dev\.timeout/],
    ['a value that is no data', () => helm({ values: { a: [() => 1] } }), /values\.a\[0\]: got "function", want text/],
    ['a number that JSON cannot say', () => helm({ values: { a: NaN } }), /values\.a: got "NaN"/],
    [
      'values from nowhere',
      () => helm({ valuesFrom: [{}] }),
      /valuesFrom\[0\]: want exactly one of secret and configMap/,
    ],
    [
      'more than a ConfigMap holds',
      () => filesOf([helm({ values: { a: 'x'.repeat(1_000_001) } })]),
      /values: got \d+, want at most 1000000/,
    ],
    [
      'no helm-controller',
      () => filesOf([helm()], { flux: { controllers: ['source-controller', 'kustomize-controller'] } }),
      /cluster "uni": flux\.controllers: got .*helm-controller among them/,
    ],
    [
      'an address with a password',
      () => ChartSource.repository({ ...repository, url: 'https://me:it@x.example' }),
      /got "https:\/\/…@x\.example"/,
    ],
    [
      'a tag in an address',
      () => ChartSource.oci({ url: 'oci://x.example/a:1', tag: '1' }),
      /an address without a tag/,
    ],
    [
      'no version of an OCI chart',
      () => ChartSource.oci({ url: 'oci://x.example/a' }),
      /exactly one of tag, semver and digest/,
    ],
    [
      'a version that is none',
      () => ChartSource.repository({ ...repository, version: 'latest' }),
      /version: got "latest"/,
    ],
    [
      'notation without a policy',
      () => ChartSource.oci({ url: 'oci://x.example/a', tag: '1', verify: { provider: 'notation' } }),
      /verify\.secretName: want the name of a Secret/,
    ],
  ])('refuses %s', (_, action, message) => {
    expect(action).toThrow(message);
  });
});
