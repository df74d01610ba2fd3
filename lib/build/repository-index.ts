import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { type StackFiles } from '../model/fleet/definition/fleet-definition';
import { readDirectory } from '../model/manifest/directory';
import { FileTree, type RepositoryFile } from '../model/manifest/file-tree';
import { filesBelow } from '../model/manifest/files-below';
import { artifactOf } from './source-ignore';

/** The files of the repository as Flux gets them, by their directories. */
export class RepositoryIndex {
  private readonly byDirectory = new Map<string, RepositoryFile[]>();
  private readonly byPath = new Map<string, RepositoryFile>();
  private readonly omittedByPath: ReadonlyMap<string, string>;
  private readonly relocated = new Map<string, readonly RepositoryFile[]>();

  /**
   * @param stacks - the files that would be written
   * @param beside - a clone of the repository, for what others write into it; undefined for none
   */
  constructor(
    stacks: readonly StackFiles[],
    private readonly beside: string | undefined,
  ) {
    const written = FileTree.merge(stacks.map(({ files }) => files));
    const ignore = beside === undefined ? undefined : textAt(join(beside, '.sourceignore'));
    const isOurs = written.get('.sourceignore') !== undefined;
    const { files, omitted } = artifactOf(written, isOurs ? undefined : ignore);
    this.omittedByPath = new Map(omitted.map(({ path, pattern }) => [path, pattern]));
    [...files].forEach((file) => this.add(file));
  }

  /**
   * The files below a directory, with paths from there.
   *
   * @param below - where they lie then; by default directly at the root
   */
  public filesIn(directory: string, below = ''): readonly RepositoryFile[] {
    const key = `${directory}\u0000${below}`;
    const known = this.relocated.get(key);
    if (known !== undefined) return known;
    const prefix = below === '' ? '' : `${below}/`;
    const files = (this.byDirectory.get(directory) ?? []).map((file) => ({
      ...file,
      path: prefix + file.path.slice(directory.length + 1),
    }));
    this.relocated.set(key, files);
    return files;
  }

  /** The files below a directory of the clone, with paths from there; none when there is no clone, or no file. */
  public filesBeside(directory: string): FileTree {
    const path = this.beside === undefined ? undefined : join(this.beside, directory);
    return path === undefined || !hasFiles(path) ? FileTree.EMPTY : readDirectory('repository', directory, path);
  }

  /**
   * Whether the clone holds the same files below a directory, or the same file.
   *
   * @param isTheirs - whether a file is somebody else's to write
   */
  public isAsBeside(directory: string, isTheirs: (path: string) => boolean = () => false): boolean {
    if (this.beside === undefined) return false;
    const file = this.byPath.get(directory);
    if (file !== undefined) return textAt(join(this.beside, directory)) === file.content;
    const before = [...this.filesBeside(directory)].filter(({ path }) => !isTheirs(path));
    const now = this.filesIn(directory).filter(({ path }) => !isTheirs(path));
    const byPath = new Map(before.map(({ path, content }) => [path, content]));
    return (
      before.length === now.length &&
      now.every(({ path, content }) => Buffer.from(content).equals(Buffer.from(byPath.get(path) ?? '')))
    );
  }

  /** A file; undefined when Flux does not get it. */
  public file(path: string): RepositoryFile | undefined {
    return this.byPath.get(path);
  }

  /** The pattern for which Flux leaves a file out; undefined when it does not. */
  public omits(path: string): string | undefined {
    return this.omittedByPath.get(path);
  }

  private add(file: RepositoryFile): void {
    this.byPath.set(file.path, file);
    for (let end = file.path.indexOf('/'); end !== -1; end = file.path.indexOf('/', end + 1)) {
      const directory = file.path.slice(0, end);
      const files = this.byDirectory.get(directory) ?? [];
      files.push(file);
      this.byDirectory.set(directory, files);
    }
  }
}

function textAt(path: string): string | undefined {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true ? readFileSync(path, 'utf8') : undefined;
}

function hasFiles(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true && filesBelow(path).length > 0;
}
