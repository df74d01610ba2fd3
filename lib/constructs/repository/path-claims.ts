import { type IConstruct } from 'constructs';

import { type ProjectBranch } from '../../model/manifest/project-branch';
import { ValidationError } from '../../model/validation-error';
import { attached } from '../terraform/attached';
import { targetKey } from './repository-target';

/** The claims on one branch. */
interface BranchClaims {
  readonly files: Map<string, string>;
  readonly directories: Map<string, string>;
}

/**
 * Who writes which path of which project. Each path has one writer in the whole app, also across stacks: two would
 * overwrite each other with every deploy.
 */
export class PathClaims {
  /**
   * The claims of the app that a construct belongs to. They are kept on the app, so that other apps in the same process
   * have their own.
   */
  public static of(scope: IConstruct): PathClaims {
    return attached(scope.node.root, 'PathClaims', () => new PathClaims());
  }

  private readonly branches = new Map<string, BranchClaims>();

  /**
   * Claims paths for a construct.
   *
   * @param claimant - path of the construct that writes them
   * @throws ValidationError when one of them has another writer; it names both
   */
  public claim(target: ProjectBranch, paths: Iterable<string>, claimant: string): void {
    const key = targetKey(target);
    const claims = this.branches.get(key) ?? {
      files: new Map<string, string>(),
      directories: new Map<string, string>(),
    };
    this.branches.set(key, claims);
    for (const path of paths) claimOne(claims, path, claimant, target);
  }
}

function claimOne({ files, directories }: BranchClaims, path: string, claimant: string, target: ProjectBranch): void {
  const refuse = (taken: string, by: string, how: string): never => {
    throw new ValidationError({
      at: claimant,
      prop: 'files',
      got: taken,
      want: `paths of ${target.path} that nobody else writes: ${by} writes ${how}`,
    });
  };
  const writer = files.get(path);
  if (writer !== undefined) refuse(path, writer, 'this one');
  const below = directories.get(path);
  if (below !== undefined) refuse(path, below, 'files below it');
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
    const directory = path.slice(0, end);
    // Whoever made it known has looked at the directories above.
    if (directories.has(directory)) break;
    const file = files.get(directory);
    if (file !== undefined) refuse(path, file, `a file at ${directory}`);
    directories.set(directory, claimant);
  }
  files.set(path, claimant);
}
