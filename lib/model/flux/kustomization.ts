import { checkAll, mapAll } from '../check-all';
import { below, type ErrorThing, type PathStep } from '../error-place';
import { checkInterval, checkTimeout } from '../manifest/duration';
import { type KubernetesObject, type ObjectReference } from '../manifest/kubernetes-object';
import { ValidationError } from '../validation-error';
import { checkDecryption, type Decryption } from './decryption';
import { changesInSpec, checkKustomizationChanges, type KustomizationChanges } from './kustomization-changes';

/**
 * How Flux applies a kustomize build: the settings of a `Kustomization` that a component, an environment or a cluster
 * can choose. The defaults are those that Flux's documentation recommends.
 *
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#recommended-settings
 */
export interface KustomizationSettings extends KustomizationChanges {
  /**
   * How often the state of the cluster is compared with Git and corrected.
   *
   * @default '1h'
   */
  readonly interval?: string;
  /**
   * How soon a failed apply is tried again.
   *
   * @default '2m'
   */
  readonly retryInterval?: string;
  /**
   * How long one apply, with its health checks, may take.
   *
   * @default '3m'
   */
  readonly timeout?: string;
  /**
   * Whether objects that leave Git are deleted from the cluster.
   *
   * @default true
   */
  readonly prune?: boolean;
  /**
   * Whether everything that was applied must become ready. `healthChecks` are ignored by Flux when it is on.
   *
   * @default true, and false when `healthChecks` are given
   */
  readonly wait?: boolean;
  /**
   * Whether objects with immutable fields are recreated.
   *
   * @default false
   */
  readonly force?: boolean;
  /**
   * Whether Flux leaves the component alone.
   *
   * @default false
   */
  readonly suspend?: boolean;
  /**
   * Objects that must become ready. Those of a component are in its namespace unless they say another.
   *
   * @default - everything that was applied
   */
  readonly healthChecks?: readonly ObjectReference[];
  /**
   * Common Expression Language (CEL) expressions that say when objects of a kind are ready.
   *
   * @default - Flux's own rules
   */
  readonly healthCheckExprs?: readonly HealthCheckExpression[];
  /**
   * How encrypted files are decrypted.
   *
   * @default - they are not
   */
  readonly decryption?: Decryption;
  /**
   * Values for `${…}` in the manifests.
   *
   * @default - none, `${…}` stays as it is
   */
  readonly postBuild?: PostBuild;
  /**
   * What happens to the component's objects when the `Kustomization` is deleted.
   *
   * @default - as `prune` says (MirrorPrune)
   */
  readonly deletionPolicy?: 'MirrorPrune' | 'Delete' | 'WaitForTermination' | 'Orphan';
}

/** When objects of a kind are ready, failed or on their way. */
export interface HealthCheckExpression {
  /** Group and version of the kind. */
  readonly apiVersion: string;
  /** The kind. */
  readonly kind: string;
  /** CEL expression that is true when the object is ready. */
  readonly current: string;
  /**
   * CEL expression that is true when the object has failed.
   *
   * @default - never
   */
  readonly failed?: string;
  /**
   * CEL expression that is true while the object is on its way.
   *
   * @default - whenever it is neither ready nor failed
   */
  readonly inProgress?: string;
}

/** Values that Flux fills into `${…}` after the build. */
export interface PostBuild {
  /**
   * Whether the variables of the cluster are among the values. `substitute` counts before them.
   *
   * @default false
   */
  readonly variables?: boolean;
  /** Values by name. They are in Git: no secrets. */
  readonly substitute?: Readonly<Record<string, string>>;
  /** ConfigMaps and Secrets, in the namespace of the Flux objects, whose data are values. */
  readonly substituteFrom?: readonly SubstituteFrom[];
}

/** A ConfigMap or Secret whose data are values. */
export interface SubstituteFrom {
  /** Kind of the object. */
  readonly kind: 'ConfigMap' | 'Secret';
  /** Name of the object. */
  readonly name: string;
  /**
   * Whether it may be absent.
   *
   * @default false
   */
  readonly optional?: boolean;
}

