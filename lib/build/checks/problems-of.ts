import { type BuildProblem, type Built } from '../built';

/** Judges what was built. It is pure: the same objects have the same problems. */
type Rule = (built: Built) => readonly BuildProblem[];

/** Every rule about built objects. */
const RULES: readonly Rule[] = [];

/**
 * What is wrong with what Flux would apply.
 *
 * @param built - what Flux makes of one directory on one cluster
 */
export function problemsOf(built: Built): readonly BuildProblem[] {
  return RULES.flatMap((rule) => rule(built));
}
