import { type HelmReleaseSettings } from '../flux/helm-release-settings';
import { type ChartSource } from './chart/chart-source';
import { type CommonComponentProps } from './component-checks';
import { type HelmPostRender } from './helm-post-render';
import { type HelmValues } from './helm-values';
import { type SecretReference } from './secret-reference';
import { type SourceRef } from './source-object';
import { type Variants, type WithCondition } from './variants';

/** Values that are not in Git as text: exactly one of `secret` and `configMap` says where they are. */
export interface HelmValuesFrom {
  /**
   * The Secret with them.
   *
   * @default - they are in a ConfigMap
   */
  readonly secret?: SecretReference;
  /**
   * Name of the ConfigMap with them, in the namespace of the Flux objects. It is there already.
   *
   * @default - they are in a Secret
   */
  readonly configMap?: string;
  /**
   * Key in its data.
   *
   * @default 'values.yaml'
   */
  readonly key?: string;
  /**
   * The one value that the key's content is, for example `auth.password`.
   *
   * @default - the content is a map of values, in YAML
   */
  readonly targetPath?: string;
  /**
   * Whether it may be absent.
   *
   * @default false
   */
  readonly optional?: boolean;
}

/** What a component does otherwise on a cluster, or on all clusters of an environment. */
export interface HelmVariant extends HelmReleaseSettings {
  /**
   * Version, or range of versions, of a chart in a Helm repository.
   *
   * @default - as the chart's source says
   */
  readonly version?: string;
  /**
   * What to take of an OCI registry or a Git repository, for example a tag in production.
   *
   * @default - as the chart's source says
   */
  readonly ref?: SourceRef;
  /**
   * Values of the chart. They are merged with those of the farther layers: maps key by key, lists as a whole, and
   * `null` takes a value away. They are in Git: no secrets.
   */
  readonly values?: HelmValues;
  /**
   * Whether `{ variable: NAME }` in `values` stands for a variable of the cluster.
   *
   * @default false
   */
  readonly variables?: boolean;
  /** Values that are not in Git as text. The later count before the earlier, and all of them before `values`. */
  readonly valuesFrom?: readonly HelmValuesFrom[];
  /** What changes about what the chart renders. */
  readonly postRender?: HelmPostRender;
}

/** What describes a {@link HelmComponent}. */
export interface HelmComponentProps extends CommonComponentProps, HelmVariant, Variants<HelmVariant> {
  /** Where the chart comes from. */
  readonly chart: ChartSource;
  /**
   * Name of the release.
   *
   * @default - the name of the component
   */
  readonly releaseName?: string;
  /**
   * Namespace that the chart is installed into, when it is not that of the component.
   *
   * @default - the component's namespace
   */
  readonly targetNamespace?: string;
  /**
   * Whether Helm creates the target namespace.
   *
   * @default false, and true for another cluster than that which Flux runs on
   */
  readonly createNamespace?: boolean;
  /** What differs by environment. */
  readonly environments?: Readonly<Record<string, HelmVariant>>;
  /** What differs by condition. Of several that fit a cluster, the last counts most; all of them before `environments`. */
  readonly variants?: readonly (HelmVariant & WithCondition)[];
  /** What differs by cluster. It counts before everything else, setting by setting; values are merged. */
  readonly clusters?: Readonly<Record<string, HelmVariant>>;
}
