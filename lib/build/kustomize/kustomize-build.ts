import { posix } from 'node:path';

import { type PostBuild } from '../../model/flux/kustomization';
import { type RepositoryFile } from '../../model/manifest/file-tree';
import { type KubernetesObject } from '../../model/manifest/kubernetes-object';
import { toYaml } from '../../model/manifest/yaml';
import { type BuildContext, digestsOf, once, remembered } from '../build-context';
import { holdsSecretValues } from '../cache/secret-values';
import { type Program } from '../programs/find-programs';
import { substituteObjects, type SubstitutionProblem } from '../substitution/substitute-objects';
import { kustomizationFacts, type KustomizationFileFacts, type Texts, withoutChanges } from './kustomization-files';
import { type KustomizeFailure } from './kustomize-failure';
import { runKustomize } from './run-kustomize';

/** What a build is made of. Paths are those below one directory, so that what is alike for two clusters is built once. */
export interface KustomizeInput {
  /** The files. */
  readonly files: readonly RepositoryFile[];
  /** The directory among them that is built. */
  readonly directory: string;
  /** Values that Flux fills in afterwards. */
  readonly postBuild: PostBuild | undefined;
  /** Patches of ours, which need not find anything. */
  readonly ownPatches: readonly string[];
}

/** A kustomization with what its patches see. */
export interface KustomizationWithResources extends KustomizationFileFacts {
  /** The objects that its patches see; none when all of its patches name their objects themselves. */
  readonly resources: readonly KubernetesObject[];
}

/** What became of a build. */
export type KustomizeResult =
  | {
      readonly type: 'built';
      readonly objects: readonly KubernetesObject[];
      readonly kustomizations: readonly KustomizationWithResources[];
      readonly problems: readonly SubstitutionProblem[];
    }
  | { readonly type: 'failed'; readonly failure: KustomizeFailure }
  | { readonly type: 'remote'; readonly references: readonly string[] };

/** Builds a directory with kustomize, and fills in values. */
export async function buildWithKustomize(
  context: BuildContext,
  program: Program,
  input: KustomizeInput,
): Promise<KustomizeResult> {
  const { cache } = context;
  const files = [program.name, program.version, input.directory, input.ownPatches, digestsOf(input.files)];
  const key = cache.keyOf(['kustomize', ...files, input.postBuild ?? null]);
  return remembered<KustomizeResult>(
    context,
    key,
    () => build(context, program, input, cache.keyOf(['kustomize output', ...files])),
    (result) => result.type === 'built' && result.problems.length === 0 && !holdsSecretValues(result.objects),
  );
}

async function build(
  context: BuildContext,
  program: Program,
  { files, directory, postBuild, ownPatches }: KustomizeInput,
  key: string,
): Promise<KustomizeResult> {
  const texts = new Map(files.map(({ path, content }) => [path, content]));
  const { kustomizations, remote } = kustomizationFacts(directory, texts);
  if (remote.length > 0) return { type: 'remote', references: [...new Set(remote)] };
  const output = await once(context, key, () => runKustomize(context, program, key, directory, texts));
  if ('failure' in output) return { type: 'failed', failure: output.failure };
  const { objects, problems } = substituteObjects(output.yaml, postBuild);
  const withResources: KustomizationWithResources[] = [];
  for (const kustomization of kustomizations) {
    const patches = kustomization.patches.filter(({ text }) => !ownPatches.includes(text));
    const judged = { ...kustomization, patches };
    withResources.push({ ...judged, resources: await resourcesOf(context, program, judged, texts) });
  }
  return { type: 'built', objects, kustomizations: withResources, problems };
}

/** Kustomize itself refuses a patch without a target that finds nothing. */
async function resourcesOf(
  context: BuildContext,
  program: Program,
  { path, fields, patches }: KustomizationFileFacts,
  texts: Texts,
): Promise<readonly KubernetesObject[]> {
  if (fields.kind === 'Component' || patches.every(({ target }) => target === undefined)) return [];
  const unchanged = new Map(texts).set(path, toYaml([withoutChanges(fields)]));
  const directory = posix.dirname(path);
  const content = digestsOf([...unchanged].map(([file, text]) => ({ path: file, content: text })));
  const key = context.cache.keyOf(['kustomize resources', program.name, program.version, directory, content]);
  return once(context, key, async () => {
    const output = await runKustomize(context, program, key, directory, unchanged);
    return 'failure' in output ? [] : substituteObjects(output.yaml, undefined).objects;
  });
}
