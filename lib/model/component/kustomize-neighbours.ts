import { posix, relative, resolve, sep } from 'node:path';

import { fileBelow, type PathOptions } from '../manifest/directory';
import { FileTree, objectsOf, type RepositoryFile } from '../manifest/file-tree';
import { KUSTOMIZATION_FILE_NAMES, kustomizationFile } from '../manifest/kustomize';
import { refuseSecrets } from '../manifest/secret-scan/secret-scan';
import { type DirectoryPlace, usedKustomizations } from './kustomization-fields';
import { referencesOf } from './kustomize-references';

/** A kustomize directory that is whole: no path in it leads out. */
export interface WholeDirectory {
  /** Its files. */
  readonly files: FileTree;
  /** The directory that they lie below, as its user would name it. */
  readonly root: string;
}

/**
 * A kustomize directory with what its kustomizations name beside it: other bases, components, files. All of it then lies
 * below the nearest directory that holds it, behind a `kustomization.yaml` that names the directory itself.
 *
 * What lies beside is taken from the nearest directory that holds both the directory and the place that relative paths
 * start from, and from nowhere else.
 *
 * @param place - the directory, as it was named
 * @param files - the files of the directory
 * @param options - where a relative path starts from
 * @throws ValidationError when one of the files beside holds a secret
 */
export function withNeighbours(
  place: DirectoryPlace & { readonly directory: string },
  files: FileTree,
  { relativeTo = '.' }: PathOptions,
): WholeDirectory {
  const { at, prop, directory } = place;
  const beside = neighboursOf(place, files, relativeTo);
  if (beside.length === 0) return { files, root: directory };
  refuseSecrets(at, prop, beside, [], (path) => posix.join(directory, path));

  const steps = Math.max(...beside.map(({ path }) => stepsOut(path)));
  const own = resolve(relativeTo, directory).split(sep).slice(-steps).join('/');
  const moved = [...files, ...beside].map((file) => ({ ...file, path: posix.join(own, file.path) }));
  const kustomization = { path: 'kustomization.yaml', objects: [kustomizationFile({ resources: [own] })] };
  return {
    files: FileTree.of([...moved, kustomization]),
    root: posix.join(directory, '../'.repeat(steps)).replace(/(?<=.)\/$/, ''),
  };
}

/** The files beside a directory that its build reads, with paths from the directory. */
function neighboursOf(
  place: DirectoryPlace & { readonly directory: string },
  files: FileTree,
  relativeTo: string,
): readonly RepositoryFile[] {
  const own = resolve(relativeTo, place.directory);
  const limit = commonDirectory(resolve(relativeTo), own);
  const fileAt = (path: string): RepositoryFile | undefined => {
    if (!path.startsWith('../')) return files.get(path);
    const file = limit === undefined ? undefined : fileBelow(limit, relative(limit, resolve(own, path)));
    return file && { ...file, path };
  };
  const objectsAt: FileTree['objectsAt'] = (path, where) => {
    const file = fileAt(path);
    return file === undefined ? [] : objectsOf(file, where ?? path);
  };
  const paths = usedKustomizations({ get: fileAt, objectsAt }, place).flatMap(({ path, fields }) => [
    path,
    ...referencesOf(fields).map((reference) => posix.join(posix.dirname(path), reference)),
  ]);
  const outside = [...new Set(paths)].filter((path) => path.startsWith('../') && !isOfParent(path));
  return outside.flatMap((path) => fileAt(path) ?? []);
}

/** The nearest directory that holds both; undefined for that of the whole disk. */
function commonDirectory(one: string, other: string): string | undefined {
  const steps = other.split(sep);
  const common = one.split(sep).filter((step, index, all) => all.slice(0, index + 1).every((s, i) => s === steps[i]));
  return common.length > 1 ? common.join(sep) : undefined;
}

/** kustomize builds no directory that names one above it. */
function isOfParent(path: string): boolean {
  return /^(\.\.\/)+[^/]*$/.test(path) && KUSTOMIZATION_FILE_NAMES.includes(posix.basename(path));
}

function stepsOut(path: string): number {
  return path.split('/').filter((step) => step === '..').length;
}
