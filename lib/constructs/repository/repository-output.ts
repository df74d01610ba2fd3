import { type ISynthesisSession } from 'cdktf';
import { type IConstruct } from 'constructs';
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { type RepositoryFile } from '../../model/manifest/file-tree';
import { writeWholeFile } from '../../model/manifest/whole-file';
import { ValidationError } from '../../model/validation-error';
import { attached } from '../terraform/attached';

/**
 * The trees below `cdktf.out/repository`. A synth replaces all of them, so that what was removed from the program does
 * not stay behind.
 */
export class RepositoryOutput {
  /** The trees of the app that a construct belongs to. */
  public static of(scope: IConstruct): RepositoryOutput {
    return attached(scope.node.root, 'RepositoryOutput', () => new RepositoryOutput());
  }

  private session?: ISynthesisSession;
  private readonly owners = new Map<string, string>();
  private readonly directories = new Set<string>();

  /**
   * Writes files of a tree.
   *
   * @param directory - the tree's directory below the session's
   * @throws ValidationError when the directory already holds the tree of somebody else
   */
  public write(session: ISynthesisSession, directory: string, files: Iterable<RepositoryFile>, owner: string): void {
    this.begin(session);
    const other = this.owners.get(directory) ?? owner;
    if (other !== owner) {
      throw new ValidationError({
        at: owner,
        prop: 'path',
        got: directory,
        want: `another directory than ${other} has`,
      });
    }
    this.owners.set(directory, owner);
    for (const { path, content, executable } of files) {
      const file = join(session.outdir, directory, path);
      this.ensureDirectory(dirname(file));
      writeWholeFile(file, content, executable === true ? 0o755 : 0o644);
    }
  }

  private begin(session: ISynthesisSession): void {
    if (this.session === session) return;
    this.session = session;
    this.owners.clear();
    this.directories.clear();
    rmSync(join(session.outdir, 'repository'), { recursive: true, force: true });
  }

  private ensureDirectory(directory: string): void {
    if (this.directories.has(directory)) return;
    mkdirSync(directory, { recursive: true });
    this.directories.add(directory);
  }
}
