import { posix } from 'node:path';

import { type ErrorThing } from '../error-place';
import { checkDnsSubdomain } from '../manifest/kubernetes-name';
import { ValidationError } from '../validation-error';

/** How Flux fetches a Git repository. */
export interface GitFetch {
  /**
   * Whose signature Flux wants to see on what it takes.
   *
   * @default - nobody's
   */
  readonly verify?: GitVerification;
  /**
   * What of the repository Flux leaves out, in the format of `.gitignore`.
   *
   * @default - as for every source of Flux
   */
  readonly ignore?: string;
  /**
   * Name of a Secret with the `address` of a proxy, in the namespace of the Flux objects. It is there already.
   *
   * @default - none, Flux reaches the repository itself
   */
  readonly proxySecretName?: string;
}

/** How Flux fetches a Git repository of somebody else's. */
export interface ForeignGitFetch extends GitFetch {
  /**
   * Directories to check out.
   *
   * @default - everything
   */
  readonly sparseCheckout?: readonly string[];
  /**
   * Whether submodules are fetched too, with the same credential.
   *
   * @default false
   */
  readonly recurseSubmodules?: boolean;
  /** Other `GitRepository`s in the namespace of the Flux objects whose content is laid into this one. */
  readonly include?: readonly GitInclude[];
}

/** Whose signature Flux wants to see. */
export interface GitVerification {
  /**
   * Name of a Secret with public keys, in the namespace of the Flux objects: PGP keys in entries that end with `.asc`, from
   * Flux 2.9 on SSH keys in entries that end with `.sshpub`. It is there already.
   */
  readonly secretName: string;
  /**
   * What has to be signed: the commit, the tag, or both.
   *
   * @default 'HEAD'
   */
  readonly mode?: 'HEAD' | 'Tag' | 'TagAndHEAD';
}

/** Another `GitRepository` whose content is laid into one. */
export interface GitInclude {
  /** Name of the other `GitRepository`. */
  readonly repository: string;
  /**
   * Directory in the other.
   *
   * @default - all of it
   */
  readonly fromPath?: string;
  /**
   * Directory in this one.
   *
   * @default - the name of the other
   */
  readonly toPath?: string;
}

/** The fields of `spec` that say how a Git repository is fetched. */
export function fetchInSpec(fetch: ForeignGitFetch): object {
  const { verify, ignore, proxySecretName, sparseCheckout, recurseSubmodules, include } = fetch;
  return {
    verify: verify && { mode: verify.mode ?? 'HEAD', secretRef: { name: verify.secretName } },
    ignore,
    proxySecretRef: proxySecretName === undefined ? undefined : { name: proxySecretName },
    sparseCheckout,
    recurseSubmodules,
    include: include?.length
      ? include.map(({ repository, ...paths }) => ({ repository: { name: repository }, ...paths }))
      : undefined,
  };
}

/**
 * Refuses what Flux would refuse.
 *
 * @param at - the thing that has the settings
 */
export function checkGitFetch(at: ErrorThing, fetch: ForeignGitFetch): void {
  const { verify, proxySecretName, include = [] } = fetch;
  if (verify !== undefined) checkDnsSubdomain(at, ['verify', 'secretName'], verify.secretName);
  if (proxySecretName !== undefined) checkDnsSubdomain(at, 'proxySecretName', proxySecretName);
  include.forEach(({ repository, fromPath, toPath }, index) => {
    checkDnsSubdomain(at, ['include', index, 'repository'], repository);
    for (const [prop, path] of Object.entries({ fromPath, toPath })) {
      if (path === undefined || !/^(\/|\.\.(\/|$))/.test(posix.normalize(path))) continue;
      const want = 'a directory within the repository, such as ./deploy';
      throw new ValidationError({ at, prop: ['include', index, prop], got: path, want });
    }
  });
}
