import { SOURCE_INTERVAL } from '../flux/git-repository';
import { checkInterval } from '../manifest/duration';
import { checkWholeNumber } from '../manifest/whole-number';
import { ValidationError } from '../validation-error';
import { type EnvironmentTier } from './environment-tier';
import { type PipelineAccess } from './pipeline-access';
import { checkWebhookOptions, type WebhookTriggerOptions } from './webhook-options';

/** How GitLab CI applies what changed to a cluster. */
export interface PipelineTriggerOptions {
  /**
   * With what it reaches the cluster.
   *
   * @default PipelineAccess.variable()
   */
  readonly access?: PipelineAccess;
  /**
   * Name of the environment in GitLab.
   *
   * @default - environment and name of the cluster, for example `dev/edge-dev`
   */
  readonly environmentName?: string;
  /**
   * Tier of the environment in GitLab.
   *
   * @default - as the name of the cluster's environment suggests
   */
  readonly tier?: EnvironmentTier;
  /**
   * How many objects a job may delete. More are refused, for a person to look at.
   *
   * @default 20
   */
  readonly maxDeletes?: number;
}

/** How a push to the GitOps repository reaches a cluster. */
export class Trigger {
  /** GitLab's agent server (KAS) tells the agent on the cluster, which calls Flux. */
  public static agent(): Trigger {
    return new Trigger('agent', SOURCE_INTERVAL);
  }

  /**
   * A GitLab project hook calls a Flux `Receiver` on the cluster.
   *
   * @throws ValidationError when GitLab would not reach it
   */
  public static webhook(options: WebhookTriggerOptions = {}): Trigger {
    return new Trigger('webhook', SOURCE_INTERVAL, undefined, checkWebhookOptions(options));
  }

  /**
   * GitLab CI applies the Flux objects that changed; they lie in `clusters/flux-common`.
   *
   * @param options - with what it reaches the cluster, and the environment in GitLab
   * @throws ValidationError when one of them is not possible
   */
  public static pipeline(options: PipelineTriggerOptions = {}): Trigger {
    return new Trigger('pipeline', SOURCE_INTERVAL, checkPipelineOptions(options));
  }

  /**
   * Flux asks for news.
   *
   * @throws ValidationError when the interval is no duration
   */
  public static interval(
    options: {
      /**
       * How often.
       *
       * @default '1m'
       */
      readonly every?: string;
    } = {},
  ): Trigger {
    checkInterval('trigger', 'every', options.every);
    return new Trigger('interval', options.every ?? '1m');
  }

  private constructor(
    /** Which way it is. */
    public readonly type: TriggerType,
    /** How often Flux fetches a source that does not say so itself. News that a trigger lost are found by then. */
    public readonly sourceInterval: string,
    /** How GitLab CI does it; undefined for other triggers. */
    public readonly pipeline?: PipelineTriggerOptions,
    /** How GitLab reaches the cluster; undefined for other triggers. */
    public readonly webhook?: WebhookTriggerOptions,
  ) {}

  /**
   * Where the Flux objects of components lie in the GitOps repository. GitLab CI applies single files, so for it they lie
   * together. Otherwise everything below `clusters/<cluster>` belongs to that cluster alone, or a push would deploy to
   * others.
   */
  public get layout(): 'per-cluster' | 'flux-common' {
    return this.type === 'pipeline' ? 'flux-common' : 'per-cluster';
  }
}

/** The ways in which a push can reach a cluster. */
export type TriggerType = 'agent' | 'webhook' | 'pipeline' | 'interval';

function checkPipelineOptions(options: PipelineTriggerOptions): PipelineTriggerOptions {
  const { environmentName, maxDeletes } = options;
  if (environmentName !== undefined && !/^[\w. -]+(\/[\w. -]+)*$/.test(environmentName)) {
    const want = 'letters, digits, spaces and - _ . with / between: the name of an environment';
    throw new ValidationError({ at: 'trigger', prop: ['pipeline', 'environmentName'], got: environmentName, want });
  }
  checkWholeNumber('trigger', ['pipeline', 'maxDeletes'], maxDeletes, { from: 0 });
  return options;
}
