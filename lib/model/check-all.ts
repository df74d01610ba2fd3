import { ValidationError } from './validation-error';

/**
 * Judges things that do not depend on each other, so that one mistake does not hide the next.
 *
 * @param checks - each throws a `ValidationError` when something is wrong
 * @throws ValidationError that holds all of theirs
 */
export function checkAll(...checks: readonly (() => unknown)[]): void {
  mapAll(checks, (check) => check());
}

/**
 * Makes something of each thing, also when it cannot be made of others.
 *
 * @param make - throws a `ValidationError` when something is wrong
 * @returns what was made, when nothing is wrong
 * @throws ValidationError that holds all of theirs
 */
export function mapAll<T, R>(things: Iterable<T>, make: (thing: T, index: number) => R): readonly R[] {
  const errors: ValidationError[] = [];
  const made = [...things].flatMap((thing, index): readonly R[] => {
    try {
      return [make(thing, index)];
    } catch (error) {
      if (!ValidationError.isValidationError(error)) throw error;
      errors.push(...error.mistakes);
      return [];
    }
  });
  if (errors.length > 0) throw ValidationError.all(errors);
  return made;
}
