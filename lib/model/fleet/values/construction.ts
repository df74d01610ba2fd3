import { ValidationError } from '../../validation-error';
import { type FleetDocument, type FleetPath } from '../fleet-document';
import { type FleetProblem } from '../fleet-file-error';

/** Thrown when a value cannot be made and the reason has been noted. */
const NOTED = Symbol('noted');

/** Values in the making: what is wrong with one does not hide what is wrong with the next. */
export class Construction {
  /** What is wrong so far. */
  public readonly problems: FleetProblem[] = [];

  /**
   * @param document - the file
   * @param directory - where relative paths in the file start from
   */
  constructor(
    public readonly document: FleetDocument,
    public readonly directory: string,
  ) {}

  /**
   * Makes a value, or notes why it cannot be made.
   *
   * @param places - where in the file the value may be described, the place that counts most first
   * @param make - makes it
   */
  public attempt<T>(places: readonly FleetPath[], make: () => T): T | undefined {
    try {
      return this.within(places, make);
    } catch (error) {
      if (error === NOTED) {
        return undefined;
      }
      throw error;
    }
  }

  /**
   * Makes a part of a value that {@link attempt} makes.
   *
   * @param places - where in the file the part may be described
   * @param make - makes it
   */
  public within<T>(places: readonly FleetPath[], make: () => T): T {
    try {
      return make();
    } catch (error) {
      if (!ValidationError.isValidationError(error)) {
        throw error;
      }
      this.refuse(this.document.problemOf(error, places));
    }
  }

  /**
   * Notes what is wrong and gives the value up.
   *
   * @param problem - what is wrong
   */
  public refuse(problem: FleetProblem): never {
    this.problems.push(problem);
    this.giveUp();
  }

  /** Gives a value up because of something that has been noted. */
  public giveUp(): never {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- it is caught in `attempt` and nowhere else
    throw NOTED;
  }
}
