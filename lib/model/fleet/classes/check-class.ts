import { type ClusterClassInput } from '../schema/cluster-class';
import { didYouMean } from '../suggestion';
import { BUILT_IN, parameterMistakes } from './check-parameter';
import { referencesIn } from './expand';
import { type Mistake } from './parameter-values';

/** What is wrong with a class itself, whatever its clusters say. */
export function classMistakes({ parameters = {}, cluster }: ClusterClassInput): readonly Mistake[] {
  const names = Object.keys(parameters);
  const references = referencesIn(cluster);
  const used = new Set([
    ...references.map(({ name }) => name),
    ...Object.values(parameters).flatMap(({ when = {} }) => Object.keys(when)),
  ]);
  return [
    ...names.flatMap((name) => [
      ...(used.has(name) ? [] : [{ path: ['parameters', name], message: UNUSED, isKey: true }]),
      ...parameterMistakes(name, parameters),
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
