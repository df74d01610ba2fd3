import { posix } from 'node:path';

import { fieldsOf, listOf, orUndefined } from '../../model/component/kustomization-fields';
import { mayBeRemote } from '../../model/component/kustomize-references';
import { type Fields } from '../../model/manifest/fields';
import { KUSTOMIZATION_FILE_NAMES, type KustomizeTarget } from '../../model/manifest/kustomize';
import { parseYamlDocuments } from '../../model/manifest/yaml';
import { type BuiltPatch } from '../built';

/** The texts of files by their paths. */
export type Texts = ReadonlyMap<string, string | Uint8Array>;

/** A `kustomization.yaml` among files, as far as it could be read. */
export interface KustomizationFileFacts {
  /** Path of the file. */
  readonly path: string;
  /** The file, parsed. */
  readonly fields: Fields;
  /** Its patches. */
  readonly patches: readonly BuiltPatch[];
}

/** What a build of a directory uses. */
export interface KustomizationFacts {
  /** Its kustomizations, that of the directory first. */
  readonly kustomizations: readonly KustomizationFileFacts[];
  /** What it would fetch from elsewhere. */
  readonly remote: readonly string[];
}

/** Fields with other kustomizations, or with objects. */
const RESOURCES = ['resources', 'bases', 'components'];

/**
 * The kustomizations that a build of a directory uses. What cannot be read is left out: kustomize says what is wrong.
 */
export function kustomizationFacts(directory: string, files: Texts): KustomizationFacts {
  const kustomizations: KustomizationFileFacts[] = [];
  const remote: string[] = [];
  const seen = new Set<string>();
  const directories = new Set([...files.keys()].flatMap(parentsOf));
  const visit = (path: string): void => {
    const file = KUSTOMIZATION_FILE_NAMES.map((name) => posix.join(path, name)).find((each) => files.has(each));
    if (file === undefined || seen.has(file)) return;
    seen.add(file);
    const fields = fieldsIn(file, files);
    if (fields === undefined) return;
    kustomizations.push({ path: file, fields, patches: patchesOf(fields, path, files) });
    for (const reference of RESOURCES.flatMap((field) => listOf(fields[field])).map(String)) {
      const target = posix.join(path, reference).replace(/\/$/, '');
      const isFile = files.has(target);
      if (!isFile && !directories.has(target) && mayBeRemote(reference)) remote.push(reference);
      else if (!isFile) visit(target);
    }
  };
  visit(directory);
  return { kustomizations, remote };
}

/** The kustomization without what it changes: what its patches and replicas see. */
export function withoutChanges(fields: Fields): Fields {
  const kept = ['apiVersion', 'kind', ...RESOURCES, 'crds', 'openapi', 'generators', 'generatorOptions'];
  const names = [...kept, 'configMapGenerator', 'secretGenerator'];
  return Object.fromEntries(names.flatMap((name) => (name in fields ? [[name, fields[name]]] : [])));
}

function parentsOf(path: string): readonly string[] {
  const segments = path.split('/').slice(0, -1);
  return segments.map((_, index) => segments.slice(0, index + 1).join('/'));
}

function patchesOf(fields: Fields, directory: string, files: Texts): readonly BuiltPatch[] {
  const withTarget = ['patches', 'patchesJson6902'].flatMap((field) =>
    fieldsOf(fields[field]).flatMap(({ patch, path, target }, index) =>
      patchAt(`${field}[${index}]`, patch ?? textAt(path, directory, files), target as KustomizeTarget | undefined),
    ),
  );
  const strategic = listOf(fields.patchesStrategicMerge).flatMap((entry, index) =>
    patchAt(`patchesStrategicMerge[${index}]`, textAt(entry, directory, files) ?? entry, undefined),
  );
  return [...strategic, ...withTarget];
}

function patchAt(place: string, text: unknown, target: KustomizeTarget | undefined): readonly BuiltPatch[] {
  return typeof text === 'string' ? [{ place, text, ...(target && { target }) }] : [];
}

function textAt(path: unknown, directory: string, files: Texts): string | undefined {
  const content = typeof path === 'string' ? files.get(posix.join(directory, path)) : undefined;
  return typeof content === 'string' ? content : undefined;
}

function fieldsIn(file: string, files: Texts): Fields | undefined {
  const [fields] = orUndefined(() => parseYamlDocuments(String(files.get(file) ?? ''), file)) ?? [];
  return typeof fields === 'object' && fields !== null ? (fields as Fields) : undefined;
}
