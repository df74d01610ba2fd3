import { type KubernetesObject } from '../manifest/kubernetes-object';
import { type KustomizePatch } from '../manifest/kustomize';
import { type HelmFailureStrategy, type HelmReleaseSettings } from './helm-release-settings';
import { type KubeConfigReference } from './kustomization';

/** A ConfigMap or Secret with values, in the namespace of the `HelmRelease`. */
export interface ValuesFrom {
  /** Kind of the object. */
  readonly kind: 'ConfigMap' | 'Secret';
  /** Name of the object. */
  readonly name: string;
  /**
   * Key in its data.
   *
   * @default 'values.yaml'
   */
  readonly valuesKey?: string;
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

/** A `HelmRelease` of Flux's helm-controller. */
export interface HelmReleaseProps extends HelmReleaseSettings {
  /** Name of the object. */
  readonly name: string;
  /** Namespace of the object. */
  readonly namespace: string;
  /** Name of the release. */
  readonly releaseName: string;
  /** Namespace that the chart is installed into. */
  readonly targetNamespace: string;
  /** Namespace in which Helm keeps what it knows of the release. */
  readonly storageNamespace: string;
  /** The chart, in the same namespace. */
  readonly chartRef: {
    /** Kind of what holds the chart. */
    readonly kind: 'HelmChart' | 'OCIRepository';
    /** Name of what holds the chart. */
    readonly name: string;
  };
  /** Where values come from; the later count before the earlier. */
  readonly valuesFrom: readonly ValuesFrom[];
  /** Other `HelmRelease`s that must be ready first. */
  readonly dependsOn?: readonly { readonly name: string; readonly namespace: string }[];
  /**
   * Account that installs the chart.
   *
   * @default - the account of helm-controller
   */
  readonly serviceAccountName?: string;
  /**
   * Another cluster to install on.
   *
   * @default - the cluster that Flux runs in
   */
  readonly kubeConfig?: KubeConfigReference;
  /**
   * Whether Helm creates the target namespace.
   *
   * @default false
   */
  readonly createNamespace?: boolean;
  /** What kustomize changes about what the chart renders. */
  readonly postRender?: {
    /** Patches. */
    readonly patches?: readonly KustomizePatch[];
    /** Images. */
    readonly images?: readonly object[];
  };
  /** Labels of the object. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Annotations of the object. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/**
 * Renders a `HelmRelease` (helm.toolkit.fluxcd.io/v2) with the recommended settings.
 *
 * @see https://fluxcd.io/flux/components/helm/helmreleases/
 */
export function helmRelease(props: HelmReleaseProps): KubernetesObject {
  const { driftDetection, test, uninstall, postRender } = props;
  const crds = props.crds ?? 'CreateReplace';
  const disableWait = props.wait === false ? true : undefined;
  const { disableWaitForJobs, disableSchemaValidation, disableTakeOwnership } = props;
  const waiting = { disableWait, disableWaitForJobs };
  const action = { ...actionOf(props.strategy), crds, ...waiting, disableSchemaValidation, disableTakeOwnership };
  return {
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
    kind: 'HelmRelease',
    metadata: { name: props.name, namespace: props.namespace, labels: props.labels, annotations: props.annotations },
    spec: {
      interval: props.interval ?? '30m',
      timeout: props.timeout ?? '5m',
      suspend: props.suspend,
      releaseName: props.releaseName,
      targetNamespace: props.targetNamespace,
      storageNamespace: props.storageNamespace,
      chartRef: props.chartRef,
      valuesFrom: props.valuesFrom,
      dependsOn: props.dependsOn?.length ? props.dependsOn : undefined,
      driftDetection: { mode: driftDetection?.mode ?? 'enabled', ignore: driftDetection?.ignore },
      install: { ...action, createNamespace: props.createNamespace },
      upgrade: { ...action, ...upgradeOf(props.strategy), force: props.force },
      rollback: (disableWait ?? disableWaitForJobs) === undefined ? undefined : waiting,
      uninstall,
      test: test && { enable: true, ...test },
      maxHistory: props.maxHistory,
      healthCheckExprs: props.healthCheckExprs?.length ? props.healthCheckExprs : undefined,
      postRenderers: postRender && [{ kustomize: postRender }],
      postRenderStrategy: props.postRenderStrategy,
      serviceAccountName: props.serviceAccountName,
      kubeConfig: props.kubeConfig,
    },
  };
}

/** What install and upgrade have in common. */
function actionOf({ retryOnFailure, remediateOnFailure }: HelmFailureStrategy = {}): object {
  if (remediateOnFailure === undefined) {
    return { strategy: { name: 'RetryOnFailure', retryInterval: retryOnFailure?.interval ?? '5m' } };
  }

  const { retries = 3, remediateLastFailure = true } = remediateOnFailure;
  return { strategy: { name: 'RemediateOnFailure' }, remediation: { retries, remediateLastFailure } };
}

function upgradeOf({ remediateOnFailure }: HelmFailureStrategy = {}): object {
  if (remediateOnFailure === undefined) return {};
  const { retries = 3, remediateLastFailure = true, upgrade = 'rollback' } = remediateOnFailure;
  return { remediation: { retries, remediateLastFailure, strategy: upgrade } };
}
