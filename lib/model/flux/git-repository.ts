import { below, type ErrorThing, type PropPath } from '../error-place';
import { isGitRefName } from '../manifest/git-ref-name';
import { type KubernetesObject } from '../manifest/kubernetes-object';
import { ValidationError } from '../validation-error';
import { fetchInSpec, type ForeignGitFetch, type GitVerification } from './git-fetch';
import { checkVersionRange } from './version-range';

/**
 * What of a Git repository Flux takes: exactly one of the fields, or a commit with its branch.
 *
 * @see https://fluxcd.io/flux/components/source/gitrepositories/#reference
 */
export interface GitRef {
  /**
   * Head of a branch.
   *
   * @default - not a branch
   */
  readonly branch?: string;
  /**
   * A tag.
   *
   * @default - not a tag
   */
  readonly tag?: string;
  /**
   * The newest tag within a range of versions, for example `>=1.2.0 <2.0.0`.
   *
   * @default - not a range
   */
  readonly semver?: string;
  /**
   * A commit, by its full SHA. With its branch beside it Flux fetches no more than that.
   *
   * @default - not a commit
   */
  readonly commit?: string;
  /**
   * A reference by its full name, for example `refs/merge-requests/1/head`.
   *
   * @default - not by its full name
   */
  readonly name?: string;
}

/** A `GitRepository` of Flux's source-controller. */
export interface GitRepositoryProps extends ForeignGitFetch {
  /** Name of the object. */
  readonly name: string;
  /** Namespace of the object. */
  readonly namespace: string;
  /** Address to clone from: `https://…` or `ssh://…`. */
  readonly url: string;
  /** What to take. */
  readonly ref: GitRef;
  /**
   * How often Flux asks for news.
   *
   * @default '10m' - a safety net; a trigger brings news sooner
   */
  readonly interval?: string;
  /**
   * Name of the Secret with the credential, in the same namespace.
   *
   * @default - none, the repository is public
   */
  readonly secretName?: string;
  /** Labels of the object. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Annotations of the object. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** How often a source is fetched when something else brings the news. */
export const SOURCE_INTERVAL = '10m';

/**
 * Renders a `GitRepository` (source.toolkit.fluxcd.io/v1).
 *
 * @param props - the repository, what to take of it and how often
 * @see https://fluxcd.io/flux/components/source/gitrepositories/
 */
export function gitRepository(props: GitRepositoryProps): KubernetesObject {
  return {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'GitRepository',
    metadata: { name: props.name, namespace: props.namespace, labels: props.labels, annotations: props.annotations },
    spec: {
      interval: props.interval ?? SOURCE_INTERVAL,
      url: props.url,
      ref: props.ref,
      secretRef: props.secretName === undefined ? undefined : { name: props.secretName },
      ...fetchInSpec(props),
    },
  };
}

/**
 * Refuses a reference that names nothing, or more than one thing.
 *
 * @param at - the thing that has the reference
 */
export function checkGitRef(at: ErrorThing, prop: PropPath, ref: GitRef): void {
  const { branch: _, ...others } = ref;
  const given = Object.values(ref.commit === undefined ? ref : others).filter((value) => value !== undefined);
  if (given.length !== 1 || given[0] === '') {
    const want = 'exactly one of branch, tag, semver, commit and name; a commit may have its branch beside it';
    throw new ValidationError({ at, prop, got: ref, want });
  }

  if (ref.semver !== undefined) checkVersionRange(at, below(prop, 'semver'), ref.semver);
  for (const kind of ['branch', 'tag'] as const) {
    const name = ref[kind];
    if (name !== undefined && !isGitRefName(name)) {
      const want = `a name that Git takes for a ${kind}`;
      throw new ValidationError({ at, prop: below(prop, kind), got: name, want });
    }
  }
  if (ref.name !== undefined && !(ref.name.startsWith('refs/') && isGitRefName(ref.name))) {
    const want = 'the full name of a reference, such as refs/merge-requests/1/head';
    throw new ValidationError({ at, prop: below(prop, 'name'), got: ref.name, want });
  }
  if (ref.commit !== undefined && !/^[0-9a-f]{40}([0-9a-f]{24})?$/.test(ref.commit)) {
    throw new ValidationError({ at, prop: below(prop, 'commit'), got: ref.commit, want: 'a full commit SHA' });
  }
}

/**
 * Refuses a signature of a tag where no tag is taken.
 *
 * @param at - the thing that has the reference
 * @param prop - where it says what it takes
 */
export function checkVerifiedRef(
  at: ErrorThing,
  prop: PropPath,
  verify: GitVerification | undefined,
  ref: GitRef,
): void {
  const isTag = ref.tag !== undefined || ref.semver !== undefined || ref.name?.startsWith('refs/tags/') === true;
  if (isTag || verify?.mode === undefined || verify.mode === 'HEAD') return;
  const want = `a tag or a range of versions, because \`verify.mode: ${verify.mode}\` wants a signed tag`;
  throw new ValidationError({ at, prop, got: ref, want });
}
