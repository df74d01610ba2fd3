import { join } from 'node:path';

import { Cluster } from '../../lib/model/cluster/cluster';
import { ClusterConnection } from '../../lib/model/cluster/cluster-connection';
import { Trigger, type TriggerType } from '../../lib/model/cluster/trigger';
import { ChartSource } from '../../lib/model/component/chart/chart-source';
import { type Component } from '../../lib/model/component/component';
import { GitCredential } from '../../lib/model/component/git-credential';
import { GitSource } from '../../lib/model/component/git-source';
import { HelmComponent } from '../../lib/model/component/helm-component';
import { KustomizeBase } from '../../lib/model/component/kustomize-base';
import { KustomizeComponent } from '../../lib/model/component/kustomize-component';
import { KustomizeOverlay } from '../../lib/model/component/kustomize-overlay';
import { SecretReference } from '../../lib/model/component/secret-reference';
import { type DeliveryDefinition, type FleetDefinition } from '../../lib/model/fleet/definition/fleet-definition';
import { FluxPatch } from '../../lib/model/flux/flux-patch';
import { FluxInstallation } from '../../lib/model/installation/flux-installation';
import { type BootstrapInstallationProps } from '../../lib/model/installation/installation-props';
import { type KubernetesObject } from '../../lib/model/manifest/kubernetes-object';
import { AGE_DEV } from './sops';

/** The project of all fleets here. */
export const project = { url: 'https://gitlab.example.com', path: 'platform/fleet' };

/** A component as plain data, so that fleets can be changed and compared. */
export interface ComponentPlan {
  readonly name: string;
  /** Component whose namespace it joins. */
  readonly joins?: string;
  readonly dependsOn?: readonly string[];
  /**
   * Where its manifests are: the GitOps repository, a tag of it, a base in it that is somebody else's, or another
   * repository, public or not.
   */
  readonly source?: 'gitops' | 'tag' | 'in-repository' | 'public' | 'private';
  /**
   * Where its chart is: a Helm repository, public or not, an OCI registry, public or not, a directory of ours, or another
   * Git repository. Without it, it is a kustomize component.
   */
  readonly chart?: 'repository' | 'private-repository' | 'oci' | 'private-oci' | 'own' | 'git';
  /** The account that applies it: one in its namespace, or one with rights in the whole cluster. */
  readonly account?: 'namespaced' | 'cluster-wide';
  /** Whether its base brings the Namespace too, as many charts and upstream directories do. */
  readonly bringsNamespace?: boolean;
  /** Whether its overlays in the environment dev change everything that an overlay can change. */
  readonly changes?: boolean;
}

/** A cluster as plain data. */
export interface ClusterPlan {
  readonly name: string;
  readonly environment: string;
  readonly trigger?: TriggerType;
  readonly lockdown?: boolean;
  readonly suspend?: boolean;
  /** Whether its root decrypts with a key of age that Terraform writes. */
  readonly decrypts?: boolean;
  readonly components: readonly string[];
}

/** A fleet as plain data. */
export interface FleetPlan {
  readonly components: readonly ComponentPlan[];
  readonly clusters: readonly ClusterPlan[];
}

/** A fleet with everything that this release has: each layout, promotion by tag, another repository, dependencies. */
export const examplePlan: FleetPlan = {
  components: [
    { name: 'logging', changes: true },
    { name: 'fluentd', joins: 'logging', dependsOn: ['logging'], changes: true, bringsNamespace: true },
    { name: 'kiosk', source: 'private', dependsOn: ['logging'] },
    { name: 'portal', source: 'tag', account: 'namespaced' },
  ],
  clusters: [
    { name: 'uni-dev', environment: 'dev', decrypts: true, components: ['logging', 'fluentd', 'kiosk'] },
    { name: 'campus-dev', environment: 'dev', trigger: 'pipeline', components: ['logging', 'fluentd'] },
    {
      name: 'uni-prod',
      environment: 'prod',
      trigger: 'agent',
      lockdown: true,
      components: ['logging', 'fluentd', 'portal'],
    },
  ],
};

/** What {@link fleetOf} can add to a plan. */
export interface FleetOptions {
  readonly delivery?: DeliveryDefinition;
  readonly flux?: Partial<BootstrapInstallationProps>;
}

/** With a key that Terraform writes. */
const AGE_KEY = { secretName: 'sops-age', recipients: [AGE_DEV], terraform: {} };

/** With a hook, and a way to it. */
const WEBHOOK = Trigger.webhook({ url: 'https://flux.example.com', ingress: {} });

