import { type CommitAction as GitLabAction } from '@gitbeaker/rest';

import { type BranchFile } from '../model/delivery/commit-plan';
import { inventoryPath, parseInventory, type Inventory } from '../model/delivery/inventory';
import { type PushTarget } from '../model/delivery/push-manifest';
import { checkAnswer, checkList } from './answer';
import { COMMIT_SHAPE, commitOf, type Commit } from './commit';
import { type GitLabClient } from './gitlab-client';
import { unless404 } from './gitlab-error';
import { listingsOf, type Listing } from './listing';

/** A branch at one moment, as far as a stack is concerned. */
export interface BranchState {
  /**
   * Commit that was read.
   *
   * @default - the project has no commits
   */
  readonly head?: string;
  /**
   * Branch from which the branch must be made.
   *
   * @default - the branch exists
   */
  readonly startBranch?: string;
  /** What the stack wrote before. */
  readonly inventory: Inventory;
  /**
   * Commit that changed the inventory last, which makes the next change a compare-and-swap.
   *
   * @default - there is no inventory
   */
  readonly inventoryCommit?: string;
  /**
   * The last commit that wrote, changed or deleted the inventory.
   *
   * @default - there never was one
   */
  readonly lastChange?: Commit;
  /** The files that were looked for, and others near them. */
  readonly files: ReadonlyMap<string, BranchFile>;
}

/** Where a branch starts, when a commit is not made on what it holds. */
export interface CommitStart {
  /**
   * The commit that it starts from; a branch that is there loses what it holds.
   *
   * @default - where the branch is
   */
  readonly commit?: string;
  /**
   * The branch that it starts from; it is not there yet.
   *
   * @default - the branch is there
   */
  readonly branch?: string;
}

const pageSize = 100;
const atOnce = 6;

/** A branch of a project on GitLab. */
export class GitLabBranch {
  /** @param target - the project, the branch and the stack */
  constructor(
    private readonly target: PushTarget,
    private readonly gitlab: GitLabClient,
  ) {}

  /**
   * Reads what a commit is planned from. All of it is read at one commit.
   *
   * @param wanted - the paths that the stack wants
   * @throws GitLabError when GitLab cannot be read
   * @throws ValidationError when the inventory is broken
   */
  public async read(wanted: Iterable<string>): Promise<BranchState> {
    const { inventory: name } = this.target;
    const { head, startBranch } = await this.head();
    if (head === undefined) return { inventory: { name, files: new Map() }, files: new Map() };
    const path = inventoryPath(name);
    const [file, lastChange] = await Promise.all([this.file(path, head), this.lastChange(path, head)]);
    const inventory =
      file === undefined
        ? { name, files: new Map() }
        : parseInventory(Buffer.from(file.content, 'base64').toString('utf8'), name);
    const files = await this.files(new Set([...wanted, ...inventory.files.keys()]), head);
    if (file !== undefined) files.set(path, { blob: file.blob_id, executable: false });
    return { head, startBranch, inventory, inventoryCommit: file?.last_commit_id, lastChange, files };
  }

  /**
   * The texts of files; one that is not there is left out.
   *
   * @throws GitLabError when GitLab cannot be read
   */
  public async texts(paths: Iterable<string>, commit: string): Promise<ReadonlyMap<string, string>> {
    const texts = new Map<string, string>();
    await each([...paths], async (path) => {
      const file = await this.file(path, commit);
      if (file !== undefined) texts.set(path, Buffer.from(file.content, 'base64').toString('utf8'));
    });
    return texts;
  }

  /**
   * The paths of the files below directories.
   *
   * @param directories - the directories; one that is not there has none
   * @throws GitLabError when GitLab cannot be read
   */
  public async pathsBelow(directories: readonly string[], commit: string): Promise<readonly string[]> {
    const paths: string[] = [];
    await each(directories, async (directory) => {
      const entries = await this.list(directory, commit, true);
      for (const { type, path } of entries) if (type === 'blob') paths.push(path);
    });
    return paths;
  }

  /**
   * Makes one commit.
   *
   * @param start - where the branch starts; by default it is there and goes on
   * @returns the commit
   * @throws GitLabError when GitLab does not take it
   */
  public async commit(message: string, actions: GitLabAction[], start: CommitStart = {}): Promise<string> {
    const { project, branch, author } = this.target;
    const commit = await this.gitlab.Commits.create(project, branch, message, actions, {
      authorName: author?.name,
      authorEmail: author?.email,
      startBranch: start.branch,
      startSha: start.commit,
      force: start.commit === undefined ? undefined : true,
      stats: false,
    });
    checkAnswer('a commit', commit, { id: 'digest' });
    return commit.id;
  }

  private async head(): Promise<{ head?: string; startBranch?: string }> {
    const { project, branch } = this.target;
    const head = await unless404(this.headOf(branch));
    if (head !== undefined) return { head };
    const found = await this.gitlab.Projects.show(project);
    checkAnswer('a project', found, { id: 'number' });
    const { default_branch: start, empty_repo: empty } = found;
    if (empty || typeof start !== 'string' || start === '' || start === branch) return {};
    return { head: await this.headOf(start), startBranch: start };
  }

  private async headOf(branch: string): Promise<string> {
    const found = await this.gitlab.Branches.show(this.target.project, branch);
    checkAnswer('a branch', found, { commit: { id: 'digest' } });
    return found.commit.id;
  }

  private async file(path: string, commit: string) {
    const file = await unless404(this.gitlab.RepositoryFiles.show(this.target.project, path, commit));
    if (file !== undefined) {
      checkAnswer('a file', file, { content: 'text', blob_id: 'digest', last_commit_id: 'digest' });
    }

    return file;
  }

  private async lastChange(path: string, commit: string): Promise<Commit | undefined> {
    const options = { refName: commit, path, perPage: 1, maxPages: 1 };
    const commits = await this.gitlab.Commits.all(this.target.project, options);
    checkList('a list of commits', commits, COMMIT_SHAPE);
    return commits.slice(0, 1).map(commitOf)[0];
  }

  private async files(paths: ReadonlySet<string>, commit: string): Promise<Map<string, BranchFile>> {
    const files = new Map<string, BranchFile>();
    const missing: string[] = [];
    await each(listingsOf(paths), async (listing) => {
      const entries = await this.list(listing.directory, commit, listing.recursive, pagesFor(listing));
      for (const { path, type, id, mode } of entries) {
        if (type !== 'tree') files.set(path, { blob: id, executable: mode === '100755' });
      }

      // The listing was given up: what was not seen may still be there.
      if (entries.length < pagesFor(listing) * pageSize) return;
      for (const path of listing.paths) if (!files.has(path)) missing.push(path);
    });
    await each(missing, async (path) => {
      const file = await this.file(path, commit);
      if (file !== undefined) files.set(path, { blob: file.blob_id, executable: file['execute_filemode'] === true });
    });
    return files;
  }

  private async list(directory: string, commit: string, recursive: boolean, maxPages?: number) {
    const listing = this.gitlab.Repositories.allRepositoryTrees(this.target.project, {
      ref: commit,
      path: directory === '' ? undefined : directory,
      recursive,
      pagination: 'keyset',
      perPage: pageSize,
      maxPages,
    });
    const entries = (await unless404(listing)) ?? [];
    checkList('a list of files', entries, { path: 'text', type: 'text', id: 'digest', mode: 'text' });
    return entries;
  }
}

// With more pages than files are looked for, asking for the files is cheaper.
function pagesFor({ paths }: Listing): number {
  return paths.length;
}

async function each<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  const worker = async (): Promise<void> => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
