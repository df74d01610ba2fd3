import { type ErrorThing, type PropPath } from '../error-place';
import { isGitRefName } from '../manifest/git-ref-name';
import { isProjectPath } from '../manifest/project-path';
import { withoutCredential } from '../manifest/url';
import { ValidationError } from '../validation-error';

/** A branch of a GitLab project. */
export interface ProjectAddress {
  /** Address of GitLab. */
  readonly url: string;
  /** Full path of the project. */
  readonly path: string;
  /** The branch. */
  readonly branch: string;
}

/**
 * Refuses what cannot be a branch of a GitLab project, and an address with a credential in it.
 *
 * @param at - the thing that names the project
 */
export function checkProjectAddress(at: ErrorThing, { url, path, branch }: ProjectAddress): void {
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
