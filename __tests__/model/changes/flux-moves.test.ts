import fc from 'fast-check';

import { type RepositoryTexts } from '../../../lib/model/changes/flux-deployments';
import { checkFluxMoves } from '../../../lib/model/changes/flux-moves';
import { Cluster } from '../../../lib/model/cluster/cluster';
import { ClusterConnection } from '../../../lib/model/cluster/cluster-connection';
import { ChartSource } from '../../../lib/model/component/chart/chart-source';
import { HelmComponent } from '../../../lib/model/component/helm-component';
import { KustomizeBase } from '../../../lib/model/component/kustomize-base';
import { KustomizeComponent } from '../../../lib/model/component/kustomize-component';
import { fleetFiles } from '../../../lib/model/fleet/definition/fleet-definition';
import { FluxInstallation } from '../../../lib/model/installation/flux-installation';
import { fleetPlans } from '../../support/arbitrary-fleet';
import { type FleetPlan, fleetOf, project } from '../../support/fleets';

type Files = Readonly<Record<string, string>>;

const check = (before: Files, after: Files): void =>
  checkFluxMoves(new Map(Object.entries(before)), new Map(Object.entries(after)));

const object = (kind: string, group: string, name: string, namespace: string, spec: object, labels = {}): string =>
  JSON.stringify({ apiVersion: `${group}.toolkit.fluxcd.io/v1`, kind, metadata: { name, namespace, labels }, spec });

/** A component in the directory of the cluster `uni`. */
const kustomize = (
  name: string,
  namespace: string,
  spec: object = {},
  path = `./systems/${name}/overlays/uni`,
): Files => {
  const sourceRef = { kind: 'GitRepository', name };
  return {
    [`clusters/uni/${name}/${name}-git-repository.yaml`]: object('GitRepository', 'source', name, namespace, {
      url: 'https://gitlab.example.com/platform/fleet.git',
    }),
    [`clusters/uni/${name}/${name}-kustomization.yaml`]: object('Kustomization', 'kustomize', name, namespace, {
      path,
      prune: true,
      sourceRef,
      ...spec,
    }),
  };
};
const common = (files: Files): Files => {
  const [[, source] = [], [, deployment] = []] = Object.entries(files);
  const labelled = [source, deployment].map((text = '{}') => {
    const { metadata, ...rest } = JSON.parse(text);
    const labels = { 'gitlab-flux/cluster': 'uni' };
    return JSON.stringify({ ...rest, metadata: { ...metadata, namespace: 'flux-system', labels } });
  });
  return { 'clusters/flux-common/uni-app.yaml': labelled.join('\n---\n') };
};

const SUSPEND = /^cluster "uni": suspend: got ".*", want a deploy with `suspend: true` before this one/;

describe('a Kustomization that moves', () => {
  const app = kustomize('app', 'app');

  it('is refused when it would take its workloads along', () => {
    expect(() => check(app, common(app))).toThrow(
      'cluster "uni": suspend: got "Kustomization app/app goes, Kustomization flux-system/app comes", want a deploy with',
    );
    expect(() => check(app, kustomize('app', 'apps'))).toThrow(SUSPEND);
  });

  it.each([
    ['suspended', { suspend: true }],
    ['orphaning', { deletionPolicy: 'Orphan' }],
    ['not pruning', { prune: false }],
  ])('moves when it is %s', (_, spec) => {
    expect(() => check(kustomize('app', 'app', spec), common(app))).not.toThrow();
  });

  it.each([
    ['that it deletes all the same', { prune: false, deletionPolicy: 'Delete' }],
    ['that it waits for what it deletes', { prune: false, deletionPolicy: 'WaitForTermination' }],
  ])('is refused when it says %s', (_, spec) => {
    expect(() => check(kustomize('app', 'app', spec), common(app))).toThrow(SUSPEND);
  });

  it('may be what it was before, may go, and may come', () => {
    expect(() => check(app, app)).not.toThrow();
    expect(() => check(app, {})).not.toThrow();
    expect(() => check({}, app)).not.toThrow();
    expect(() => check(app, kustomize('other', 'app'))).not.toThrow();
    expect(() => check(app, kustomize('app', 'app', { suspend: true }))).not.toThrow();
  });

  it('leaves the trigger pipeline in two steps, because the job that deletes it goes with the trigger', () => {
    expect(() => check(common(app), app)).toThrow(
      /^cluster "uni": trigger: got .*, want two deploys before this one: with/,
    );
    expect(() => check(common(kustomize('app', 'app', { suspend: true })), app)).toThrow(
      /want a deploy before this one without the components, in which GitLab CI deletes their Flux objects/,
    );
  });

  it('is counted with the others of its cluster', () => {
    const others = kustomize('store', 'store');
    const moved = { ...common(app), ...kustomize('store', 'stores') };
    expect(() => check({ ...app, ...others }, moved)).toThrow(
      '"Kustomization app/app goes, Kustomization flux-system/app comes, and 1 more"',
    );
  });

  it('is not confused with that of another cluster, of another repository, or of the root', () => {
    const elsewhere = Object.fromEntries(
      Object.entries(app).map(([path, text]) => [path.replace('/uni/', '/campus/'), text]),
    );
    expect(() => check(app, elsewhere)).not.toThrow();
    const [path = '', text = ''] = Object.entries(kustomize('app', 'apps'))[0] ?? [];
    expect(() => check(app, { ...kustomize('app', 'apps'), [path]: text.replace('fleet.git', 'x.git') })).not.toThrow();
    const root = kustomize('flux-system', 'uni', {}, './clusters/uni');
    const ofRoot = (files: Files): Files =>
      Object.fromEntries(
        Object.entries(files).map(([, each], index) => [`clusters/uni/flux-system/${index}.yaml`, each]),
      );
    expect(() => check(ofRoot(root), ofRoot(kustomize('flux-system', 'other', {}, './clusters/uni')))).not.toThrow();
  });
});

