import { type CommitMessageOptions } from './commit-message';
import { type OnConflict, type WantedFile } from './commit-plan';

/** Who a commit is by. */
export interface CommitAuthor {
  /** Name of the author. */
  readonly name: string;
  /** Mail address of the author. */
  readonly email: string;
}

/** Options of a merge request that brings the files of one stack to the branch. */
export interface MergeRequestOptions {
  /**
   * Title of the merge request.
   *
   * @default - the first line of the commit's message
   */
  readonly title?: string;
  /** Labels of the merge request. */
  readonly labels?: readonly string[];
  /**
   * When the files count as delivered.
   *
   * @default 'merged'
   */
  readonly ready?: 'merged' | 'opened';
  /**
   * For how long to wait for the merge.
   *
   * @default '0s'
   */
  readonly wait?: string;
}

/** How files get to a branch by a merge request. */
export interface PushMergeRequest extends MergeRequestOptions {
  /** The branch that is merged. It belongs to the stack: it is made anew for each merge request. */
  readonly sourceBranch: string;
}

/** Where a stack's files go, and how they are committed: what a removal needs to know. */
export interface PushTarget {
  /** Version of the format. */
  readonly version: 1;
  /** Address of GitLab, without a slash at its end. */
  readonly url: string;
  /** Full path of the project. */
  readonly project: string;
  /** The branch. */
  readonly branch: string;
  /** Name of the inventory: the stack. */
  readonly inventory: string;
  /**
   * What to do about files that somebody else wrote.
   *
   * @default 'fail'
   */
  readonly onConflict?: OnConflict;
  /**
   * The message of the commit.
   *
   * @default - says what changed
   */
  readonly message?: CommitMessageOptions;
  /**
   * The author of the commit.
   *
   * @default - the owner of the token
   */
  readonly author?: CommitAuthor;
  /**
   * Whether the files come by a merge request, and how.
   *
   * @default - a commit on the branch
   */
  readonly mergeRequest?: PushMergeRequest;
}

/** One file of a {@link PushManifest}. */
export interface PushManifestFile {
  /** Git blob of the content. */
  readonly blob: string;
  /**
   * Whether Git marks the file as executable.
   *
   * @default false
   */
  readonly executable?: boolean;
  /**
   * Whether the file is only created when it is absent.
   *
   * @default 'managed'
   */
  readonly policy?: 'managed' | 'seed';
}

/** What `gitlab-flux push` pushes: written at synth, read at apply. */
export interface PushManifest extends PushTarget {
  /** Directory with the contents, relative to the manifest. */
  readonly tree: string;
  /** The files by path. */
  readonly files: Readonly<Record<string, PushManifestFile>>;
  /** Paths that somebody else writes from now on, and that are not deleted. */
  readonly released?: readonly string[];
  /**
   * Whether the stack is meant to have no files. Without it, no files are a mistake: they would remove what is there.
   *
   * @default false
   */
  readonly empty?: boolean;
}

/**
 * The text of a manifest.
 *
 * @param manifest - the manifest; when it has no files, that is what it is meant to have
 */
export function formatPushManifest(manifest: PushManifest): string {
  const empty = Object.keys(manifest.files).length === 0 ? { empty: true } : {};
  return `${JSON.stringify({ ...manifest, ...empty }, undefined, 2)}\n`;
}

/**
 * The branch from which a stack's merge requests come. It belongs to the stack: a push closes the merge request of this
 * branch when it has nothing to bring.
 *
 * @param target - the branch that they are for, and the stack
 */
export function sourceBranchOf({ branch, inventory }: Pick<PushTarget, 'branch' | 'inventory'>): string {
  return `gitlab-flux/${branch}/${inventory}`;
}

/** The files of a manifest, as a plan takes them. */
export function wantedFiles(manifest: PushManifest): readonly WantedFile[] {
  return Object.entries(manifest.files).map(([path, file]) => ({
    path,
    blob: file.blob,
    executable: file.executable ?? false,
    policy: file.policy ?? 'managed',
  }));
}
