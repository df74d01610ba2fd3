import { below, type ErrorPlace } from '../error-place';
import { ValidationError } from '../validation-error';
import { type Fields } from './fields';
import { type KustomizePatch } from './kustomize';
import { secretState } from './secret';
import { parseYamlDocuments } from './yaml';

/**
 * Refuses a patch that kustomize could not build, and one with values of a Secret, which everybody could read in Git.
 *
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/patches/
 */
export function checkKustomizePatch(place: ErrorPlace, { patch, target }: KustomizePatch): void {
  const inPatch = placeOf(place, 'patch');
  const documents = parseYamlDocuments(patch, inPatch);
  const want = 'a strategic merge patch with kind and metadata.name, or a JSON 6902 patch';
  if (documents.length === 0 || documents.some((document) => typeof document !== 'object')) {
    throw new ValidationError({ ...inPatch, got: patch, want });
  }

  if (target === undefined && documents.some((document) => Array.isArray(document))) {
    const wantTarget = 'a target, because a JSON 6902 patch does not name its object';
    throw new ValidationError({ ...placeOf(place, 'target'), want: wantTarget });
  }
  for (const document of documents as readonly (Fields | readonly Fields[])[]) {
    if (setsSecret(document, target?.kind)) {
      const wantNone = 'no values of a Secret: what is in Git can be read by everybody who can read the repository';
      throw new ValidationError({ ...inPatch, want: wantNone });
    }
    if (isOperations(document)) checkOperations(inPatch, document);
    else if (document.kind === undefined || (document.metadata as Fields | undefined)?.name === undefined) {
      throw new ValidationError({ ...inPatch, got: Object.keys(document), want });
    }
  }
}

/** What a file holds is a part of the file, and what was given a part of the prop. */
function placeOf({ at, prop = [], file }: ErrorPlace, part: string): ErrorPlace {
  return file === undefined ? { at, prop: below(prop, part) } : { at, prop, file: `${file}.${part}` };
}

function isOperations(document: Fields | readonly Fields[]): document is readonly Fields[] {
  return Array.isArray(document);
}

const OPERATIONS = ['add', 'remove', 'replace', 'move', 'copy', 'test'];

/**
 * Refuses what is no operation.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6902
 */
function checkOperations(place: ErrorPlace, operations: readonly unknown[]): void {
  for (const operation of operations) {
    const { op, path } = (typeof operation === 'object' && operation !== null ? operation : {}) as Fields;
    if (!OPERATIONS.includes(String(op)) || typeof path !== 'string') {
      const want = `operations with a path and an op: ${OPERATIONS.join(', ')}`;
      throw new ValidationError({ ...place, got: { op, path }, want });
    }
  }
}

/**
 * Whether a patch brings values of a Secret. The kind of a target may be missing or a regular expression: then only
 * `stringData`, which nothing else has, tells it. The rest is known when the patch has been applied.
 */
function setsSecret(document: Fields | readonly Fields[], targetKind: string | undefined): boolean {
  const isSecret = (kind: unknown): boolean => kind === 'Secret';
  if (isOperations(document)) {
    const paths = isSecret(targetKind) ? /^\/(stringD|d)ata\b/ : /^\/stringData\b/;
    return document.some(({ path, value }) => paths.test(String(path)) && brings(value));
  }
  const { kind, data, stringData } = document;
  return (isSecret(targetKind) || isSecret(kind)) && secretState({ kind: 'Secret', data, stringData }) === 'plain';
}

/** A map of values, or one value. */
function brings(value: unknown): boolean {
  const data = typeof value === 'object' && value !== null ? value : { value };
  return secretState({ kind: 'Secret', data }) === 'plain';
}
