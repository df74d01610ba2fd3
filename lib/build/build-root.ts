import { type KubernetesObject } from '../model/manifest/kubernetes-object';
import { parseObjects } from '../model/manifest/yaml';
import { ValidationError } from '../model/validation-error';
import { type BuildContext, digestsOf } from './build-context';
import { type Outcome } from './build-overlay';
import { type Built } from './built';
import { holdsSecretValues } from './cache/secret-values';
import { type RootOfCluster } from './fleet-builds';
import { buildWithKustomize } from './kustomize/kustomize-build';
import { ROOT_DIRECTORY, rootDirectory } from './kustomize/root-directory';
import { type Program } from './programs/find-programs';
import { type RepositoryIndex } from './repository-index';
import { UserPaths } from './user-paths';

/** Builds what the root of Flux applies on a cluster, or reads what GitLab CI applies. */
export async function buildRoot(
  context: BuildContext,
  program: Program,
  index: RepositoryIndex,
  root: RootOfCluster,
): Promise<Outcome> {
  const { cluster, directory } = root;
  const common = { cluster, component: undefined, directory, source: directory, kustomizations: [], decrypts: true };
  if (directory.endsWith('.yaml')) {
    return { built: { ...common, objects: objectsIn(context, index, directory) }, problems: [] };
  }

  const files = rootDirectory(index.filesIn(directory));
  if (files.length === 0) return { built: { ...common, objects: [] }, problems: [] };
  const input = { files, directory: ROOT_DIRECTORY, postBuild: undefined, ownPatches: [] };
  const result = await buildWithKustomize(context, program, input);
  const paths = new UserPaths([[ROOT_DIRECTORY, directory]]);
  switch (result.type) {
    case 'built':
      return { built: { ...common, objects: result.objects } satisfies Built, problems: [] };
    case 'remote':
      return { notBuilt: { name: directory, why: `it takes ${result.references[0] ?? ''} from elsewhere` } };
    case 'failed': {
      const { path, words } = result.failure;
      const place = paths.pathOf(path.replace(/^\u0001\/?/, ''));
      const message = `kustomize does not build it, so Flux would apply nothing to the cluster: ${paths.wordsOf(words)}`;
      return { problems: [{ cluster: cluster.name, place, message }] };
    }
  }
}

function objectsIn({ cache }: BuildContext, index: RepositoryIndex, path: string): readonly KubernetesObject[] {
  const file = index.file(path);
  const files = file === undefined ? [] : [file];
  const key = cache.keyOf(['objects', digestsOf(files)]);
  const known = cache.read(key) as readonly KubernetesObject[] | undefined;
  if (known !== undefined) return known;
  try {
    const objects = files.flatMap(({ content }) => parseObjects(String(content), path)) as readonly KubernetesObject[];
    if (!holdsSecretValues(objects)) cache.write(key, objects);
    return objects;
  } catch (error) {
    if (ValidationError.isValidationError(error)) return [];
    throw error;
  }
}
