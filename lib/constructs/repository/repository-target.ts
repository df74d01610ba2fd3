import { checkProjectBranch, type ProjectBranch } from '../../model/manifest/project-branch';
import { assertLiteral } from '../terraform/literal';

/**
 * Checks a target.
 *
 * @throws ValidationError when it is not literal, or cannot be one of GitLab
 */
export function checkTarget(target: ProjectBranch, at: string): void {
  for (const prop of ['url', 'path', 'branch'] as const) assertLiteral(target[prop], at, prop);
  checkProjectBranch(at, target);
}

/** What distinguishes a target from all others. */
export function targetKey({ url, path, branch }: ProjectBranch): string {
  return `${url}/${path}@${branch}`;
}

/** Name of a target in construct ids and file names. Two slashes cannot follow each other in a path, nor two dashes. */
export function targetSlug({ path, branch }: ProjectBranch): string {
  const project = path.replaceAll('/', '--');
  return branch === 'main' ? project : `${project}@${encodeURIComponent(branch)}`;
}

/** Where the tree of a target is written, below the directory that `cdktf synth` writes. */
export function targetDirectory({ path, branch }: ProjectBranch): string {
  return branch === 'main' ? `repository/${path}` : `repository/${path}@${encodeURIComponent(branch)}`;
}
