import { posix } from 'node:path';

import { type FileTree } from '../manifest/file-tree';
import { KUSTOMIZATION_FILE_NAMES } from '../manifest/kustomize';
import { ValidationError } from '../validation-error';
import { type Fields, fieldsOf, generatorFiles, kustomizationsOf, listOf } from './kustomization-fields';
import { isManifest } from './kustomize-secrets';

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
 * Refuses a kustomize directory whose build could not find a file.
 *
 * @param at - the thing that has the directory
 * @param directory - its name, for the message
 * @param files - its files
 * @param outside - paths that lie outside and may be named all the same, for example `../../base`
 * @throws ValidationError when a path in a `kustomization.yaml` leads out of the directory or to nothing, or to a file in
 * which nobody would look for Secrets
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
  for (const { path: file, fields } of kustomizationsOf(files, directory)) {
    const manifests = manifestsOf(fields);
    for (const reference of [...manifests, ...generatedFrom(fields)]) {
      const path = posix.join(posix.dirname(file), reference).replace(/\/$/, '');
      if (isRemote(reference) || isInline(reference) || outside.includes(path)) {
        continue;
      }
      if (!known.has(path)) {
        const want = path.startsWith('..')
          ? `a path within ${directory}: only that is delivered`
          : 'a file or directory that exists';
        throw new ValidationError({ at, prop: file, got: reference, want });
      }
      if (manifests.includes(reference) && files.get(path) !== undefined && !isManifest(path)) {
        const want = 'a name that ends in .yaml, .yml or .json: only such files are searched for Secrets';
        throw new ValidationError({ at, prop: file, got: reference, want });
      }
    }
  }
}

/** What is read as manifests. */
function manifestsOf(fields: Fields): readonly string[] {
  const lists = PATH_LISTS.flatMap((field) => listOf(fields[field]));
  const paths = PATH_FIELDS.flatMap((field) => fieldsOf(fields[field])).map(({ path }) => path);
  return [...lists, ...paths].filter((reference) => typeof reference === 'string');
}

function generatedFrom(fields: Fields): readonly string[] {
  return GENERATORS.flatMap((field) => fieldsOf(fields[field])).flatMap(generatorFiles);
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
