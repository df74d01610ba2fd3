import { posix } from 'node:path';

import { type FileTree } from '../manifest/file-tree';
import { KUSTOMIZATION_FILE_NAMES } from '../manifest/kustomize';
import { parseYamlDocuments } from '../manifest/yaml';

/** Parsed YAML of somebody else's: a field may hold anything. */
export type Fields = Readonly<Record<string, unknown>>;

/** A `kustomization.yaml` as somebody wrote it. */
export interface ForeignKustomization {
  /** Path of the file. */
  readonly path: string;
  /** Its fields. */
  readonly fields: Fields;
}

/**
 * The `kustomization.yaml` of a directory, and those of directories below it.
 *
 * @param files - the directory's files
 * @param directory - its name, for the message
 * @throws ValidationError when one is not YAML
 */
export function kustomizationsOf(files: FileTree, directory: string): readonly ForeignKustomization[] {
  return [...files].flatMap(({ path, content }) => {
    if (!KUSTOMIZATION_FILE_NAMES.includes(posix.basename(path)) || typeof content !== 'string') {
      return [];
    }
    const [fields] = parseYamlDocuments(content, `${directory}/${path}`);
    return [{ path, fields: (fields ?? {}) as Fields }];
  });
}

/**
 * The entries of a field.
 *
 * @param value - what the field holds
 * @returns none when it holds no list
 */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/**
 * The entries of a field that have fields of their own.
 *
 * @param value - what the field holds
 */
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
