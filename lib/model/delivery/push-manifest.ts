import { ValidationError } from '../validation-error';
import type { CommitMessageOptions } from './commit-message';
import type { OnConflict, WantedFile } from './commit-plan';

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
  /**
   * Labels of the merge request.
   *
   * @default - none
   */
  readonly labels?: readonly string[];
  /**
   * When the files count as delivered.
   *
   * @default 'merged'
   */
  readonly ready?: 'merged' | 'opened';
  /**
   * For how long to wait for the merge, in seconds.
   *
   * @default 0
   */
  readonly wait?: number;
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
  /**
   * Paths that somebody else writes from now on, and that are not deleted.
   *
   * @default - none
   */
  readonly released?: readonly string[];
}

/**
 * The text of a manifest.
 *
 * @param manifest - the manifest
 */
export function formatPushManifest(manifest: PushManifest): string {
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

/**
 * The files of a manifest, as a plan takes them.
 *
 * @param manifest - the manifest
 */
export function wantedFiles(manifest: PushManifest): readonly WantedFile[] {
  return Object.entries(manifest.files).map(([path, file]) => ({
    path,
    blob: file.blob,
    executable: file.executable ?? false,
    policy: file.policy ?? 'managed',
  }));
}

/**
 * Reads the target of a manifest; what else the manifest holds is not looked at.
 *
 * @param text - JSON
 * @param at - where the text comes from, for errors
 * @throws ValidationError when it is not a manifest of this version
 */
export function parsePushTarget(text: string, at: string): PushTarget {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw new ValidationError({ at, got: text, want: 'the JSON of a push manifest' });
  }
  const target = data as Partial<PushTarget> | null;
  if (typeof target !== 'object' || target === null) {
    throw new ValidationError({ at, got: data, want: 'the JSON of a push manifest' });
  }
  if (target.version !== 1) {
    throw new ValidationError({ at, prop: 'version', got: target.version, want: '1; is it of another version?' });
  }
  for (const prop of ['url', 'project', 'branch', 'inventory'] as const) {
    if (typeof target[prop] !== 'string' || target[prop] === '') {
      throw new ValidationError({ at, prop, got: target[prop], want: 'a text' });
    }
  }
  return target as PushTarget;
}

/**
 * Reads a manifest.
 *
 * @param text - what `formatPushManifest` made
 * @param at - where the text comes from, for errors
 * @throws ValidationError when it is not a manifest of this version
 */
export function parsePushManifest(text: string, at: string): PushManifest {
  const manifest = parsePushTarget(text, at) as PushTarget & Partial<Record<'tree' | 'files' | 'released', unknown>>;
  if (typeof manifest.tree !== 'string')
    throw new ValidationError({ at, prop: 'tree', got: manifest.tree, want: 'a directory' });
  if (typeof manifest.files !== 'object' || manifest.files === null) {
    throw new ValidationError({ at, prop: 'files', got: manifest.files, want: 'an object by path' });
  }
  if (manifest.released !== undefined && !Array.isArray(manifest.released)) {
    throw new ValidationError({ at, prop: 'released', got: manifest.released, want: 'a list of paths' });
  }
  for (const [path, file] of Object.entries(manifest.files as Record<string, Partial<PushManifestFile> | null>)) {
    if (typeof file?.blob !== 'string') {
      throw new ValidationError({
        at,
        prop: `files[${JSON.stringify(path)}]`,
        got: file,
        want: 'an object with the blob',
      });
    }
  }
  return manifest as PushManifest;
}