/** The values of a plan. */
export function fleetOf(plan: FleetPlan, options: FleetOptions = {}): FleetDefinition {
  const components = new Map<string, Component>();
  const hasDev = plan.clusters.some(({ environment }) => environment === 'dev');
  const componentOf = (name: string): Component => {
    const existing = components.get(name);
    if (existing !== undefined) return existing;
    const found = plan.components.find((each) => each.name === name)!;
    const component = (found.chart === undefined ? kustomizeComponent : helmComponent)(found, componentOf, hasDev);
    components.set(name, component);
    return component;
  };
  return {
    project,
    delivery: options.delivery,
    clusters: plan.clusters.map(
      ({ name, environment, trigger = 'interval', lockdown, suspend, decrypts, components: names }) => ({
        cluster: new Cluster({
          name,
          environment,
          connection: ClusterConnection.kubeconfig({ context: name }),
          trigger: trigger === 'webhook' ? WEBHOOK : Trigger[trigger](),
          components: names.map(componentOf),
          suspend,
        }),
        flux: FluxInstallation.bootstrap({
          version: 'v2.9.4',
          ...(lockdown === true ? { patches: [FluxPatch.multiTenancyLockdown()] } : {}),
          ...(decrypts === true ? { patches: [FluxPatch.rootDecryption(AGE_KEY)] } : {}),
          ...options.flux,
        }),
      }),
    ),
  };
}

function kustomizeComponent(
  plan: ComponentPlan,
  componentOf: (name: string) => Component,
  hasDev: boolean,
): KustomizeComponent {
  const { name, joins, dependsOn = [], source = 'gitops', account, bringsNamespace, changes } = plan;
  const foreign = source === 'public' || source === 'private';
  const own = foreign ? KustomizeBase.path(`./deploy/${name}`) : KustomizeBase.objects(baseOf(name, bringsNamespace));
  const namespaceOwner = joins === undefined ? undefined : componentOf(joins);
  return new KustomizeComponent({
    name,
    base: source === 'in-repository' ? KustomizeBase.inRepository() : own,
    namespaceOwner,
    namespaceLabels: joins === undefined ? { team: name } : undefined,
    source: sourceOf(name, source),
    dependsOn: dependsOn.map(componentOf),
    serviceAccount: account && { name: `${name}-applier`, clusterWide: account === 'cluster-wide' },
    ...(changes === true && hasDev && !foreign ? { environments: { dev: { overlay: overlayOf(name) } } } : {}),
  });
}

function helmComponent(plan: ComponentPlan, componentOf: (name: string) => Component, hasDev: boolean): HelmComponent {
  const { name, joins, dependsOn = [], account, chart = 'own', changes } = plan;
  const isPrivate = chart.startsWith('private');
  return new HelmComponent({
    name,
    chart: chartOf(name, chart),
    namespaceOwner: joins === undefined ? undefined : componentOf(joins),
    namespaceLabels: joins === undefined ? { team: name } : undefined,
    dependsOn: dependsOn.map(componentOf),
    serviceAccount: account && { name: `${name}-applier`, clusterWide: account === 'cluster-wide' },
    values: { title: '$' + '{HOME}' },
    valuesFrom: isPrivate ? [{ secret: SecretReference.terraform() }] : undefined,
    ...(changes === true && hasDev ? { environments: { dev: { values: { replicas: 2 } } } } : {}),
  });
}

function chartOf(name: string, chart: NonNullable<ComponentPlan['chart']>): ChartSource {
  const credential = chart.startsWith('private') ? SecretReference.terraform() : undefined;
  switch (chart) {
    case 'repository':
    case 'private-repository':
      return ChartSource.repository({ url: 'https://charts.example.com', name, version: '1.x', credential });
    case 'oci':
    case 'private-oci':
      return ChartSource.oci({ url: `oci://registry.example.com/charts/${name}`, tag: '1.0.0', credential });
    case 'own':
      return ChartSource.local(join(__dirname, '../../examples/portal'));
    case 'git': {
      const url = `https://gitlab.example.com/teams/${name}.git`;
      return ChartSource.git({ url, ref: { branch: 'main' }, path: './chart' });
    }
  }
}

function sourceOf(name: string, source: ComponentPlan['source']): GitSource {
  const url = `https://gitlab.example.com/teams/${name}.git`;
  switch (source) {
    case 'tag':
      return GitSource.gitOpsRepository({ ref: { tag: 'v1.0.0' } });
    case 'public':
      return GitSource.git({ url, ref: { branch: 'main' } });
    case 'private':
      return GitSource.git({ url, ref: { semver: '>=1.0.0' }, credential: GitCredential.terraform() });
    default:
      return GitSource.gitOpsRepository();
  }
}

/** The objects of a component's base: a workload, its settings, and rights in the cluster. */
export function baseOf(name: string, bringsNamespace = false): readonly KubernetesObject[] {
  const labels = { app: name };
  const container = { name, image: `registry.example.com/${name}:1`, resources: { requests: { cpu: '10m' } } };
  return [
    ...(bringsNamespace ? [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'logging' } }] : []),
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { text: `$` + `{HOME} of ${name}` } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [container] } },
      },
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
      subjects: [{ kind: 'ServiceAccount', name: 'default' }],
    },
  ];
}

function overlayOf(name: string): KustomizeOverlay {
  return KustomizeOverlay.of({
    patches: [{ target: { kind: 'Deployment' }, patch: '- { op: add, path: /metadata/annotations, value: { a: b } }' }],
    images: [{ name: `registry.example.com/${name}`, newTag: '2' }],
    replicas: { [name]: 2 },
    configMaps: [{ name: `${name}-extra`, data: { 'extra.conf': 'match **\n' } }],
    labels: { environment: 'dev' },
    objects: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `${name}-more` }, data: { a: 'b' } }],
  });
}
