import { helmRelease, type ValuesFrom } from '../flux/helm-release';
import { FileTree } from '../manifest/file-tree';
import { chartObjects } from './chart/chart-objects';
import { type OwnChart } from './chart/own-chart';
import { type ClusterIdentity } from './cluster-identity';
import { fillValues, variablesOf } from './cluster-variables';
import { type Component, type ComponentPlacement, type FluxManifest } from './component';
import { ComponentBase } from './component-base';
import { type ComponentBuild } from './component-build';
import { type ComponentSecret } from './component-secret';
import { dependenciesOfKind, gateAfterKustomize, gateFiles, gateName } from './dependency-gate';
import { GitSource } from './git-source';
import { checkHelmComponent } from './helm-component-checks';
import { type HelmComponentProps, type HelmValuesFrom, type HelmVariant } from './helm-component-props';
import { valuesObject } from './helm-config';
import { type HelmValues, mergeValues, valueOrigins, type ValueOrigin, type ValuesLayer } from './helm-values';
import { nearestSettings } from './nearest-settings';
import { type SecretReference } from './secret-reference';
import { type VariantLayer, variantLayers } from './variants';

/**
 * A component that Flux installs with Helm: a chart, and values for each cluster.
 *
 * @see https://fluxcd.io/flux/components/helm/helmreleases/
 */
export class HelmComponent extends ComponentBase {
  /** Whether a component is one that Flux installs with Helm. */
  public static isHelmComponent(component: Component): component is HelmComponent {
    return component.type === 'helm';
  }

  /** Flux installs it with Helm. */
  public readonly type = 'helm';
  private readonly props: HelmComponentProps;

  /**
   * @throws ValidationError when a name is none, a setting is one that Flux would refuse, values cannot be said in YAML,
   * or a setting does not fit the chart's source
   */
  constructor(props: HelmComponentProps) {
    super(props);
    checkHelmComponent(props);
    this.props = props;
  }

  /** The chart of yours that it delivers; undefined for a chart from elsewhere. */
  public get ownChart(): OwnChart | undefined {
    const { data } = this.props.chart;
    return data.type === 'local' ? data.chart : undefined;
  }

  /**
   * The credential of the chart's source, that of the GitOps repository when it waits for kustomize components, and the
   * Secrets with values.
   */
  public secretsFor(cluster: ClusterIdentity): readonly ComponentSecret[] {
    const waits = this.dependsOn.some(({ type }) => type === 'kustomize');
    const values = (this.variantFor(cluster).valuesFrom ?? []).flatMap(({ secret }) =>
      secret === undefined ? [] : [secretOfValues(secret)],
    );
    return [...(waits ? [this.gitOpsSource()] : []), ...this.chartSecret(), ...values];
  }

  /** The chart, when it is one of yours: its directory with its package. */
  public sharedFiles(): FileTree {
    return this.ownChart?.files ?? FileTree.EMPTY;
  }

  /** What it waits for when it depends on kustomize components. */
  public clusterFiles(cluster: ClusterIdentity): FileTree {
    return gateFiles(this, cluster.name);
  }

  /** Whether Flux leaves it alone on a cluster. */
  public isSuspendedOn(cluster: ClusterIdentity): boolean {
    return this.variantFor(cluster).suspend ?? false;
  }

  /** What Flux installs of a chart of yours. */
  public buildFor(cluster: ClusterIdentity): ComponentBuild | undefined {
    const chart = this.ownChart;
    if (chart === undefined) return undefined;
    const { valuesFrom = [], postRender, disableSchemaValidation = false } = this.variantFor(cluster);
    return {
      type: 'chart',
      chart,
      values: mergeValues(this.valueLayers(cluster).map(({ values }) => values)),
      hasOtherValues: valuesFrom.length > 0,
      skipsSchema: disableSchemaValidation,
      releaseName: this.props.releaseName ?? this.name,
      namespace: this.props.targetNamespace ?? this.namespace,
      postRender,
    };
  }

  /** The chart's source, a ConfigMap with the values, and a `HelmRelease`. */
  public fluxObjects(placement: ComponentPlacement): readonly FluxManifest[] {
    const { cluster, namespace, labels, annotations } = placement;
    const {
      version,
      ref,
      values: _,
      variables: __,
      valuesFrom = [],
      postRender,
      ...settings
    } = this.variantFor(cluster);
    const metadata = { name: this.name, namespace, labels, annotations };
    const values = mergeValues(this.valueLayers(cluster).map((layer) => layer.values));
    const config = valuesObject(this.name, metadata, values);
    const [chartSecret] = this.chartSecret();
    const chart = chartObjects(this.name, this.props.chart.data, { version, ref }, placement, chartSecret);
    const release = helmRelease({
      ...settings,
      ...metadata,
      suspend: placement.suspend || settings.suspend,
      postRender,
      releaseName: this.props.releaseName ?? this.name,
      targetNamespace: this.props.targetNamespace ?? this.namespace,
      storageNamespace: this.namespace,
      createNamespace: this.props.createNamespace ?? (placement.kubeConfig === undefined ? undefined : true),
      chartRef: { kind: this.props.chart.data.type === 'oci' ? 'OCIRepository' : 'HelmChart', name: this.name },
      valuesFrom: this.valuesFrom(placement, config.metadata.name, valuesFrom),
      dependsOn: dependenciesOfKind(this, placement, 'helm'),
      serviceAccountName: placement.serviceAccountName,
      kubeConfig: placement.kubeConfig,
    });
    return [
      ...chart,
      ...gateAfterKustomize(this, placement, this.gitOpsSource()),
      { role: 'config', object: config },
      { role: 'helm-release', object: release },
    ];
  }

