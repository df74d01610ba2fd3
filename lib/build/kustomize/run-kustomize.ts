import { join } from 'node:path';

import { type BuildContext, LONGEST_BUILD, writeFiles } from '../build-context';
import { type Program } from '../programs/find-programs';
import { runProgram } from '../programs/run-program';
import { type Texts } from './kustomization-files';
import { type KustomizeFailure, kustomizeFailure } from './kustomize-failure';

/** What kustomize made of a directory: YAML, or why not. */
export type KustomizeOutput = { readonly yaml: string } | { readonly failure: KustomizeFailure };

/** Builds a directory as Flux does: files may be loaded from anywhere in the repository, and no plugin is run. */
export async function runKustomize(
  { workspace }: BuildContext,
  program: Program,
  key: string,
  directory: string,
  files: Texts,
): Promise<KustomizeOutput> {
  const root = join(workspace, key.slice(0, 32));
  writeFiles(root, files);
  const command = program.name === 'kubectl' ? 'kustomize' : 'build';
  const args = [command, join(root, directory), '--load-restrictor', 'LoadRestrictionsNone'];
  const { stdout, stderr, succeeded } = await runProgram(program.path, args, { timeout: LONGEST_BUILD });
  return succeeded ? { yaml: stdout } : { failure: kustomizeFailure(stderr, root) };
}
