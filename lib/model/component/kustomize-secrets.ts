import { posix } from 'node:path';

import { type ErrorPlace, type ErrorThing, type PathStep } from '../error-place';
import { type Fields } from '../manifest/fields';
import { type FileTree } from '../manifest/file-tree';
import { type KubernetesObject } from '../manifest/kubernetes-object';
import { type KustomizePatch } from '../manifest/kustomize';
import { checkKustomizePatch } from '../manifest/kustomize-patch';
import { checkSecret, checkSecretFile, isFilledByFlux, isSopsFile } from '../manifest/secret';
import { parseObjects } from '../manifest/yaml';
import { ValidationError } from '../validation-error';
import {
  fieldsOf,
  generatorFiles,
  kustomizationsOf,
  listOf,
  orUndefined,
  usedKustomizations,
} from './kustomization-fields';
import { manifestsOf } from './kustomize-references';

type ReadFile = (name: string) => string | Uint8Array | undefined;

/** Files of a base or an overlay that are searched. */
export interface SearchedFiles {
  /** The thing that has the files. */
  readonly at: ErrorThing;
  /** The prop that has them. */
  readonly prop: readonly PathStep[];
  /** The directory that they are from, as its user named it; undefined when they are generated. */
  readonly directory: string | undefined;
  /** The files. */
  readonly files: FileTree;
  /** Whether Flux decrypts them. */
  readonly decrypts: boolean;
}

/**
 * Refuses Secrets that could be read in Git: in manifests, from generators and in patches. What is generated from
 * something else, and what patches of anything make, is known when it has been built.
 *
 * @param searched - the files, and whose they are
 */
export function checkSecretsOf({ at, prop, directory, files, decrypts }: SearchedFiles): void {
  const manifests = new Set(
    usedKustomizations(files, { at, prop, directory }).flatMap(({ path, fields }) =>
      manifestsOf(fields).map((name) => posix.join(posix.dirname(path), name)),
    ),
  );
  for (const path of files.paths) {
    const isManifest = manifests.has(path);
    if (isManifest || /\.(ya?ml|json)$/.test(path)) {
      // Only a manifest has to be YAML: a generator reads whatever there is.
      const place: ErrorPlace = { at, prop, file: posix.join(directory ?? '', path) };
      const read = (): ReturnType<FileTree['objectsAt']> => files.objectsAt(path, place);
      const objects = isManifest ? read() : (orUndefined(read) ?? []);
      objects.forEach((object) => checkObject(place, object, readFrom(files, path), decrypts));
    }
  }
  for (const { path, file, fields } of kustomizationsOf(files, directory)) {
    const place = (where: string): ErrorPlace => ({ at, prop, file: `${file}: ${where}` });
    const read = readFrom(files, path);
    fieldsOf(fields.secretGenerator).forEach((generator, index) =>
      checkGenerator(place(`secretGenerator[${index}]`), generator, read, decrypts),
    );
    listOf(fields.generators)
      .filter((generator) => typeof generator === 'string' && generator.includes('kind'))
      .flatMap((generator) => orUndefined(() => parseObjects(String(generator), place('generators'))) ?? [])
      .forEach((object) => checkObject(place('generators'), object, read, decrypts));
    for (const field of ['patches', 'patchesJson6902']) {
      fieldsOf(fields[field]).forEach((patch, index) => checkPatch(place(`${field}[${index}]`), patch, read));
    }
  }
}

function readFrom(files: FileTree, path: string): ReadFile {
  return (name) => files.get(posix.join(posix.dirname(path), name))?.content;
}

function checkObject(
  place: ErrorPlace,
  object: Partial<KubernetesObject> | null,
  read: ReadFile,
  decrypts: boolean,
): void {
  if (typeof object !== 'object' || object === null) return;
  if (object.kind === 'SecretGenerator' && object.apiVersion === 'builtin') {
    checkGenerator(place, object, read, decrypts);
  } else checkSecret(place, object, decrypts);
}

function checkGenerator(place: ErrorPlace, generator: Fields, read: ReadFile, decrypts: boolean): void {
  const values = listOf(generator.literals).map((literal) => String(literal).replace(/^[^=]*=/, ''));
  if (values.some((value) => value !== '' && !isFilledByFlux(value))) {
    throw new ValidationError({
      ...place,
      got: 'a generator of a Secret with literals',
      want: 'a Secret encrypted by SOPS, or an ExternalSecret',
    });
  }
  for (const name of generatorFiles(generator)) {
    const content = read(name);
    if (content !== undefined) checkSecretFile(place, name, content, decrypts);
  }
}

function checkPatch(place: ErrorPlace, { patch, path, target }: Fields, read: ReadFile): void {
  const text = typeof path === 'string' ? read(path) : patch;
  if (typeof text === 'string' && !isSopsFile(text)) {
    checkKustomizePatch(place, { patch: text, target: target as KustomizePatch['target'] });
  }
}
