import { type ClusterClassInput, type ParameterInput } from '../schema/cluster-class';
import { didYouMean } from '../suggestion';
import { referencesIn } from './expand';
import { isValueOf, type Mistake, wanted } from './parameter-values';

/** What every layer of a cluster may name in its texts. */
const BUILT_IN = ['cluster', 'environment'];

/** What is wrong with a class itself, whatever its clusters say. */
export function classMistakes({ parameters = {}, cluster }: ClusterClassInput): readonly Mistake[] {
  const names = Object.keys(parameters);
  const references = referencesIn(cluster);
  const used = new Set([
    ...references.map(({ name }) => name),
    ...Object.values(parameters).flatMap(({ when = {} }) => Object.keys(when)),
  ]);
  return [
    ...Object.entries(parameters).flatMap(([name, parameter]) => [
      ...(used.has(name) ? [] : [{ path: ['parameters', name], message: UNUSED, isKey: true }]),
      ...parameterMistakes(name, parameter, names),
    ]),
    ...references.flatMap(({ name, path, isInText }): readonly Mistake[] => {
      const known = isInText ? [...BUILT_IN, ...names] : names;
      const place = ['cluster', ...path];
      if (!known.includes(name)) return [{ path: place, message: unknownReference(name, isInText, known) }];
      if (!isInText || parameters[name]?.when === undefined) return [];
      const message = `<${name}> has no value where its \`when\` does not hold: want { parameter: ${name} }, which is then left out`;
      return [{ path: place, message }];
    }),
  ];
}

/**
 * What is wrong with texts that name something in `<…>`.
 *
 * @param layer - what fleet, environment or cluster say
 */
export function textMistakes(layer: unknown): readonly Mistake[] {
  return referencesIn(layer)
    .filter(({ name, isInText }) => isInText && !BUILT_IN.includes(name))
    .map(({ name, path }) => ({ path, message: unknownReference(name, true, BUILT_IN) }));
}

const UNUSED = 'it is used nowhere in the class: want { parameter: … } or <…> with its name, or no such parameter';

function unknownReference(name: string, isInText: boolean, known: readonly string[]): string {
  if (!isInText) {
    const there = known.length === 0 ? '; there is none' : `; there are ${known.join(', ')}`;
    return `unknown parameter "${name}"${didYouMean(name, known) || there}`;
  }
  const named = known.map((each) => `<${each}>`).join(', ');
  return `unknown placeholder <${name}>: want one of ${named}, or <<${name}> for the text itself`;
}

function parameterMistakes(name: string, parameter: ParameterInput, names: readonly string[]): readonly Mistake[] {
  const at = (path: readonly (string | number)[], message: string, isKey = false): Mistake => ({
    path: ['parameters', name, ...path],
    message,
    isKey,
  });
  const mistakes: Mistake[] = [];
  if (BUILT_IN.includes(name)) mistakes.push(at([], `want another name: <${name}> is the ${name}'s own`, true));
  else if (!/^[A-Za-z][A-Za-z0-9]*$/.test(name)) mistakes.push(at([], 'want a name of letters and digits', true));
  mistakes.push(
    ...Object.keys(parameter.when ?? {})
      .filter((other) => other === name || !names.includes(other))
      .map((other) => {
        const others = names.filter((each) => each !== name);
        return at(['when', other], `unknown parameter "${other}"${didYouMean(other, others)}`, true);
      }),
  );
  if (!isPattern(parameter.pattern)) return [...mistakes, at(['pattern'], 'want a regular expression')];
  const values = [
    ...(parameter.enum ?? []).map((value, index) => [['enum', index], value] as const),
    ...(parameter.examples ?? []).map((value, index) => [['examples', index], value] as const),
    ...(parameter.default === undefined ? [] : [[['default'], parameter.default] as const]),
  ];
  return [
    ...mistakes,
    ...values
      .filter(([, value]) => !isValueOf(parameter, value))
      .map(([path, value]) =>
        at(
          path,
          `got ${JSON.stringify(value)}, want ${wanted({ ...parameter, ...(path[0] === 'enum' && { enum: undefined }) })}`,
        ),
      ),
  ];
}

function isPattern(pattern: string | undefined): boolean {
  try {
    return pattern === undefined || new RegExp(pattern, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}
