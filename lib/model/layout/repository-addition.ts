import { type Cluster } from '../cluster/cluster';
import { type FileTree } from '../manifest/file-tree';

/** Something that clusters share, beside the bases and charts of components, that has files in the GitOps repository. */
export interface RepositoryAddition {
  /**
   * Its files. The stack `repository` owns them.
   *
   * @param context - the clusters and the branch that they follow
   */
  files(context: RepositoryAdditionContext): FileTree;
}

/** What the files of an addition depend on. */
export interface RepositoryAdditionContext {
  /** The clusters. */
  readonly clusters: readonly Cluster[];
  /** Branch that the clusters follow. */
  readonly branch: string;
}
