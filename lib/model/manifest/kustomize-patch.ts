import { ValidationError } from '../validation-error';
import { type KustomizePatch } from './kustomize';
import { secretState } from './secret';
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
  const want = 'a strategic merge patch with kind and metadata.name, or a JSON 6902 patch';
  if (documents.length === 0 || documents.some((document) => typeof document !== 'object')) {
    throw new ValidationError({ at, prop: `${prefix}patch`, got: patch, want });
  }
  if (target === undefined && documents.some((document) => Array.isArray(document))) {
    const wantTarget = 'a target, because a JSON 6902 patch does not name its object';
    throw new ValidationError({ at, prop: `${prefix}target`, want: wantTarget });
  }
  for (const document of documents as readonly (Fields | readonly Fields[])[]) {
    if (setsSecret(document, target?.kind)) {
      const wantNone = 'no values of a Secret: what is in Git can be read by everybody who can read the repository';
      throw new ValidationError({ at, prop: `${prefix}patch`, want: wantNone });
    }
    if (isOperations(document)) {
      checkOperations(at, `${prefix}patch`, document);
    } else if (document.kind === undefined || (document.metadata as Fields | undefined)?.name === undefined) {
      throw new ValidationError({ at, prop: `${prefix}patch`, got: Object.keys(document), want });
    }
  }
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
function checkOperations(at: string, prop: string, operations: readonly unknown[]): void {
  for (const operation of operations) {
    const { op, path } = (typeof operation === 'object' && operation !== null ? operation : {}) as Fields;
    if (!OPERATIONS.includes(String(op)) || typeof path !== 'string') {
      const want = `operations with a path and an op: ${OPERATIONS.join(', ')}`;
      throw new ValidationError({ at, prop, got: { op, path }, want });
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
