import { posix } from 'node:path';

import { type RepositoryFile } from '../../model/manifest/file-tree';
import { KUSTOMIZATION_FILE_NAMES, kustomizationFile } from '../../model/manifest/kustomize';
import { toYaml } from '../../model/manifest/yaml';
import { type Texts } from './kustomization-files';

/** The directory that a root is built in: beside it there is nothing. */
export const ROOT_DIRECTORY = 'root';

const GOTK = 'gotk-components.yaml';

/**
 * The files of a cluster's root with the `kustomization.yaml` that Flux makes for a directory without one: every YAML
 * file, and of a directory with a `kustomization.yaml` that directory.
 *
 * Flux's own files are left out where the flux CLI writes them: they are on no machine but the cluster's.
 *
 * @param files - the files below `clusters/<cluster>`
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#generating-a-kustomizationyaml-file
 */
export function rootDirectory(files: readonly RepositoryFile[]): readonly RepositoryFile[] {
  const texts: Texts = new Map(files.map(({ path, content }) => [path, content]));
  if (KUSTOMIZATION_FILE_NAMES.some((name) => texts.has(name))) return below(files);
  const directories = files
    .map(({ path }) => path)
    .filter((path) => KUSTOMIZATION_FILE_NAMES.includes(posix.basename(path)))
    .map((path) => posix.dirname(path));
  const outermost = directories.filter((directory) => !directories.some((other) => isBelow(directory, other)));
  const loose = files
    .map(({ path }) => path)
    .filter((path) => /\.ya?ml$/.test(path) && !outermost.some((directory) => isBelow(path, directory)));
  const complete = withoutIncomplete(outermost, texts);
  const resources = [...complete, ...loose].sort().map((path) => `./${path}`);
  if (resources.length === 0) return [];
  const kept = files.filter(
    ({ path }) => loose.includes(path) || complete.some((directory) => isBelow(path, directory)),
  );
  return below([...kept, { path: 'kustomization.yaml', content: toYaml([kustomizationFile({ resources })]) }]);
}

/** Without Flux's own directory where its files are not there, and without the shards, which are made of it. */
function withoutIncomplete(directories: readonly string[], texts: Texts): readonly string[] {
  const textOf = (directory: string): string =>
    KUSTOMIZATION_FILE_NAMES.map((name) => String(texts.get(`${directory}/${name}`) ?? '')).join('');
  const incomplete = directories.filter(
    (directory) => textOf(directory).includes(GOTK) && !texts.has(`${directory}/${GOTK}`),
  );
  return directories.filter(
    (directory) =>
      !incomplete.includes(directory) && !incomplete.some((other) => textOf(directory).includes(`../${other}`)),
  );
}

function isBelow(path: string, directory: string): boolean {
  return path.startsWith(`${directory}/`);
}

function below(files: readonly RepositoryFile[]): readonly RepositoryFile[] {
  return files.map((file) => ({ ...file, path: `${ROOT_DIRECTORY}/${file.path}` }));
}
