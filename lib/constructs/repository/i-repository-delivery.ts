import { type ITerraformDependable } from 'cdktf';
import { type Construct } from 'constructs';

import { type RepositoryFile } from '../../model/manifest/file-tree';
import { type ProjectBranch } from '../../model/manifest/project-branch';

/** A file that a delivery brings to GitLab, with what is computed once. */
export interface DeliveredFile extends RepositoryFile {
  /** Git blob of its content. */
  readonly blob: string;
}

/** Where a delivery works: one project in one stack. */
export interface RepositoryDeliveryBindProps {
  /** Where the delivery puts its resources. */
  readonly scope: Construct;
  /** Address, project and branch. */
  readonly target: ProjectBranch;
  /** The project as an argument of provider resources: its path, or its id where this stack creates it. */
  readonly projectId: string;
  /** What must exist before the first file. */
  readonly dependsOn: readonly ITerraformDependable[];
  /** Name of the stack, and of its inventory in Git. */
  readonly inventory: string;
  /** The files written so far. It grows, and is complete when the app is synthesized. */
  readonly files: readonly DeliveredFile[];
  /** Paths that are left to somebody else, even when the stack wrote them before. It grows as `files` does. */
  readonly disowned: readonly string[];
  /** Directory of the tree below the directory that `cdktf synth` writes. */
  readonly treeDirectory: string;
}

/** A delivery at work. */
export interface IBoundRepositoryDelivery {
  /** What others depend on when they need the files. */
  readonly dependable: ITerraformDependable;
  /**
   * Lets all files wait for something. When the stack is destroyed, the files go before it.
   *
   * @param what - resources that do not depend on the files
   */
  waitFor(what: readonly ITerraformDependable[]): void;
  /**
   * Takes more files. Not there when the delivery waits until all are known.
   *
   * @param files - files that are in `RepositoryDeliveryBindProps.files` by now
   */
  add?(files: readonly DeliveredFile[]): void;
  /**
   * Writes what the delivery needs beside the Terraform JSON. Not there when that is nothing.
   *
   * @param outdir - the directory that `cdktf synth` writes
   * @param workingDirectory - the stack's directory below it, where Terraform runs
   */
  synthesize?(outdir: string, workingDirectory: string): void;
}

/** A way to bring files to GitLab. */
export interface IRepositoryDelivery {
  /** The way and its options: equal for two deliveries that do the same. */
  readonly description: string;
  /** Paths that the delivery itself writes beside the files, such as an inventory. */
  ownPaths(inventory: string): readonly string[];
  /** Starts delivering files of one stack to one project. */
  bind(props: RepositoryDeliveryBindProps): IBoundRepositoryDelivery;
}
