import { classMistakes } from '../classes/check-class';
import { expand } from '../classes/expand';
import { parametrize } from '../classes/parameter-values';
import { readInput } from '../read-input';
import { classLayer, type ClassLayerInput, type ClusterInput } from '../schema/cluster';
import { type ClusterClassInput } from '../schema/cluster-class';
import { type FleetInput } from '../schema/fleet';
import { didYouMean } from '../suggestion';
import { type LoadContext } from './load-context';

/** Notes what is wrong with classes themselves, whether a cluster has them or not. */
export function checkClasses(context: LoadContext, classes: Readonly<Record<string, ClusterClassInput>>): void {
  for (const [name, definition] of Object.entries(classes)) {
    context.noteMistakes(['classes', name], classMistakes(definition));
  }
}

/**
 * What a cluster's class says about it, with the values of its parameters in their places; undefined for a cluster without
 * a class.
 */
export function classLayerOf(
  context: LoadContext,
  { classes = {} }: FleetInput,
  name: string,
  { class: className, parameters, environment }: ClusterInput,
): ClassLayerInput | undefined {
  const path = ['clusters', name];
  if (className === undefined) {
    if (parameters !== undefined) {
      const message = 'want the key `class` beside it, with the name of a class';
      context.noteMistakes(path, [{ path: ['parameters'], message, isKey: true }]);
    }
    return undefined;
  }
  const definition = Object.hasOwn(classes, className) ? classes[className] : undefined;
  if (definition === undefined) {
    const names = context.document.keysAt(['classes']);
    if (!names.includes(className)) {
      const there = names.length === 0 ? '; there is none' : `; there are ${names.join(', ')}`;
      const message = `unknown class "${className}"${didYouMean(className, names) || there}`;
      context.noteMistakes(path, [{ path: ['class'], message }]);
    }
    context.giveUp();
  }
  const { values, hidden, mistakes } = parametrize(definition.parameters ?? {}, parameters ?? {});
  context.noteMistakes([...path, 'parameters'], mistakes);
  if (mistakes.length > 0 || classMistakes(definition).length > 0) context.giveUp();
  // The environment may come from a parameter, and everything else may name it.
  const own = expand(environment ?? definition.cluster.environment, { ...values, cluster: name }, hidden);
  const data = expand(
    definition.cluster,
    { ...values, cluster: name, ...(typeof own === 'string' && { environment: own }) },
    hidden,
  );
  const place = ['classes', className, 'cluster'];
  const read = readInput(context.document, classLayer, { data, path: place });
  context.problems.push(...read.problems.map((problem) => ({ ...problem, clusters: [name] })));
  return read.problems.length > 0 ? context.giveUp() : read.input;
}
