import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

import { type RepositoryTexts } from '../lib/model/changes/flux-deployments';
import { type RepositoryFile } from '../lib/model/manifest/file-tree';

/** The texts of the files in a repository's directory that say what is deployed. */
export function textsIn(repository: string): RepositoryTexts {
  const texts = ['clusters', 'systems']
    .map((directory) => join(repository, directory))
    .filter((directory) => existsSync(directory))
    .flatMap((directory) => readdirSync(directory, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && isDescription(entry.name))
    .map(({ parentPath, name }) => join(parentPath, name))
    .map((path) => [relative(repository, path), readFileSync(path, 'utf8')] as const);
  return new Map(texts);
}

/** The texts of those files that say what is deployed. */
export function textsOf(files: Iterable<RepositoryFile>): RepositoryTexts {
  const texts = [...files]
    .filter(({ path }) => isDescription(path))
    .map(({ path, content }) => [path, content] as const);
  return new Map(texts.map(([path, content]) => [path, Buffer.from(content).toString('utf8')]));
}

/** Whether a file may say what is deployed: YAML. */
export function isDescription(path: string): boolean {
  return /\.ya?ml$|(^|\/)Kustomization$/.test(path);
}
