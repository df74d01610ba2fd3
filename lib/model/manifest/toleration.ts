import { type ErrorThing, type PropPath } from '../error-place';
import { ValidationError } from '../validation-error';

/**
 * A taint that pods put up with.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/
 */
export interface Toleration {
  /**
   * Key of the taint.
   *
   * @default - any
   */
  readonly key?: string;
  /**
   * `Exists`: any value; `Equal`: the given one.
   *
   * @default 'Equal'
   */
  readonly operator?: 'Exists' | 'Equal';
  /**
   * Value of the taint.
   *
   * @default - the empty value
   */
  readonly value?: string;
  /**
   * Effect of the taint.
   *
   * @default - any
   */
  readonly effect?: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
  /**
   * How long a pod stays on a node with a `NoExecute` taint, in seconds.
   *
   * @default - for ever
   */
  readonly tolerationSeconds?: number;
}

/**
 * Refuses a toleration that Kubernetes refuses.
 *
 * @param at - the thing that has the toleration
 */
export function checkToleration(at: ErrorThing, prop: PropPath, toleration: Toleration): void {
  const { key, operator, value, effect, tolerationSeconds } = toleration;
  const refuse = (got: unknown, want: string): never => {
    throw new ValidationError({ at, prop, got, want });
  };
  if (key === undefined && operator !== 'Exists') {
    refuse({ operator, value }, "a key, or operator 'Exists' for every taint");
  }

  if (operator === 'Exists' && value !== undefined) refuse({ operator, value }, "no value beside operator 'Exists'");
  if (tolerationSeconds !== undefined && effect !== 'NoExecute') {
    refuse({ effect, tolerationSeconds }, "tolerationSeconds only with effect 'NoExecute'");
  }
}