  /** The values that a cluster's layers say, from the farthest to the nearest. Those of a chart of yours come first. */
  public valueLayersFor(cluster: ClusterIdentity): readonly ValuesLayer[] {
    const chart = this.ownChart === undefined ? [] : [{ origin: 'chart', values: this.ownChart.values }];
    return [...chart, ...this.valueLayers(cluster)];
  }

  /**
   * What the templates of the chart see on a cluster, as far as it is known here, and where each value comes from. The
   * defaults of a chart from elsewhere are not known, and values by reference neither.
   */
  public valuesFor(cluster: ClusterIdentity): {
    readonly values: HelmValues;
    readonly origins: readonly ValueOrigin[];
  } {
    const layers = this.valueLayersFor(cluster);
    return { values: mergeValues(layers.map(({ values }) => values)), origins: valueOrigins(layers) };
  }

  /** The values by reference that a cluster gets, which count before all others. */
  public valuesFromFor(cluster: ClusterIdentity): readonly HelmValuesFrom[] {
    return this.variantFor(cluster).valuesFrom ?? [];
  }

  /** What counts on a cluster, from the farthest to the nearest. */
  public layersFor(cluster: ClusterIdentity): readonly VariantLayer<HelmVariant>[] {
    return variantLayers<HelmVariant>(variantOf(this.props), this.props, cluster);
  }

  private variantFor(cluster: ClusterIdentity): HelmVariant {
    return nearestSettings(...this.layersFor(cluster).map(({ settings }) => settings));
  }

  private valueLayers(cluster: ClusterIdentity): readonly ValuesLayer[] {
    const at = { component: this.name, cluster: cluster.name };
    const variables = this.variantFor(cluster).variables === true ? variablesOf(cluster) : undefined;
    return this.layersFor(cluster).flatMap(({ origin, settings: { values } }) =>
      values === undefined ? [] : [{ origin, values: variables ? fillValues(at, values, variables) : values }],
    );
  }

  private chartSecret(): readonly ComponentSecret[] {
    const { data } = this.props.chart;
    switch (data.type) {
      case 'local':
      case 'git':
        return [data.source];
      case 'repository':
        return data.credential ? [{ purpose: 'chart', isForeign: true, credential: data.credential }] : [];
      case 'oci': {
        const host = data.url.slice('oci://'.length).replace(/\/.*/, '');
        return data.credential ? [{ purpose: 'registry', isForeign: true, credential: data.credential, host }] : [];
      }
    }
  }

  /** With what Flux reads the GitOps repository: as the chart of yours says, or as for every component. */
  private gitOpsSource(): GitSource {
    const { data } = this.props.chart;
    return data.type === 'local' ? data.source : GitSource.gitOpsRepository();
  }

  private valuesFrom(
    placement: ComponentPlacement,
    config: string,
    given: readonly HelmValuesFrom[],
  ): readonly ValuesFrom[] {
    const waits = dependenciesOfKind(this, placement, 'kustomize').length > 0;
    return [
      ...(waits ? [{ kind: 'ConfigMap' as const, name: gateName(this) }] : []),
      { kind: 'ConfigMap', name: config },
      ...given.map(({ secret, configMap = '', key: valuesKey, targetPath, optional }): ValuesFrom => {
        const name = secret === undefined ? configMap : placement.secretNameOf(secretOfValues(secret));
        const kind = secret === undefined ? 'ConfigMap' : 'Secret';
        return { kind, name: name ?? '', valuesKey, targetPath, optional };
      }),
    ];
  }
}

function secretOfValues(credential: SecretReference): ComponentSecret {
  return { purpose: 'values', isForeign: true, credential };
}

/** The props that a cluster can have otherwise, without those that describe the component as a whole. */
function variantOf(props: HelmComponentProps): HelmVariant {
  const { name: _, namespace, namespaceOwner, namespaceLabels, dependsOn, on, serviceAccount, shard, ...rest } = props;
  const { chart, releaseName, targetNamespace, createNamespace, environments, variants, clusters, ...variant } = rest;
  return variant;
}
