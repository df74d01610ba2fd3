import { HelmComponent } from '../../model/component/helm-component';
import { isFields } from '../../model/manifest/fields';
import { type BuildProblem, type Built } from '../built';
import { objectProblem } from './object-problem';

const WANTED =
  'want a Secret with `stringData` among the resources, or a value that SOPS encrypted; generators write base64';

/**
 * Placeholders in the values of a Secret that were written in base64, as generators do: Flux fills values into the text
 * that kustomize wrote, and does not see them. A file may have variables of its own for others to fill in, so only what
 * Flux has a value for is said, and a value that is nothing but a placeholder.
 */
export function unfilledSecrets(built: Built): readonly BuildProblem[] {
  const { component, objects } = built;
  if (component !== undefined && HelmComponent.isHelmComponent(component)) return [];
  return objects.flatMap((object) => {
    if (object.kind !== 'Secret' || !isFields(object.data)) return [];
    const names = new Set(Object.values(object.data).flatMap((value) => placeholdersIn(String(value), built)));
    if (names.size === 0) return [];
    const placeholders = [...names].map((name) => `\${${name}}`).join(', ');
    const message = `has ${placeholders} behind base64, where Flux fills nothing in: ${WANTED}`;
    return [{ ...objectProblem(built, object, message), severity: 'warning' as const }];
  });
}

function placeholdersIn(value: string, { postBuild = {} }: Built): readonly string[] {
  const { substitute = {}, substituteFrom = [] } = postBuild;
  const text = Buffer.from(value, 'base64').toString('utf8').trim();
  const [, alone] = /^\$\{(\w+)\}$/.exec(text) ?? [];
  if (alone !== undefined) return [alone];
  const names = [...text.matchAll(/(?<!\$)\$\{([A-Za-z_]\w*)[^{}]*\}/g)].map(([, name = '']) => name);
  return substituteFrom.length > 0 ? names : names.filter((name) => Object.hasOwn(substitute, name));
}
