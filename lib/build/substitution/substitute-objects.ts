import { type PostBuild } from '../../model/flux/kustomization';
import { SUBSTITUTE_DISABLED } from '../../model/flux/metadata';
import { type KubernetesObject } from '../../model/manifest/kubernetes-object';
import { parseObjects } from '../../model/manifest/yaml';
import { ValidationError } from '../../model/validation-error';
import { substitute, type Variables } from './substitute';
import { SubstitutionError } from './template';

/** Why Flux could not fill values into an object. */
export interface SubstitutionProblem {
  /** The object: kind and name. */
  readonly object: string;
  /** The variables without a value; none when something else is wrong. */
  readonly missing: readonly string[];
  /** What else is wrong; empty for nothing. */
  readonly words: string;
}

/** Objects with the values of their variables. */
export interface SubstitutedObjects {
  /** The objects. */
  readonly objects: readonly KubernetesObject[];
  /** What is wrong. */
  readonly problems: readonly SubstitutionProblem[];
}

/**
 * The objects that kustomize wrote, with values in place of variables when Flux is told to fill them in. What a value
 * is afterwards, text, a number or a list, is for YAML to say.
 *
 * @param postBuild - the values; undefined for none
 */
export function substituteObjects(yaml: string, postBuild: PostBuild | undefined): SubstitutedObjects {
  const documents = yaml.split(/^---\n/m).filter((text) => text.trim() !== '');
  const variables = postBuild && variablesOf(postBuild);
  const results = documents.map((text) => {
    const objects = objectsIn(text);
    return variables === undefined || !text.includes('$') || objects.some(isLeftAlone)
      ? { objects, problems: [] }
      : filled(text, nameOf(objects), variables);
  });
  return { objects: results.flatMap(({ objects }) => objects), problems: results.flatMap(({ problems }) => problems) };
}

/** Flux does nothing without any value, and takes ends of lines out of values. */
function variablesOf({ substitute: given = {}, substituteFrom = [] }: PostBuild): Variables | undefined {
  const mayBeMore = substituteFrom.length > 0;
  const entries = Object.entries(given).map(([name, value]) => [name, value.replaceAll('\n', '')] as const);
  return entries.length === 0 && !mayBeMore ? undefined : { values: Object.fromEntries(entries), mayBeMore };
}

function filled(text: string, object: string, variables: Variables): SubstitutedObjects {
  try {
    const { text: result, missing } = substitute(text, variables);
    const problems = missing.length === 0 ? [] : [{ object, missing, words: '' }];
    return { objects: objectsIn(result), problems };
  } catch (error) {
    if (error instanceof SubstitutionError) {
      return { objects: [], problems: [{ object, missing: [], words: error.message }] };
    }

    if (ValidationError.isValidationError(error)) {
      return { objects: [], problems: [{ object, missing: [], words: `with its values it is no YAML` }] };
    }

    throw error;
  }
}

function objectsIn(text: string): readonly KubernetesObject[] {
  return parseObjects(text, 'kustomize') as readonly KubernetesObject[];
}

function isLeftAlone({ metadata }: Partial<KubernetesObject>): boolean {
  const [[key, value] = ['', '']] = Object.entries(SUBSTITUTE_DISABLED);
  return metadata?.labels?.[key] === value || metadata?.annotations?.[key] === value;
}

function nameOf([object]: readonly KubernetesObject[]): string {
  return `${object?.kind ?? ''} ${object?.metadata.name ?? ''}`.trim();
}
