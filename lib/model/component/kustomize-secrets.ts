import { posix } from 'node:path';

import { type FileTree } from '../manifest/file-tree';
import { type KustomizePatch } from '../manifest/kustomize';
import { checkKustomizePatch } from '../manifest/kustomize-patch';
import { checkSecret, checkSecretFile, isSopsFile } from '../manifest/secret';
import { parseObjects } from '../manifest/yaml';
import { ValidationError } from '../validation-error';
import { type Fields, fieldsOf, generatorFiles, kustomizationsOf, listOf } from './kustomization-fields';

/**
 * Whether a file is searched for Secrets.
 *
 * @param path - path of the file
 */
export function isManifest(path: string): boolean {
  return /\.(ya?ml|json)$/.test(path);
}

/**
 * Refuses Secrets that could be read in Git: in manifests, from generators and in patches.
 *
 * @param at - the thing that has the files
 * @param files - files of a base or an overlay
 * @param decrypts - whether Flux decrypts them
 * @throws ValidationError
 */
export function checkSecretsOf(at: string, files: FileTree, decrypts: boolean): void {
  for (const { path, content } of files) {
    if (isManifest(path) && typeof content === 'string') {
      parseObjects(content, `${at}: ${path}`).forEach((object) => checkSecret(at, path, object, decrypts));
    }
  }
  for (const { path, fields } of kustomizationsOf(files, at)) {
    const read: ReadFile = (name) => files.get(posix.join(posix.dirname(path), name))?.content;
    fieldsOf(fields.secretGenerator).forEach((generator) => checkGenerator(at, path, generator, read, decrypts));
    for (const field of ['patches', 'patchesJson6902']) {
      fieldsOf(fields[field]).forEach((patch, index) => checkPatch(at, `${path}: ${field}[${index}].`, patch, read));
    }
  }
}

type ReadFile = (name: string) => string | Uint8Array | undefined;

function checkGenerator(at: string, path: string, generator: Fields, read: ReadFile, decrypts: boolean): void {
  if (listOf(generator.literals).length > 0) {
    throw new ValidationError({
      at,
      prop: path,
      got: 'a secretGenerator with literals',
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
