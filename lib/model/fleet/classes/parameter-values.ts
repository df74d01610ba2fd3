import { type FleetPath } from '../fleet-document';
import { type ParameterInput } from '../schema/cluster-class';
import { didYouMean, suggestionFor } from '../suggestion';

/** One value. */
export type ParameterValue = string | number | boolean;
/** Values by name. */
export type ParameterValues = Readonly<Record<string, ParameterValue>>;
/** Parameters by name. */
export type Parameters = Readonly<Record<string, ParameterInput>>;

/** A mistake, with its place below what was judged. */
export interface Mistake {
  /** Where it stands. */
  readonly path: FleetPath;
  /** What is wrong there. */
  readonly message: string;
  /** Whether it is about the key, and not about its value. */
  readonly isKey?: boolean;
}

/** The values that the parameters of a class have on a cluster. */
export interface Parametrized {
  /** Those with a value. */
  readonly values: ParameterValues;
  /** Those that do not matter there, by their `when`. */
  readonly hidden: ReadonlySet<string>;
  /** What is wrong with what the cluster says. */
  readonly mistakes: readonly Mistake[];
}

/**
 * The values of a class's parameters: what the cluster says, or else their defaults.
 *
 * @param given - what the cluster says
 */
export function parametrize(parameters: Parameters, given: Readonly<Record<string, unknown>>): Parametrized {
  const names = Object.keys(parameters);
  const said = (name: string): unknown => (Object.hasOwn(given, name) ? given[name] : parameters[name]?.default);
  const isShown = (name: string, seen: readonly string[] = []): boolean =>
    !seen.includes(name) &&
    Object.entries(parameters[name]?.when ?? {}).every(
      ([other, wanted]) => isShown(other, [...seen, name]) && [wanted].flat().includes(said(other) as ParameterValue),
    );
  // Who misspells a name says it.
  const meant = Object.keys(given).flatMap((name) => (names.includes(name) ? [] : (suggestionFor(name, names) ?? [])));
  const hidden = new Set(names.filter((name) => !isShown(name)));
  const mistakes = [
    ...Object.keys(given).flatMap((name) => mistakesOfGiven(parameters, hidden, name, given[name])),
    ...names
      .filter((name) => !hidden.has(name) && !meant.includes(name) && said(name) === undefined)
      .map((name) => ({ path: [], message: `missing key "${name}": want ${wanted(parameters[name])}`, isKey: true })),
  ];
  const shown = names.filter((name) => !hidden.has(name) && said(name) !== undefined);
  return { values: Object.fromEntries(shown.map((name) => [name, said(name) as ParameterValue])), hidden, mistakes };
}

function mistakesOfGiven(
  parameters: Parameters,
  hidden: ReadonlySet<string>,
  name: string,
  value: unknown,
): readonly Mistake[] {
  const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  if (parameter === undefined) {
    const names = Object.keys(parameters);
    const hint =
      didYouMean(name, names) || (names.length === 0 ? '; there is none' : `; there are ${names.join(', ')}`);
    return [{ path: [name], message: `unknown parameter "${name}"${hint}`, isKey: true }];
  }
  if (hidden.has(name)) {
    const conditions = Object.entries(parameter.when ?? {}).map(
      ([other, values]) => `${other} is ${[values].flat().map(String).join(' or ')}`,
    );
    return [{ path: [name], message: `want nothing: it matters only when ${conditions.join(' and ')}`, isKey: true }];
  }
  return isValueOf(parameter, value)
    ? []
    : [
        {
          path: [name],
          message: `got ${JSON.stringify(value)}, want ${wanted(parameter)}${quotesHint(parameter, value)}`,
        },
      ];
}

/** Whether a parameter can have a value. */
export function isValueOf(parameter: ParameterInput, value: unknown): boolean {
  const { type, pattern, minLength = 0, maxLength = Infinity, minimum = -Infinity, maximum = Infinity } = parameter;
  if (parameter.enum !== undefined && !parameter.enum.some((each) => each === value)) return false;
  switch (type) {
    case 'boolean':
      return typeof value === 'boolean';
    case 'number':
    case 'integer':
      return (
        typeof value === 'number' &&
        (type === 'number' || Number.isInteger(value)) &&
        value >= minimum &&
        value <= maximum
      );
    case 'string':
      return (
        typeof value === 'string' &&
        value.length >= minLength &&
        value.length <= maxLength &&
        (pattern === undefined || new RegExp(pattern, 'u').test(value))
      );
  }
}

/** Types of parameters, in words. */
export const KINDS = { string: 'text', number: 'a number', integer: 'a whole number', boolean: 'true or false' };

/** What a parameter can be, in words. */
export function wanted(parameter: ParameterInput | undefined): string {
  if (parameter === undefined) return 'a value';
  const { type, pattern, minLength, maxLength, minimum, maximum } = parameter;
  if (parameter.enum !== undefined) return `one of ${parameter.enum.map(String).join(', ')}`;
  const rules = [
    pattern === undefined ? '' : `that fits ${pattern}`,
    boundsText(minLength, maxLength, ' characters'),
    boundsText(minimum, maximum, ''),
  ].filter((rule) => rule !== '');
  return [KINDS[type], ...rules].join(' ');
}

function boundsText(least: number | undefined, most: number | undefined, of: string): string {
  if (least !== undefined && most !== undefined) return `of ${least} to ${most}${of}`;
  if (least !== undefined) return `of at least ${least}${of}`;
  return most === undefined ? '' : `of at most ${most}${of}`;
}

function quotesHint({ type }: ParameterInput, value: unknown): string {
  return type === 'string' && ['number', 'boolean'].includes(typeof value) ? ': put it in quotes' : '';
}
