import { checkAll, mapAll } from '../check-all';
import { below, type ErrorThing, type PathStep } from '../error-place';
import { checkInterval, checkTimeout } from '../manifest/duration';
import { type KustomizeTarget } from '../manifest/kustomize';
import { checkWholeNumber } from '../manifest/whole-number';
import { ValidationError } from '../validation-error';
import { type HealthCheckExpression } from './kustomization';

/**
 * How Flux installs and upgrades a chart: the settings of a `HelmRelease` that a component, an environment or a cluster
 * can choose. The defaults are those that Flux's documentation recommends.
 *
 * @see https://fluxcd.io/flux/components/helm/helmreleases/#recommended-settings
 */
export interface HelmReleaseSettings {
  /**
   * How often the cluster is compared with the release and corrected.
   *
   * @default '30m'
   */
  readonly interval?: string;
  /**
   * How long one action of Helm, such as an upgrade with its hooks, may take.
   *
   * @default '5m'
   */
  readonly timeout?: string;
  /**
   * Whether Flux leaves the component alone.
   *
   * @default false
   */
  readonly suspend?: boolean;
  /**
   * What happens to objects on the cluster that are not as the chart says.
   *
   * @default - they are corrected
   */
  readonly driftDetection?: DriftDetection;
  /**
   * What happens when an install or an upgrade fails.
   *
   * @default - it is tried again after 5m; what the failed attempt left stays, also volumes and their data
   */
  readonly strategy?: HelmFailureStrategy;
  /**
   * What happens to CustomResourceDefinitions in the chart's directory `crds` on install and upgrade.
   *
   * @default 'CreateReplace'
   */
  readonly crds?: 'Skip' | 'Create' | 'CreateReplace';
  /**
   * Whether Helm's tests of the chart run after each install and upgrade.
   *
   * @default - they do not
   */
  readonly test?: HelmTests;
  /**
   * Whether Helm waits until what it installed is ready.
   *
   * @default true
   */
  readonly wait?: boolean;
  /**
   * Whether Helm waits for what it installed, but not until its Jobs are complete.
   *
   * @default false
   */
  readonly disableWaitForJobs?: boolean;
  /**
   * Whether Helm leaves out to check the values by the schema of the chart.
   *
   * @default false
   */
  readonly disableSchemaValidation?: boolean;
  /**
   * Whether Helm refuses objects that are there already and belong to no release, in place of taking them over.
   *
   * @default false
   */
  readonly disableTakeOwnership?: boolean;
  /**
   * Whether objects with immutable fields are recreated on upgrade.
   *
   * @default false
   */
  readonly force?: boolean;
  /**
   * How many revisions of the release Helm keeps.
   *
   * @default 5
   */
  readonly maxHistory?: number;
  /**
   * How the release is removed.
   *
   * @default - with its hooks, and Flux waits until its objects are gone
   */
  readonly uninstall?: HelmUninstall;
  /**
   * Which objects post-renderers change: not hooks, hooks together with the rest, or each for itself.
   *
   * @default - as Flux says: together
   */
  readonly postRenderStrategy?: 'nohooks' | 'combined' | 'separate';
  /**
   * CEL expressions that say when objects of a kind are ready.
   *
   * @default - Flux's own rules
   */
  readonly healthCheckExprs?: readonly HealthCheckExpression[];
}

/** What happens to objects on the cluster that are not as the chart says. */
export interface DriftDetection {
  /**
   * `enabled`: they are corrected. `warn`: they are reported. `disabled`: nobody looks.
   *
   * @default 'enabled'
   */
  readonly mode?: 'enabled' | 'warn' | 'disabled';
  /** What something else changes on purpose, such as the replicas that an autoscaler sets. */
  readonly ignore?: readonly {
    /** JSON pointers, for example `/spec/replicas`. */
    readonly paths: readonly string[];
    /**
     * The objects.
     *
     * @default - every object of the release
     */
    readonly target?: KustomizeTarget;
  }[];
}

