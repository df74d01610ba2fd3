import { checkProjectAddress } from '../../model/layout/project-address';
import { assertLiteral } from '../terraform/literal';

/** A branch of a GitLab project. */
export interface RepositoryTarget {
  /** Address of GitLab, without a slash at its end. */
  readonly url: string;
  /** Full path of the project. */
  readonly path: string;
  /** The branch. */
  readonly branch: string;
}

/**
 * Checks a target.
 *
 * @throws ValidationError when it is not literal, or cannot be one of GitLab
 */
export function checkTarget(target: RepositoryTarget, at: string): void {
  for (const prop of ['url', 'path', 'branch'] as const) assertLiteral(target[prop], at, prop);
  checkProjectAddress(at, target);
}

/** What distinguishes a target from all others. */
export function targetKey({ url, path, branch }: RepositoryTarget): string {
  return `${url}/${path}@${branch}`;
}

/** Name of a target in construct ids and file names. Two slashes cannot follow each other in a path, nor two dashes. */
export function targetSlug({ path, branch }: RepositoryTarget): string {
  const project = path.replaceAll('/', '--');
  return branch === 'main' ? project : `${project}@${encodeURIComponent(branch)}`;
}

/** Where the tree of a target is written, below the directory that `cdktf synth` writes. */
export function targetDirectory({ path, branch }: RepositoryTarget): string {
  return branch === 'main' ? `repository/${path}` : `repository/${path}@${encodeURIComponent(branch)}`;
}
