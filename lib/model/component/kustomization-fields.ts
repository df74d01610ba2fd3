import { posix } from 'node:path';

import { type ErrorPlace, type ErrorThing, type PathStep } from '../error-place';
import { type Fields } from '../manifest/fields';
import { type FileTree } from '../manifest/file-tree';
import { KUSTOMIZATION_FILE_NAMES } from '../manifest/kustomize';
import { ValidationError } from '../validation-error';

/** A directory of somebody's. */
export interface DirectoryPlace {
  /** The thing that has it. */
  readonly at: ErrorThing;
  /** The prop that names it. */
  readonly prop: readonly PathStep[];
  /** Its name, as its user wrote it; undefined when its files are generated. */
  readonly directory: string | undefined;
}

/** A `kustomization.yaml` as somebody wrote it. */
export interface ForeignKustomization {
  /** Path of the file within the directory. */
  readonly path: string;
  /** The file as its user names it. */
  readonly file: string;
  /** Its fields. */
  readonly fields: Fields;
}

/**
 * The kustomizations that a build of a directory reads: its own, and those that it names from one to the next. What no
 * kustomization names is not built.
 *
 * @param files - gives a file by its path, and its objects
 * @param from - the directory, from that of the files
 * @throws ValidationError when one is not YAML
 */
export function usedKustomizations(
  files: Pick<FileTree, 'get' | 'objectsAt'>,
  place: DirectoryPlace,
  from = '.',
): readonly ForeignKustomization[] {
  const used = new Map<string, ForeignKustomization>();
  const visit = (of: string): void => {
    const path = KUSTOMIZATION_FILE_NAMES.map((name) => posix.join(of, name)).find((each) => files.get(each));
    if (path === undefined || used.has(path)) return;
    const { at, prop, directory = '' } = place;
    const file = posix.join(directory, path);
    const kustomization = { path, file, fields: fieldsIn(files, path, { at, prop, file }) };
    used.set(path, kustomization);
    const { resources, bases, components } = kustomization.fields;
    [resources, bases, components]
      .flatMap(listOf)
      .filter((entry) => typeof entry === 'string')
      .forEach((entry) => visit(posix.join(of, entry)));
  };
  visit(from);
  return [...used.values()];
}

/**
 * All kustomizations in a directory, also those that nobody names, as far as they can be read.
 *
 * @param directory - the directory, as its user named it; undefined when the files are generated
 */
export function kustomizationsOf(files: FileTree, directory = ''): readonly ForeignKustomization[] {
  return files.paths.flatMap((path) => {
    if (!KUSTOMIZATION_FILE_NAMES.includes(posix.basename(path))) return [];
    const fields = orUndefined(() => fieldsIn(files, path, path));
    return fields === undefined ? [] : [{ path, file: posix.join(directory, path), fields }];
  });
}

/** What something gives, or undefined when it is not what it should be. */
export function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!ValidationError.isValidationError(error)) throw error;
    return undefined;
  }
}

function fieldsIn(files: Pick<FileTree, 'objectsAt'>, path: string, place: ErrorPlace | string): Fields {
  const [fields]: readonly unknown[] = files.objectsAt(path, place);
  return typeof fields === 'object' && fields !== null ? (fields as Fields) : {};
}

/**
 * The entries of a field.
 *
 * @returns none when it holds no list
 */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The entries of a field that have fields of their own. */
export function fieldsOf(value: unknown): readonly Fields[] {
  return listOf(value).filter((entry): entry is Fields => typeof entry === 'object' && entry !== null);
}

/**
 * The files that a generator of a kustomization reads.
 *
 * @param generator - an entry of `configMapGenerator` or `secretGenerator`
 */
export function generatorFiles(generator: Fields): readonly string[] {
  return [
    ...listOf(generator.files).map((file) => String(file).replace(/^[^=]*=/, '')),
    ...listOf(generator.envs),
    generator.env,
  ].filter((file) => typeof file === 'string');
}