/** What happens when an install or an upgrade fails: exactly one of the fields. */
export interface HelmFailureStrategy {
  /**
   * It is tried again, on top of what the failed attempt left. For what keeps data.
   *
   * @default - not this one
   */
  readonly retryOnFailure?: {
    /**
     * How soon.
     *
     * @default '5m'
     */
    readonly interval?: string;
  };
  /**
   * It is undone and tried again. For what keeps no data.
   *
   * @default - not this one
   */
  readonly remediateOnFailure?: {
    /**
     * How often it is tried again; -1 for without end.
     *
     * @default 3
     */
    readonly retries?: number;
    /**
     * How a failed upgrade is undone. A failed install is uninstalled.
     *
     * @default 'rollback'
     */
    readonly upgrade?: 'rollback' | 'uninstall';
    /**
     * Whether the last attempt is undone too, when it fails like those before.
     *
     * @default true
     */
    readonly remediateLastFailure?: boolean;
  };
}

/** Helm's tests of a chart. */
export interface HelmTests {
  /**
   * How long they may take.
   *
   * @default - the release's `timeout`
   */
  readonly timeout?: string;
  /**
   * Whether a test that fails leaves the release ready all the same.
   *
   * @default false
   */
  readonly ignoreFailures?: boolean;
}

/** How a release is removed. */
export interface HelmUninstall {
  /**
   * How long it may take.
   *
   * @default - the release's `timeout`
   */
  readonly timeout?: string;
  /**
   * Whether hooks are left out.
   *
   * @default false
   */
  readonly disableHooks?: boolean;
  /**
   * Whether Helm keeps what it knows of the release.
   *
   * @default false
   */
  readonly keepHistory?: boolean;
  /**
   * How Kubernetes deletes what belongs to deleted objects.
   *
   * @default 'background'
   */
  readonly deletionPropagation?: 'background' | 'foreground' | 'orphan';
}

/**
 * Refuses settings that Flux would refuse.
 *
 * @param at - the thing that has the settings
 * @param prefix - where the thing has them, for example `clusters.uni-dev.`; may be empty
 */
export function checkHelmReleaseSettings(
  at: ErrorThing,
  prefix: readonly PathStep[],
  settings: HelmReleaseSettings,
): void {
  const { strategy, driftDetection, maxHistory } = settings;
  checkAll(
    () => checkInterval(at, below(prefix, 'interval'), settings.interval),
    () => checkTimeout(at, below(prefix, 'timeout'), settings.timeout),
    () => checkTimeout(at, below(prefix, 'test', 'timeout'), settings.test?.timeout),
    () => checkTimeout(at, below(prefix, 'uninstall', 'timeout'), settings.uninstall?.timeout),
    () => checkTimeout(at, below(prefix, 'strategy', 'retryOnFailure', 'interval'), strategy?.retryOnFailure?.interval),
    () => {
      if (strategy !== undefined && Object.values(strategy).filter((value) => value !== undefined).length !== 1) {
        const want = 'exactly one of retryOnFailure and remediateOnFailure';
        throw new ValidationError({ at, prop: below(prefix, 'strategy'), got: strategy, want });
      }
    },
    () => {
      const prop = below(prefix, 'strategy', 'remediateOnFailure', 'retries');
      checkWholeNumber(at, prop, strategy?.remediateOnFailure?.retries, { from: -1 });
    },
    () => checkWholeNumber(at, below(prefix, 'maxHistory'), maxHistory, { from: 0 }),
    () =>
      mapAll(driftDetection?.ignore ?? [], ({ paths }, index) => {
        const wrong = paths.find((path) => !/^(\/[^/]*)*$/.test(path));
        if (wrong !== undefined || paths.length === 0) {
          const want = 'JSON pointers such as /spec/replicas';
          throw new ValidationError({
            at,
            prop: below(prefix, 'driftDetection', 'ignore', index, 'paths'),
            got: paths,
            want,
          });
        }
      }),
  );
}
