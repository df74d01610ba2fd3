import { type GitRef } from '../flux/git-repository';

/** A GitRepository on a cluster. */
export interface FluxSource {
  /** Name of the object. */
  readonly name: string;
  /** Namespace of the object. */
  readonly namespace: string;
  /** Where it clones from. */
  readonly url: string;
  /** Whether it is the GitOps repository. */
  readonly isGitOps: boolean;
  /** Whether it needs a credential. */
  readonly isPrivate: boolean;
  /** What of it Flux takes. */
  readonly ref?: GitRef;
}

/**
 * Whether the agent tells Flux about pushes to a repository: it compares the names of the hosts and nothing else.
 *
 * @param url - where the repository is cloned from
 */
export function isOnGitLab(url: string, gitlabUrl: string): boolean {
  return hostOf(url) !== undefined && hostOf(url) === hostOf(gitlabUrl);
}

/** Name of the host of an address, or undefined when there is none. */
export function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname.toLowerCase() : undefined;
}
