import { type ErrorThing, type PropPath } from '../error-place';
import { ValidationError } from '../validation-error';
import { isGitRefName } from './git-ref-name';
import { isProjectPath } from './project-path';
import { withoutCredential } from './url';

/** A branch of a GitLab project, such as that with the GitOps repository. */
export interface ProjectBranch {
  /** Address of GitLab: `https://gitlab.example.com`. */
  readonly url: string;
  /** Full path of the project: `platform/fleet`. */
  readonly path: string;
  /** The branch. */
  readonly branch: string;
  /**
   * Certificate of the authority that signed GitLab's, in PEM: Flux and its components need it to clone. It is no secret.
   *
   * @default - an authority that everybody trusts
   */
  readonly certificateAuthority?: string;
}

/** Where Git clones a project from: `https://gitlab.example.com/platform/fleet.git`. */
export function cloneUrl({ url, path }: Pick<ProjectBranch, 'url' | 'path'>): string {
  return `${url.replace(/\/+$/, '')}/${path}.git`;
}

/**
 * Refuses what cannot be a branch of a GitLab project, and an address with a credential in it.
 *
 * @param at - the thing that names the project
 */
export function checkProjectBranch(at: ErrorThing, { url, path, branch }: ProjectBranch): void {
  checkGitLabUrl(at, 'url', url);
  if (!isProjectPath(path)) {
    throw new ValidationError({
      at,
      prop: 'path',
      got: path,
      want: 'a full path as GitLab has it, without .git, for example platform/fleet',
    });
  }
  if (!isGitRefName(branch)) {
    throw new ValidationError({ at, prop: 'branch', got: branch, want: 'a name that Git takes for a branch' });
  }
}

/**
 * Refuses an address at which the credential of Flux would go over the network in clear.
 *
 * @param at - the thing that has the address
 * @param url - address of GitLab, or of a repository
 */
export function checkReadAddress(at: ErrorThing, prop: PropPath, url: string): void {
  if (url.startsWith('http://')) {
    const want = 'https://…: Flux would send its credential over the network in clear';
    throw new ValidationError({ at, prop, got: withoutCredential(url), want });
  }
}

/**
 * Refuses what is not the address of a GitLab, and one with a credential in it.
 *
 * @param at - the thing that has the address
 * @param url - for example `https://gitlab.example.com`
 */
export function checkGitLabUrl(at: ErrorThing, prop: PropPath, url: string): void {
  if (!/^https?:\/\/[^/?#@\s]+(\/[^?#@\s]*)?$/.test(url) || !URL.canParse(url)) {
    throw new ValidationError({
      at,
      prop,
      got: withoutCredential(url),
      want: 'the address of GitLab without credentials, for example https://gitlab.example.com',
    });
  }
}