/** A `Kustomization` of Flux's kustomize-controller. */
export interface KustomizationProps extends KustomizationSettings {
  /** Name of the object. */
  readonly name: string;
  /** Namespace of the object. */
  readonly namespace: string;
  /** Directory in the source, for example `./systems/fluentd/overlays/uni-dev`. */
  readonly path: string;
  /** Name of the source, in the same namespace. */
  readonly sourceName: string;
  /**
   * Kind of the source.
   *
   * @default 'GitRepository'
   */
  readonly sourceKind?: 'GitRepository' | 'OCIRepository';
  /** Other `Kustomization`s that must be ready first. */
  readonly dependsOn?: readonly { readonly name: string; readonly namespace: string }[];
  /**
   * Account that applies the objects.
   *
   * @default - the account of kustomize-controller
   */
  readonly serviceAccountName?: string;
  /**
   * Another cluster to apply to, as `spec.kubeConfig` says it.
   *
   * @default - the cluster that Flux runs in
   */
  readonly kubeConfig?: KubeConfigReference;
  /** Kustomize patches. */
  readonly patches?: readonly object[];
  /** Kustomize images. */
  readonly images?: readonly object[];
  /** Labels of the object. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Annotations of the object. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/**
 * How Flux reaches another cluster: a Secret with a kubeconfig, or a ConfigMap for workload identity.
 *
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#kubeconfig-remote-clusters
 */
export type KubeConfigReference =
  | { readonly secretRef: { readonly name: string; readonly key?: string } }
  | { readonly configMapRef: { readonly name: string } };

/**
 * Renders a `Kustomization` (kustomize.toolkit.fluxcd.io/v1) with the recommended settings.
 *
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/
 */
export function kustomization(props: KustomizationProps): KubernetesObject {
  return {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name: props.name, namespace: props.namespace, labels: props.labels, annotations: props.annotations },
    spec: {
      interval: props.interval ?? '1h',
      retryInterval: props.retryInterval ?? '2m',
      timeout: props.timeout ?? '3m',
      prune: props.prune ?? true,
      wait: props.wait ?? props.healthChecks === undefined,
      force: props.force,
      suspend: props.suspend,
      path: props.path,
      sourceRef: { kind: props.sourceKind ?? 'GitRepository', name: props.sourceName },
      dependsOn: notEmpty(props.dependsOn),
      healthChecks: notEmpty(props.healthChecks),
      healthCheckExprs: notEmpty(props.healthCheckExprs),
      decryption: props.decryption && {
        provider: 'sops',
        secretRef: props.decryption.secretName === undefined ? undefined : { name: props.decryption.secretName },
        serviceAccountName: props.decryption.serviceAccountName,
      },
      postBuild: props.postBuild,
      deletionPolicy: props.deletionPolicy,
      serviceAccountName: props.serviceAccountName,
      kubeConfig: props.kubeConfig,
      patches: notEmpty(props.patches),
      images: notEmpty(props.images),
      ...changesInSpec(props),
    },
  };
}

function notEmpty<T>(list: readonly T[] | undefined): readonly T[] | undefined {
  return list?.length ? list : undefined;
}

const VARIABLE = /^[_a-zA-Z][_a-zA-Z0-9]*$/;

/**
 * Refuses settings that Flux would refuse, or would ignore without a word.
 *
 * @param at - the thing that has the settings
 * @param prefix - where the thing has them, for example `clusters.uni-dev.`; may be empty
 */
export function checkKustomizationSettings(
  at: ErrorThing,
  prefix: readonly PathStep[],
  settings: KustomizationSettings,
): void {
  checkAll(
    () => checkInterval(at, below(prefix, 'interval'), settings.interval),
    () => checkTimeout(at, below(prefix, 'retryInterval'), settings.retryInterval),
    () => checkTimeout(at, below(prefix, 'timeout'), settings.timeout),
    () => checkKustomizationChanges(at, prefix, settings),
    () => settings.decryption && checkDecryption(at, below(prefix, 'decryption'), settings.decryption),
    () => {
      if (settings.wait === true && settings.healthChecks?.length) {
        throw new ValidationError({
          at,
          prop: below(prefix, 'wait'),
          got: true,
          want: 'false or nothing beside healthChecks, which Flux ignores when wait is on',
        });
      }
    },
    () =>
      mapAll(Object.keys(settings.postBuild?.substitute ?? {}), (name) => {
        if (!VARIABLE.test(name)) {
          throw new ValidationError({
            at,
            prop: below(prefix, 'postBuild', 'substitute'),
            got: name,
            want: 'a name of letters, digits and underscores that begins with no digit',
          });
        }
      }),
  );
}
