import { ValidationError } from '../validation-error';
import { type KustomizePatch } from './kustomize';
import { parseYamlDocuments } from './yaml';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Refuses a patch that kustomize could not build, and one with values of a Secret, which everybody could read in Git.
 *
 * @param at - the thing that has the patch
 * @param prefix - where the thing has it, for example `patches[0].`; may be empty
 * @param patch - the patch
 * @throws ValidationError
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/patches/
 */
export function checkKustomizePatch(at: string, prefix: string, { patch, target }: KustomizePatch): void {
  const documents = parseYamlDocuments(patch, `${at}: ${prefix}patch`);
  if (documents.length === 0 || documents.some((document) => typeof document !== 'object')) {
    const want = 'a strategic merge patch or a JSON 6902 patch';
    throw new ValidationError({ at, prop: `${prefix}patch`, got: patch, want });
  }
  if (target === undefined && documents.some((document) => Array.isArray(document))) {
    const want = 'a target, because a JSON 6902 patch does not name its object';
    throw new ValidationError({ at, prop: `${prefix}target`, want });
  }
  if (documents.some((document) => setsSecret(document as Fields | readonly Fields[], target?.kind))) {
    const want = 'no values of a Secret: what is in Git can be read by everybody who can read the repository';
    throw new ValidationError({ at, prop: `${prefix}patch`, want });
  }
}

function setsSecret(document: Fields | readonly Fields[], targetKind: string | undefined): boolean {
  const isSecret = (kind: unknown): boolean => kind === 'Secret';
  if (Array.isArray(document)) {
    return (
      isSecret(targetKind) &&
      document.some(({ path, value }: Fields) => value !== undefined && /^\/(stringD|d)ata\b/.test(String(path)))
    );
  }
  const { kind, data, stringData } = document as Fields;
  const isEmpty = [data, stringData].every(
    (map) => typeof map !== 'object' || map === null || Object.keys(map).length === 0,
  );
  return (isSecret(targetKind) || isSecret(kind)) && !isEmpty;
}