describe('a component with another name', () => {
  const base = (name: string, objects: readonly string[]): Files => ({
    [`systems/${name}/overlays/uni/kustomization.yaml`]: 'resources: [../../base]\n',
    [`systems/${name}/base/kustomization.yaml`]: `resources: [${objects.map((_, index) => `${index}.yaml`).join(', ')}]\n`,
    ...Object.fromEntries(
      objects.map((each, index) => [
        `systems/${name}/base/${index}.yaml`,
        `{ apiVersion: apps/v1, kind: ${each.split('/')[0]}, metadata: { name: ${each.split('/')[1]} } }\n`,
      ]),
    ),
  });
  const before = { ...kustomize('app', 'apps'), ...base('app', ['Deployment/app', 'ConfigMap/settings']) };
  const renamed = (objects: readonly string[]): Files => ({ ...kustomize('shop', 'apps'), ...base('shop', objects) });

  it('is known by what it deploys, also when that grows or shrinks', () => {
    expect(() => check(before, renamed(['Deployment/app', 'ConfigMap/settings']))).toThrow(SUSPEND);
    expect(() => check(before, renamed(['Deployment/app', 'ConfigMap/settings', 'Service/app']))).toThrow(SUSPEND);
    expect(() => check(before, renamed(['Deployment/app']))).toThrow(SUSPEND);
  });

  it('is another one when it deploys something else', () => {
    expect(() => check(before, renamed(['Deployment/shop', 'ConfigMap/settings']))).not.toThrow();
    expect(() => check(before, renamed([]))).not.toThrow();
    expect(() => check(before, renamed(['Namespace/apps']))).not.toThrow();
  });

  it('may have a base that only the repository has', () => {
    const { 'systems/shop/base/0.yaml': first = '', ...rest } = renamed(['Deployment/app']);
    expect(() => check({ ...before, 'systems/shop/base/0.yaml': first }, rest)).toThrow(SUSPEND);
  });
});

describe('a HelmRelease that moves', () => {
  interface Release {
    readonly name?: string;
    readonly chart?: string;
    readonly url?: string;
    readonly suspend?: boolean;
    readonly releaseName?: string;
  }
  const helm = (
    namespace: string,
    { name = 'portal', chart = 'portal', url = 'https://charts.example.com', ...more }: Release = {},
  ): Files => ({
    [`clusters/uni/${name}/a.yaml`]: [
      object('HelmRepository', 'source', name, namespace, { url }),
      object('HelmChart', 'source', name, namespace, { chart, sourceRef: { kind: 'HelmRepository', name } }),
      object('HelmRelease', 'helm', name, namespace, {
        releaseName: name,
        storageNamespace: 'portal',
        targetNamespace: 'portal',
        chartRef: { kind: 'HelmChart', name },
        ...more,
      }),
    ].join('\n---\n'),
  });
  const before = helm('portal');

  it('is refused unless it is suspended', () => {
    expect(() => check(before, helm('flux-system'))).toThrow(SUSPEND);
    expect(() => check(helm('portal', { suspend: true }), helm('flux-system'))).not.toThrow();
  });

  it('is known by its release, and by its chart in the same namespace', () => {
    expect(() => check(before, helm('portal', { name: 'front', releaseName: 'portal', chart: 'other' }))).toThrow(
      SUSPEND,
    );
    expect(() => check(before, helm('portal', { name: 'front' }))).toThrow(SUSPEND);
    expect(() => check(before, helm('portal', { name: 'front', chart: 'other' }))).not.toThrow();
    expect(() => check(before, helm('portal', { name: 'front', url: 'https://other.example.com' }))).not.toThrow();
  });

  it('is known by what a chart of the repository calls itself', () => {
    const own = (name: string): Files => ({
      ...helm('portal', { name, chart: `./systems/${name}` }),
      [`systems/${name}/Chart.yaml`]: 'apiVersion: v2\nname: portal\nversion: 1.0.0\n',
    });
    expect(() => check(own('portal'), own('front'))).toThrow(SUSPEND);
  });

  it('is known by its registry', () => {
    const oci = (namespace: string, url: string): Files => ({
      'clusters/uni/portal/a.yaml': [
        object('OCIRepository', 'source', 'portal', namespace, { url }),
        object('HelmRelease', 'helm', 'portal', namespace, { chartRef: { kind: 'OCIRepository', name: 'portal' } }),
      ].join('\n---\n'),
    });
    expect(() => check(oci('a', 'oci://x/portal'), oci('b', 'oci://x/portal'))).toThrow(SUSPEND);
    expect(() => check(oci('a', 'oci://x/portal'), oci('b', 'oci://y/portal'))).not.toThrow();
  });

  it('may have something that made it wait', () => {
    const gate = (namespace: string): Files =>
      kustomize('portal-dependencies', namespace, {}, './systems/portal/overlays/uni');
    const all = (namespace: string, suspend: boolean): Files => ({
      ...helm(namespace, { suspend }),
      ...gate(namespace),
    });
    expect(() => check(all('portal', true), all('flux-system', false))).not.toThrow();
    expect(() => check(gate('portal'), gate('flux-system'))).toThrow(SUSPEND);
  });
});

