import { posix } from 'node:path';

import { type FileTree } from '../manifest/file-tree';
import { type KubernetesObject } from '../manifest/kubernetes-object';
import { type KustomizePatch } from '../manifest/kustomize';
import { checkKustomizePatch } from '../manifest/kustomize-patch';
import { checkSecret, checkSecretFile, isFilledByFlux, isSopsFile } from '../manifest/secret';
import { parseObjects } from '../manifest/yaml';
import { ValidationError } from '../validation-error';
import {
  type Fields,
  fieldsOf,
  generatorFiles,
  kustomizationsOf,
  listOf,
  orUndefined,
  usedKustomizations,
} from './kustomization-fields';
import { manifestsOf } from './kustomize-references';

type ReadFile = (name: string) => string | Uint8Array | undefined;

/**
 * Refuses Secrets that could be read in Git: in manifests, from generators and in patches. What is generated from
 * something else, and what patches of anything make, is known when it has been built.
 *
 * @param at - the thing that has the files
 * @param files - files of a base or an overlay
 * @param decrypts - whether Flux decrypts them
 * @throws ValidationError
 */
export function checkSecretsOf(at: string, files: FileTree, decrypts: boolean): void {
  const manifests = new Set(
    usedKustomizations(files, at).flatMap(({ path, fields }) =>
      manifestsOf(fields).map((name) => posix.join(posix.dirname(path), name)),
    ),
  );
  for (const { path, content } of files) {
    const isManifest = manifests.has(path);
    if (typeof content === 'string' && (isManifest || /\.(ya?ml|json)$/.test(path))) {
      // Only a manifest has to be YAML: a generator reads whatever there is.
      const parse = (): ReturnType<typeof parseObjects> => parseObjects(content, `${at}: ${path}`);
      const objects = isManifest ? parse() : (orUndefined(parse) ?? []);
      objects.forEach((object) => checkObject(at, path, object, readFrom(files, path), decrypts));
    }
  }
  for (const { path, fields } of kustomizationsOf(files)) {
    const read = readFrom(files, path);
    fieldsOf(fields.secretGenerator).forEach((generator) => checkGenerator(at, path, generator, read, decrypts));
    listOf(fields.generators)
      .filter((generator) => typeof generator === 'string' && generator.includes('kind'))
      .flatMap((generator) => orUndefined(() => parseObjects(String(generator), `${at}: ${path}`)) ?? [])
      .forEach((object) => checkObject(at, path, object, read, decrypts));
    for (const field of ['patches', 'patchesJson6902']) {
      fieldsOf(fields[field]).forEach((patch, index) => checkPatch(at, `${path}: ${field}[${index}].`, patch, read));
    }
  }
}

function readFrom(files: FileTree, path: string): ReadFile {
  return (name) => files.get(posix.join(posix.dirname(path), name))?.content;
}

function checkObject(
  at: string,
  path: string,
  object: Partial<KubernetesObject> | null,
  read: ReadFile,
  decrypts: boolean,
): void {
  if (typeof object !== 'object' || object === null) {
    return;
  }
  if (object.kind === 'SecretGenerator' && object.apiVersion === 'builtin') {
    checkGenerator(at, path, object, read, decrypts);
  } else {
    checkSecret(at, path, object, decrypts);
  }
}

function checkGenerator(at: string, path: string, generator: Fields, read: ReadFile, decrypts: boolean): void {
  const values = listOf(generator.literals).map((literal) => String(literal).replace(/^[^=]*=/, ''));
  if (values.some((value) => value !== '' && !isFilledByFlux(value))) {
    throw new ValidationError({
      at,
      prop: path,
      got: 'a generator of a Secret with literals',
      want: 'a Secret encrypted by SOPS, or an ExternalSecret',
    });
  }
  for (const name of generatorFiles(generator)) {
    const content = read(name);
    if (content !== undefined) {
      checkSecretFile(at, `${path}: secretGenerator`, name, content, decrypts);
    }
  }
}

function checkPatch(at: string, prefix: string, { patch, path, target }: Fields, read: ReadFile): void {
  const text = typeof path === 'string' ? read(path) : patch;
  if (typeof text === 'string' && !isSopsFile(text)) {
    checkKustomizePatch(at, prefix, { patch: text, target: target as KustomizePatch['target'] });
  }
}
