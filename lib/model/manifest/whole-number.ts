import { type ErrorThing, type PropPath } from '../error-place';
import { ValidationError } from '../validation-error';

/** The bounds of a whole number. */
export interface WholeNumberRange {
  /** The least. */
  readonly from: number;
  /**
   * The most.
   *
   * @default - any
   */
  readonly to?: number;
  /**
   * What follows in the message: why, or when it changes.
   *
   * @default - nothing follows
   */
  readonly more?: string;
}

/**
 * Refuses what is no whole number, or outside of its bounds.
 *
 * @param at - the thing that has the number
 */
export function checkWholeNumber(
  at: ErrorThing,
  prop: PropPath,
  value: number | undefined,
  { from, to, more = '' }: WholeNumberRange,
): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= from && value <= (to ?? value))) return;
  const want = `a whole number from ${from}${to === undefined ? '' : ` to ${to}`}${more}`;
  throw new ValidationError({ at, prop, got: value, want });
}

/**
 * Refuses what is no revision, by which Terraform notices that a value changed which it does not keep.
 *
 * @param at - the thing that has the revision
 */
export function checkRevision(at: ErrorThing, prop: PropPath, revision: number): void {
  checkWholeNumber(at, prop, revision, { from: 1, more: ', raised with every change' });
}
