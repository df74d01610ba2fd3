import { type ErrorThing, type PropPath } from '../error-place';
import { ValidationError } from '../validation-error';
import { nanosecondsOf } from './gotk/go-duration';

const DURATION = /^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$/;
/** Go's durations are nanoseconds of 64 bits: 292 years. */
const LONGEST = 2n ** 63n - 1n;

/**
 * Refuses what is not a duration as Flux reads it.
 *
 * @param at - the thing that has the duration
 * @param prop - the prop that holds it
 * @param duration - for example `90s`, `10m` or `1h30m`
 * @throws ValidationError
 * @see https://fluxcd.io/flux/components/kustomize/api/v1/ (`spec.interval`)
 */
export function checkDuration(at: ErrorThing, prop: PropPath, duration: string | undefined): void {
  if (duration !== undefined && !(DURATION.test(duration) && nanosecondsOf(duration) <= LONGEST)) {
    throw new ValidationError({ at, prop, got: duration, want: 'a duration such as 90s, 10m or 1h30m' });
  }
}
