import { checkAll } from '../check-all';
import { checkGitFetch, type ForeignGitFetch, type GitFetch } from '../flux/git-fetch';
import { checkGitRef, checkVerifiedRef, type GitRef } from '../flux/git-repository';
import { checkCertificateAuthority } from '../manifest/certificate-authority';
import { checkInterval } from '../manifest/duration';
import { withoutCredential } from '../manifest/url';
import { ValidationError } from '../validation-error';
import { GitCredential } from './git-credential';

/** A Git repository that is not the GitOps repository. */
export interface ForeignGitSourceProps extends ForeignGitFetch {
  /** Address to clone from, without a credential: `https://…`. */
  readonly url: string;
  /** What to take. */
  readonly ref: GitRef;
  /**
   * How Flux may read it.
   *
   * @default GitCredential.none()
   */
  readonly credential?: GitCredential;
  /**
   * Certificate of the authority that signed the server's, in PEM. It is no secret.
   *
   * @default - an authority that Flux's image trusts
   */
  readonly certificateAuthority?: string;
  /**
   * How often Flux asks for news.
   *
   * @default - as the cluster's trigger says
   */
  readonly interval?: string;
}

/** Options of {@link GitSource.gitOpsRepository}. */
export interface GitOpsSourceProps extends GitFetch {
  /**
   * What to take, for example a tag in production.
   *
   * @default - the branch that the clusters follow
   */
  readonly ref?: GitRef;
  /**
   * How the component's Secret with the credential comes about.
   *
   * @default GitCredential.terraform()
   */
  readonly credential?: GitCredential;
  /**
   * How often Flux asks for news.
   *
   * @default - as the cluster's trigger says
   */
  readonly interval?: string;
}

const AT = 'git source';

/** Where the manifests of a component come from: the GitOps repository, or another Git repository. */
export class GitSource {
  /**
   * The GitOps repository that this library writes.
   *
   * @throws ValidationError when `ref` names nothing or several things, or `interval` is no duration
   */
  public static gitOpsRepository(props: GitOpsSourceProps = {}): GitSource {
    const { ref, credential, interval, ...fetch } = props;
    checkCommon(props);
    return new GitSource(undefined, ref, credential ?? GitCredential.terraform(), interval, fetch);
  }

  /**
   * Another Git repository.
   *
   * @param props - its address, what to take of it and how Flux may read it
   * @throws ValidationError when the address is not `https://…`, holds a credential, or `ref` is not one thing
   */
  public static git(props: ForeignGitSourceProps): GitSource {
    const { url, ref, credential, interval, certificateAuthority, ...fetch } = props;
    checkAll(
      () => checkUrl(url),
      () => checkCertificateAuthority(AT, certificateAuthority),
      () => checkCommon(props),
    );
    return new GitSource(url, ref, credential ?? GitCredential.none(), interval, fetch, certificateAuthority);
  }

  /** What its Secret is for. */
  public readonly purpose = 'git';

  private constructor(
    /** Address of the repository; undefined for the GitOps repository. */
    public readonly url: string | undefined,
    /** What to take; undefined for the branch that the clusters follow. */
    public readonly ref: GitRef | undefined,
    /** How Flux may read it. */
    public readonly credential: GitCredential,
    /** How often Flux asks for news; undefined for the default. */
    public readonly interval: string | undefined,
    /** How Flux fetches it. */
    public readonly fetch: ForeignGitFetch,
    /** Certificate of the authority that signed the server's; undefined for the GitOps repository. */
    public readonly certificateAuthority?: string,
  ) {}

  /** Whether this is another repository than the GitOps repository. */
  public get isForeign(): boolean {
    return this.url !== undefined;
  }
}

function checkCommon({ ref, interval, ...fetch }: GitOpsSourceProps): void {
  checkAll(
    () => {
      if (ref === undefined) return;
      checkGitRef(AT, 'ref', ref);
      checkVerifiedRef(AT, ['ref'], fetch.verify, ref);
    },
    () => checkGitFetch(AT, fetch),
    () => checkInterval(AT, 'interval', interval),
  );
}

function checkUrl(url: string): void {
  const want = 'an address such as https://gitlab.example.com/group/project.git, without user and password';
  if (!/^https:\/\/[^/\s@]+\/[^\s@]+$/.test(url)) {
    throw new ValidationError({ at: AT, prop: 'url', got: withoutCredential(url), want });
  }
}
