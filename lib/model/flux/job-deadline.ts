import { type ErrorThing, type PropPath } from '../error-place';
import { ValidationError } from '../validation-error';

/** How long the Jobs that install and remove Flux may run when nothing else is said, in seconds. */
export const JOB_DEADLINE = 900;

/** Helm and Kubernetes count nanoseconds in 64 bits, and Terraform waits a little longer than the Job. */
const LONGEST = Number((2n ** 63n - 1n) / 1_000_000_000n) - 600;

/**
 * Refuses a time in which nothing can be done, and one beyond what Kubernetes can count: the Job would end at once.
 *
 * @param at - the thing that has the time
 * @param least - the least that it may be
 */
export function checkSeconds(at: ErrorThing, prop: PropPath, seconds: number | undefined, least: number): void {
  if (seconds === undefined || (Number.isSafeInteger(seconds) && seconds >= least && seconds <= LONGEST)) return;
  const want = `a whole number of seconds, at least ${least} and at most ${LONGEST}`;
  throw new ValidationError({ at, prop, got: seconds, want });
}
