import { pathText } from '../../error-place';
import { ValidationError } from '../../validation-error';
import { type Mistake } from '../classes/parameter-values';
import { type FleetDocument, type FleetPath } from '../fleet-document';
import { type FleetProblem } from '../fleet-file-error';

/** Thrown when a value cannot be made and the reason has been noted. */
const NOTED = Symbol('noted');

/** What values are made with: what is wrong with one does not hide what is wrong with the next. */
export class LoadContext {
  /** What is wrong so far. */
  public readonly problems: FleetProblem[] = [];
  /** Names of clusters that are not as the file says. */
  public readonly incomplete = new Set<string>();

  /**
   * @param directory - where relative paths in the file start from
   * @param leftOut - where the file says what is no part of a fleet; it was noted, and what follows from it is not
   */
  constructor(
    public readonly document: FleetDocument,
    public readonly directory: string,
    private readonly leftOut: readonly FleetPath[] = [],
  ) {}

  /**
   * Makes a value, or notes why it cannot be made.
   *
   * @param places - where in the file the value may be described, the place that counts most first
   */
  public attempt<T>(places: readonly FleetPath[], make: () => T): T | undefined {
    try {
      return this.within(places, make);
    } catch (error) {
      if (error === NOTED) return undefined;
      throw error;
    }
  }

  /**
   * Makes a part of a value that {@link attempt} makes.
   *
   * @param places - where in the file the part may be described
   */
  public within<T>(places: readonly FleetPath[], make: () => T): T {
    try {
      return make();
    } catch (error) {
      if (!ValidationError.isValidationError(error)) throw error;
      error.mistakes.forEach((each) => this.note(each, places));
      this.giveUp();
    }
  }

  /** Makes the parts of a value, each also when others cannot be made. */
  public all<const T extends readonly (() => unknown)[]>(...parts: T): { readonly [K in keyof T]: ReturnType<T[K]> } {
    const made = parts.map((part) => this.attempt([], () => ({ value: part() })));
    if (made.includes(undefined)) this.giveUp();
    return made.map((each) => each?.value) as { readonly [K in keyof T]: ReturnType<T[K]> };
  }

  /**
   * Notes what is wrong.
   *
   * @param places - where in the file the thing may be described
   */
  public note(error: ValidationError, places: readonly FleetPath[]): void {
    const { path, isThere } = this.document.placeOfError(error, places);
    const affected = isThere ? [path] : [path, ...places.map((place) => [...place, ...error.path])];
    if (affected.some((each) => this.isLeftOut(each))) return;
    const problem = this.document.problemOf(error, places);
    // The place of a class does not say for whom it is wrong.
    const [, cluster] = path[0] === 'classes' ? (places.find(([root]) => root === 'clusters') ?? []) : [];
    this.problems.push(typeof cluster === 'string' ? { ...problem, clusters: [cluster] } : problem);
  }

  /**
   * Notes that something is missing, and gives the value up.
   *
   * @param places - where it may be said, the place that counts most first
   * @param part - whether it is about the key or about the value that lacks it
   */
  public miss(places: readonly FleetPath[], message: string, part: 'key' | 'value' = 'value'): never {
    const [[...path] = []] = places;
    if (!places.some((each) => this.isLeftOut(each))) {
      this.problems.push(this.document.problem(path.slice(0, -1), message, part));
    }

    this.giveUp();
  }

  /** Notes mistakes by their places below a place, unless they follow from others. */
  public noteMistakes(place: FleetPath, mistakes: readonly Mistake[]): void {
    for (const { path, message, isKey } of mistakes) {
      const at = [...place, ...path];
      if (this.isLeftOut(at)) continue;
      this.problems.push(this.document.problem(at, `${pathText(at)}: ${message}`, isKey === true ? 'key' : 'value'));
    }
  }

  /** Notes what is wrong and gives the value up. */
  public refuse(problem: FleetProblem): never {
    this.problems.push(problem);
    this.giveUp();
  }

  /** Gives a value up because of something that has been noted. */
  public giveUp(): never {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- it is caught in `attempt` and nowhere else
    throw NOTED;
  }

  /** Whether something that was left out is a part of what stands at a path, or the other way round. */
  public isLeftOut(path: FleetPath): boolean {
    return this.leftOut.some((left) => left.slice(0, path.length).every((step, index) => step === path[index]));
  }
}