describe('a spoke that moves to another hub', () => {
  const on = (hub: string, spec: object = {}): Files => ({
    [`clusters/${hub}/spokes/uni.yaml`]: object('Kustomization', 'kustomize', 'flux-system', 'uni', {
      path: './clusters/uni',
      prune: true,
    }),
    ...kustomize('app', 'uni', spec),
  });

  it('is refused unless its components are suspended', () => {
    expect(() => check(on('north'), on('south'))).toThrow(SUSPEND);
    expect(() => check(on('north', { suspend: true }), on('south'))).not.toThrow();
    expect(() => check(on('north'), on('north'))).not.toThrow();
  });
});

describe('a cluster that is suspended', () => {
  it('suspends components that say otherwise', () => {
    const app = new KustomizeComponent({ name: 'app', base: KustomizeBase.inRepository(), suspend: false });
    const portal = new HelmComponent({
      name: 'portal',
      chart: ChartSource.repository({ url: 'https://charts.example.com', name: 'portal', version: '1.0.0' }),
      suspend: false,
    });
    const suspended = (suspend: boolean): readonly string[] => {
      const cluster = new Cluster({
        name: 'uni',
        environment: 'dev',
        connection: ClusterConnection.kubeconfig({ context: 'uni' }),
        components: [app, portal],
        suspend,
      });
      return fleetFiles({ project, clusters: [{ cluster, flux: FluxInstallation.bootstrap({ version: 'v2.9.4' }) }] })
        .flatMap(({ files }) => [...files])
        .filter(({ content }) => /^ {2}suspend: true$/m.test(String(content)))
        .map(({ path }) => path);
    };
    expect(suspended(true)).toEqual([
      'clusters/uni/app/app-kustomization.yaml',
      'clusters/uni/portal/portal-helm-release.yaml',
    ]);
    expect(suspended(false)).toEqual([]);
  });
});

describe('fleets', () => {
  const textsOf = (plan: FleetPlan): RepositoryTexts =>
    new Map(
      fleetFiles(fleetOf(plan)).flatMap(({ files }) => [...files].map(({ path, content }) => [path, String(content)])),
    );
  const withClusters = (plan: FleetPlan, change: Partial<FleetPlan['clusters'][number]>): FleetPlan => ({
    ...plan,
    clusters: plan.clusters.map((cluster) => ({ ...cluster, ...change })),
  });
  const fits = ({ components }: FleetPlan): boolean =>
    components.every(
      ({ source, account, chart }) =>
        account === undefined && (chart === undefined ? source !== 'private' : !chart.startsWith('private')),
    );

  it('may lose all components, but change to the trigger pipeline only when they are suspended', () => {
    fc.assert(
      fc.property(fleetPlans.filter(fits), (plan) => {
        const before = withClusters(plan, { trigger: 'interval', lockdown: false });
        const after = withClusters(before, { trigger: 'pipeline' });
        const hasComponents = plan.clusters.some(({ components }) => components.length > 0);
        expect(() => checkFluxMoves(textsOf(before), textsOf(withClusters(before, { components: [] })))).not.toThrow();
        expect(() => checkFluxMoves(textsOf(withClusters(before, { suspend: true })), textsOf(after))).not.toThrow();
        const oneStep = (): void => checkFluxMoves(textsOf(before), textsOf(after));
        if (hasComponents) expect(oneStep).toThrow(/suspend/);
        else expect(oneStep).not.toThrow();
      }),
      { numRuns: 25 },
    );
  });
});
