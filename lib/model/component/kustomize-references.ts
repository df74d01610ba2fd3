import { posix } from 'node:path';

import { isLeftBehind } from '../manifest/directory';
import { type Fields } from '../manifest/fields';
import { type FileTree } from '../manifest/file-tree';
import { KUSTOMIZATION_FILE_NAMES } from '../manifest/kustomize';
import { ValidationError } from '../validation-error';
import { type DirectoryPlace, fieldsOf, generatorFiles, listOf, usedKustomizations } from './kustomization-fields';

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
 * Refuses a kustomize directory whose build could not find a file. Only kustomizations that the build reads count.
 *
 * @param isOutside - whether a path that leads out of the directory is somewhere else in the repository all the same; by
 * default what lies beside was taken into it
 * @throws ValidationError when a path in a `kustomization.yaml` leads out of the directory or to nothing
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
 */
export function checkKustomizeReferences(
  place: DirectoryPlace,
  files: FileTree,
  isOutside?: (path: string) => boolean,
): void {
  const { at, prop, directory = '' } = place;
  const known = new Set(files.paths.flatMap(withParents));
  if (!KUSTOMIZATION_FILE_NAMES.some((name) => files.get(name))) {
    throw new ValidationError({ at, prop, got: directory, want: 'a directory with a kustomization.yaml' });
  }

  for (const { path: kustomization, file, fields } of usedKustomizations(files, place)) {
    for (const reference of referencesOf(fields)) {
      const path = posix.join(posix.dirname(kustomization), reference).replace(/\/$/, '');
      if (mayBeRemote(reference) || isInline(reference) || known.has(path) || isOutside?.(path)) continue;
      const where = isOutside === undefined ? 'that exists, within or beside' : 'within';
      throw new ValidationError({ at, prop, file, got: reference, want: wantedAt(path, `${where} ${directory}`) });
    }
  }
}

function wantedAt(path: string, where: string): string {
  if (path.startsWith('..')) return `a path ${where}: only that is delivered`;
  const leftBehind = isLeftBehind(path) ? ': what editors, Git and package managers leave behind is not delivered' : '';
  return `a file or directory that exists${leftBehind}`;
}

/** The paths that a kustomization names. */
export function referencesOf(fields: Fields): readonly string[] {
  const { path } = (fields.openapi ?? {}) as { readonly path?: unknown };
  return [...manifestsOf(fields), ...generatedFrom(fields), ...(typeof path === 'string' ? [path] : [])];
}

/** The paths of files with manifests that a kustomization names. */
export function manifestsOf(fields: Fields): readonly string[] {
  const lists = PATH_LISTS.flatMap((field) => listOf(fields[field]));
  const paths = PATH_FIELDS.flatMap((field) => fieldsOf(fields[field])).map(({ path }) => path);
  return [...lists, ...paths].filter((reference) => typeof reference === 'string');
}

function generatedFrom(fields: Fields): readonly string[] {
  return GENERATORS.flatMap((field) => fieldsOf(fields[field])).flatMap(generatorFiles);
}

/**
 * Whether kustomize may take something for another repository or an address: it knows many forms, and decides itself.
 *
 * @param reference - an entry of `resources` and the like
 * @see https://github.com/kubernetes-sigs/kustomize/blob/master/examples/remoteBuild.md
 */
export function mayBeRemote(reference: string): boolean {
  return /[:?@]|\/\/|\.git(\/|$)|^[\w-]+(\.[\w-]+)*\.(com|org|net|io|dev)\//.test(reference);
}

/** A manifest in place of its path. */
function isInline(reference: string): boolean {
  return /\n|^\s*\{/.test(reference);
}

function withParents(path: string): readonly string[] {
  const segments = path.split('/');
  return segments.map((_, index) => segments.slice(0, index + 1).join('/')).concat('.');
}
