import { type ErrorThing, type PropPath } from '../error-place';
import { ValidationError } from '../validation-error';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/**
 * Refuses what is no day.
 *
 * @param prop - the prop that holds the day
 * @param day - `2027-06-30`
 */
export function checkDay(at: ErrorThing, prop: PropPath, day: string): void {
  if (!(DAY.test(day) && exists(day))) {
    throw new ValidationError({ at, prop, got: day, want: 'a day such as 2027-06-30' });
  }
}

/**
 * Refuses what is no time in the form of RFC 3339.
 *
 * @param prop - the prop that holds the time
 * @param time - `2027-06-30T00:00:00Z`
 */
export function checkTime(at: ErrorThing, prop: PropPath, time: string | undefined): void {
  if (time !== undefined && !(TIME.test(time) && exists(time.slice(0, 10)))) {
    throw new ValidationError({ at, prop, got: time, want: 'a time such as 2027-06-30T00:00:00Z' });
  }
}

/** JavaScript takes the 30th of February for a day in March. */
function exists(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}
