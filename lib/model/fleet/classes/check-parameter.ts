import { type FleetPath } from '../fleet-document';
import { type ParameterInput } from '../schema/cluster-class';
import { didYouMean } from '../suggestion';
import { isValueOf, KINDS, type Mistake, type Parameters, wanted } from './parameter-values';

/** What every layer of a cluster may name in its texts. */
export const BUILT_IN = ['cluster', 'environment'];

/** The keys that say something about values of some types only. */
const KEYS_OF_TEXT = ['pattern', 'minLength', 'maxLength'] as const;
const KEYS_OF_NUMBERS = ['minimum', 'maximum'] as const;

/** What is wrong with a parameter of a class, whatever clusters say. */
export function parameterMistakes(name: string, parameters: Parameters): readonly Mistake[] {
  const parameter = parameters[name];
  if (parameter === undefined) return [];
  const own = [...nameMistakes(name), ...whenMistakes(name, parameters), ...rangeMistakes(parameter)];
  // Without a pattern that can be read no value can be judged.
  const wrong = isPattern(parameter.pattern)
    ? valueMistakes(parameter)
    : [{ path: ['pattern'], message: 'want a regular expression' }];
  return [...own, ...wrong].map((mistake) => ({ ...mistake, path: ['parameters', name, ...mistake.path] }));
}

function nameMistakes(name: string): readonly Mistake[] {
  if (BUILT_IN.includes(name)) {
    return [{ path: [], message: `want another name: <${name}> is the ${name}'s own`, isKey: true }];
  }
  const isName = /^[A-Za-z][A-Za-z0-9]*$/.test(name);
  return isName ? [] : [{ path: [], message: 'want a name of letters and digits', isKey: true }];
}

function whenMistakes(name: string, parameters: Parameters): readonly Mistake[] {
  const cycle = cycleFrom(name, parameters);
  if (cycle !== undefined) {
    return [{ path: ['when'], message: `got ${cycle.join(' → ')}, want no cycle of parameters`, isKey: true }];
  }
  const others = Object.keys(parameters).filter((each) => each !== name);
  return Object.entries(parameters[name]?.when ?? {}).flatMap(([other, condition]) => {
    const parameter = others.includes(other) ? parameters[other] : undefined;
    if (parameter === undefined) {
      return [
        { path: ['when', other], message: `unknown parameter "${other}"${didYouMean(other, others)}`, isKey: true },
      ];
    }
    // What is wrong with the pattern of the other is said there.
    if (!isPattern(parameter.pattern)) return [];
    const values = Array.isArray(condition) ? condition : [condition];
    return values.flatMap((value, index) =>
      impossible(parameter, value, ['when', other, ...(Array.isArray(condition) ? [index] : [])]),
    );
  });
}

/** The way from a parameter through those that it depends on back to itself. */
function cycleFrom(
  name: string,
  parameters: Parameters,
  way: readonly string[] = [name],
): readonly string[] | undefined {
  const last = way.at(-1) ?? name;
  const next = Object.hasOwn(parameters, last) ? Object.keys(parameters[last]?.when ?? {}) : [];
  if (next.includes(name)) return [...way, name];
  for (const other of next) {
    const cycle = way.includes(other) ? undefined : cycleFrom(name, parameters, [...way, other]);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

/** What no value could fit, or what says nothing about the values that there are. */
function rangeMistakes(parameter: ParameterInput): readonly Mistake[] {
  const { type } = parameter;
  const foreign = [
    ...(type === 'string' ? [] : KEYS_OF_TEXT),
    ...(['number', 'integer'].includes(type) ? [] : KEYS_OF_NUMBERS),
  ];
  const idle = foreign.filter((key) => parameter[key] !== undefined);
  const ranges = [
    ['minLength', 'maxLength'],
    ['minimum', 'maximum'],
  ] as const;
  return [
    ...(parameter.enum?.length === 0 ? [{ path: ['enum'], message: 'want at least one value', isKey: false }] : []),
    ...idle.map((key) => ({ path: [key], message: `want nothing: it says nothing about ${KINDS[type]}`, isKey: true })),
    ...ranges.flatMap(([least, most]) => {
      const [from, to] = [parameter[least] ?? -Infinity, parameter[most] ?? Infinity];
      return from <= to ? [] : [{ path: [most], message: `got ${to}, want at least the ${from} of ${least}` }];
    }),
  ];
}

function valueMistakes(parameter: ParameterInput): readonly Mistake[] {
  const { enum: values = [], examples = [], default: byDefault } = parameter;
  return [
    ...values.flatMap((value, index) => impossible({ ...parameter, enum: undefined }, value, ['enum', index])),
    ...examples.flatMap((value, index) => impossible(parameter, value, ['examples', index])),
    ...(byDefault === undefined ? [] : impossible(parameter, byDefault, ['default'])),
  ];
}

function impossible(parameter: ParameterInput, value: unknown, path: FleetPath): readonly Mistake[] {
  if (isValueOf(parameter, value)) return [];
  return [{ path, message: `got ${JSON.stringify(value)}, want ${wanted(parameter)}` }];
}

function isPattern(pattern: string | undefined): boolean {
  try {
    return pattern === undefined || new RegExp(pattern, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}
