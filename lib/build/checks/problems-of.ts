import { type BuildProblem, type Built } from '../built';
import { changesOfNothing } from './changes-of-nothing';
import { duplicateObjects } from './duplicate-objects';
import { immutableLabels } from './immutable-labels';
import { objectData } from './object-data';
import { objectMetadata } from './object-metadata';
import { plainSecrets } from './plain-secrets';
import { unfilledSecrets } from './unfilled-secrets';

/** Judges what was built. It is pure: the same objects have the same problems. */
type Rule = (built: Built) => readonly BuildProblem[];

/** Every rule about built objects. */
const RULES: readonly Rule[] = [
  plainSecrets,
  unfilledSecrets,
  objectMetadata,
  objectData,
  duplicateObjects,
  changesOfNothing,
  immutableLabels,
];

/**
 * What is wrong with what Flux would apply.
 *
 * @param built - what Flux makes of one directory on one cluster
 */
export function problemsOf(built: Built): readonly BuildProblem[] {
  return RULES.flatMap((rule) => rule(built));
}
