import { posix } from 'node:path';

import { type FileTree } from '../manifest/file-tree';
import { KUSTOMIZATION_FILE_NAMES } from '../manifest/kustomize';
import { parseYamlDocuments } from '../manifest/yaml';
import { ValidationError } from '../validation-error';

type Fields = Readonly<Record<string, unknown>>;

/** Fields of a kustomization whose entries are paths of files or directories. */
const PATH_LISTS = [
  'resources',
  'bases',
  'components',
  'crds',
  'configurations',
  'generators',
  'transformers',
  'validators',
  'patchesStrategicMerge',
];
/** Fields whose entries are objects with a path. */
const PATH_FIELDS = ['patches', 'patchesJson6902', 'replacements'];
const GENERATORS = ['configMapGenerator', 'secretGenerator'];

/**
 * Refuses a kustomize directory whose build could not find a file, or would read a plaintext secret.
 *
 * @param at - the thing that has the directory
 * @param directory - its name, for the message
 * @param files - its files
 * @param outside - paths that lie outside and may be named all the same, for example `../../base`
 * @throws ValidationError when a path in a `kustomization.yaml` leads out of the directory or to nothing, or a
 * `secretGenerator` has literals
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
 */
export function checkKustomizeReferences(
  at: string,
  directory: string,
  files: FileTree,
  outside: readonly string[],
): void {
  const known = new Set(files.paths.flatMap(withParents));
  if (!KUSTOMIZATION_FILE_NAMES.some((name) => files.get(name))) {
    throw new ValidationError({ at, prop: 'directory', got: directory, want: 'a directory with a kustomization.yaml' });
  }
  for (const file of files) {
    if (!KUSTOMIZATION_FILE_NAMES.includes(posix.basename(file.path)) || typeof file.content !== 'string') {
      continue;
    }
    const [kustomization] = parseYamlDocuments(file.content, `${directory}/${file.path}`) as readonly Fields[];
    for (const reference of referencesOf(at, file.path, kustomization ?? {})) {
      const path = posix.join(posix.dirname(file.path), reference);
      const isKnown = known.has(path.replace(/\/$/, '')) || outside.includes(path.replace(/\/$/, ''));
      if (!isKnown && !isRemote(reference) && !isInline(reference)) {
        const want = path.startsWith('..')
          ? `a path within ${directory}: only that is delivered`
          : 'a file or directory that exists';
        throw new ValidationError({ at, prop: file.path, got: reference, want });
      }
    }
  }
}

function referencesOf(at: string, path: string, kustomization: Fields): readonly string[] {
  const lists = PATH_LISTS.flatMap((field) => listOf(kustomization[field]));
  const fields = PATH_FIELDS.flatMap((field) => listOf(kustomization[field])).map((entry) => (entry as Fields).path);
  const generators = GENERATORS.flatMap((field) => listOf(kustomization[field])) as readonly Fields[];
  for (const generator of listOf(kustomization.secretGenerator) as readonly Fields[]) {
    if (listOf(generator.literals).length > 0) {
      throw new ValidationError({
        at,
        prop: path,
        got: 'a secretGenerator with literals',
        want: 'a Secret encrypted by SOPS, or an ExternalSecret',
      });
    }
  }
  const generated = generators.flatMap((generator) => [
    ...listOf(generator.files).map((file) => String(file).replace(/^[^=]*=/, '')),
    ...listOf(generator.envs),
    generator.env,
  ]);
  return [...lists, ...fields, ...generated].filter((reference) => typeof reference === 'string');
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Kustomize takes anything with a scheme, a host's user or `.git` for a remote resource. */
function isRemote(reference: string): boolean {
  return /^[a-z+]+:\/\/|^[\w.-]+@[\w.-]+:|\.git(\?|\/\/|$)|^github\.com\//.test(reference);
}

function isInline(reference: string): boolean {
  return reference.includes('\n');
}

function withParents(path: string): readonly string[] {
  const segments = path.split('/');
  return segments.map((_, index) => segments.slice(0, index + 1).join('/')).concat('.');
}
