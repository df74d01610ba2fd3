import { type KubernetesObject } from '../manifest/kubernetes-object';
import { SOURCE_INTERVAL } from './git-repository';

/** A `HelmChart` of Flux's source-controller. */
export interface HelmChartProps {
  /** Name of the object. */
  readonly name: string;
  /** Namespace of the object. */
  readonly namespace: string;
  /** Name of the chart in a `HelmRepository`, or its directory in a `GitRepository`. */
  readonly chart: string;
  /** The source, in the same namespace. */
  readonly source: {
    /** Kind of the source. */
    readonly kind: 'HelmRepository' | 'GitRepository';
    /** Name of the source. */
    readonly name: string;
  };
  /**
   * Version, or a range of versions, for a chart in a `HelmRepository`.
   *
   * @default - the version that the directory's `Chart.yaml` says
   */
  readonly version?: string;
  /**
   * How often the source is asked for a new version.
   *
   * @default '10m'
   */
  readonly interval?: string;
  /**
   * What makes a new chart of a directory: another version in its `Chart.yaml`, or each revision of the source.
   *
   * @default 'ChartVersion'
   */
  readonly reconcileStrategy?: 'ChartVersion' | 'Revision';
  /** Labels of the object. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Annotations of the object. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/**
 * Renders a `HelmChart` (source.toolkit.fluxcd.io/v1).
 *
 * @param props - the chart, its source and its version
 * @see https://fluxcd.io/flux/components/source/helmcharts/
 */
export function helmChart(props: HelmChartProps): KubernetesObject {
  return {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'HelmChart',
    metadata: { name: props.name, namespace: props.namespace, labels: props.labels, annotations: props.annotations },
    spec: {
      interval: props.interval ?? SOURCE_INTERVAL,
      chart: props.chart,
      version: props.version,
      sourceRef: { kind: props.source.kind, name: props.source.name },
      reconcileStrategy: props.reconcileStrategy ?? 'ChartVersion',
    },
  };
}
