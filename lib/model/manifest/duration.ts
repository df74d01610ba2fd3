import { type ErrorThing, type PropPath } from '../error-place';
import { ValidationError } from '../validation-error';

const DURATION = /^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$/;
/** Go's durations are nanoseconds of 64 bits: 292 years. */
const LONGEST = 2n ** 63n - 1n;
const NANOSECONDS: Readonly<Record<string, bigint>> = {
  h: 3_600_000_000_000n,
  m: 60_000_000_000n,
  s: 1_000_000_000n,
  ms: 1_000_000n,
};

/** Whether Flux reads a text as a duration. */
export function isDuration(text: string): boolean {
  return DURATION.test(text) && nanosecondsOf(text) <= LONGEST;
}

/** A duration as Go reads it. What is less than a nanosecond is cut off, for each part alone. */
export function nanosecondsOf(duration: string): bigint {
  return [...duration.matchAll(/([0-9]+)(?:\.([0-9]+))?(ms|s|m|h)/g)].reduce(
    (sum, [, whole = '', part = '', unit = '']) => {
      const size = NANOSECONDS[unit] ?? 0n;
      return sum + BigInt(whole) * size + (BigInt(part || '0') * size) / 10n ** BigInt(part.length);
    },
    0n,
  );
}

/** A duration in whole seconds, rounded up. */
export function secondsOf(duration: string): number {
  return Math.ceil(Number(nanosecondsOf(duration)) / 1e9);
}

/**
 * Refuses what is not a duration as Flux reads it.
 *
 * @param at - the thing that has the duration
 * @param duration - for example `90s`, `10m` or `1h30m`
 * @see https://fluxcd.io/flux/components/kustomize/api/v1/ (`spec.interval`)
 */
export function checkDuration(at: ErrorThing, prop: PropPath, duration: string | undefined): void {
  if (duration !== undefined && !isDuration(duration)) {
    throw new ValidationError({ at, prop, got: duration, want: 'a duration such as 90s, 10m or 1h30m' });
  }
}

/**
 * Refuses a time in which nothing can be done.
 *
 * @param at - the thing that has the duration
 * @param duration - for example `5m`
 */
export function checkTimeout(at: ErrorThing, prop: PropPath, duration: string | undefined): void {
  checkDuration(at, prop, duration);
  if (duration !== undefined && nanosecondsOf(duration) === 0n) {
    throw new ValidationError({ at, prop, got: duration, want: 'more than no time, such as 5m' });
  }
}

/** Flux asks a server for news this often at most: every cluster asks for every source of every component. */
const SHORTEST_INTERVAL = '10s';

/**
 * Refuses intervals at which Flux would do nothing but ask, and `0s`, at which it does not ask at all.
 *
 * @param at - the thing that has the interval
 * @param interval - for example `10m`
 */
export function checkInterval(at: ErrorThing, prop: PropPath, interval: string | undefined): void {
  checkDuration(at, prop, interval);
  if (interval !== undefined && nanosecondsOf(interval) < nanosecondsOf(SHORTEST_INTERVAL)) {
    throw new ValidationError({ at, prop, got: interval, want: `at least ${SHORTEST_INTERVAL}, such as 1m` });
  }
}
