import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { type RepositoryTexts } from '../lib/model/changes/flux-deployments';
import { type RepositoryFile } from '../lib/model/manifest/file-tree';
import { filesBelow } from '../lib/model/manifest/files-below';

/** The texts of the files in a repository's directory that say what is deployed. */
export function textsIn(repository: string): RepositoryTexts {
  const texts = ['clusters', 'systems']
    .filter((directory) => existsSync(join(repository, directory)))
    .flatMap((directory) => filesBelow(join(repository, directory)).map((path) => `${directory}/${path}`))
    .filter(isDescription)
    .map((path) => [path, readFileSync(join(repository, path), 'utf8')] as const);
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
