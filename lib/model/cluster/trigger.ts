import { checkDuration } from '../flux/duration';
import { SOURCE_INTERVAL } from '../flux/git-repository';

/** How a push to the GitOps repository reaches a cluster. */
export class Trigger {
  /** GitLab's agent server (KAS) tells the agent on the cluster, which calls Flux. */
  public static agent(): Trigger {
    return new Trigger('agent', SOURCE_INTERVAL);
  }

  /** A GitLab project hook calls a Flux `Receiver` on the cluster. */
  public static webhook(): Trigger {
    return new Trigger('webhook', SOURCE_INTERVAL);
  }

  /** GitLab CI applies the Flux objects that changed; they lie in `clusters/flux-common`. */
  public static pipeline(): Trigger {
    return new Trigger('pipeline', SOURCE_INTERVAL);
  }

  /**
   * Flux asks for news.
   *
   * @param options - how often
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
    checkDuration('trigger', 'every', options.every);
    return new Trigger('interval', options.every ?? '1m');
  }

  private constructor(
    /** Which way it is. */
    public readonly type: TriggerType,
    /** How often Flux fetches a source that does not say so itself. News that a trigger lost are found by then. */
    public readonly sourceInterval: string,
  ) {}
}

/** The ways in which a push can reach a cluster. */
export type TriggerType = 'agent' | 'webhook' | 'pipeline' | 'interval';
