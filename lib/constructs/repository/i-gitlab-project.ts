import { type ITerraformDependable } from 'cdktf';
import { type Construct, type IConstruct } from 'constructs';

import { type FileTree } from '../../model/manifest/file-tree';
import { type ProjectBranch } from '../../model/manifest/project-branch';

/** Options of {@link IGitLabProject.write}. */
export interface GitLabProjectWriteOptions {
  /** What must exist before the first file of the stack, and outlives them all. */
  readonly after?: readonly ITerraformDependable[];
}

/**
 * A GitLab project whose default use here is to hold the GitOps repository; made by this program or found. What names it is
 * always literal.
 */
export interface IGitLabProject extends IConstruct, ProjectBranch {
  /** Where Git clones from: `https://gitlab.example.com/platform/fleet.git`. Always literal. */
  readonly httpUrl: string;
  /**
   * The project as an argument of provider resources (`project`): its path, or the id of the resource that makes it. In
   * another stack than that resource's use `path`.
   */
  readonly projectId: string;
  /**
   * Writes files to the project.
   *
   * @param files - the files; their content is literal
   * @returns what others depend on when they need the files
   * @throws ValidationError when a path has another writer, or when there is a token in a file
   */
  write(scope: Construct, files: FileTree, options?: GitLabProjectWriteOptions): ITerraformDependable;
  /** A text that is another one whenever a deploy brings other files. Terraform knows it at plan time. */
  revision(scope: Construct): string;
  /**
   * Leaves paths to somebody who is not this program: what the stack wrote there before stays in Git.
   *
   * @throws ValidationError when a path has a writer in this program
   */
  disown(scope: Construct, paths: readonly string[]): void;
}
