import { type FileTree } from '../manifest/file-tree';
import { type LayoutContext } from './layout';

/** Something on a cluster, beside Flux and the components, that has files in the GitOps repository. */
export interface ClusterAddition {
  /**
   * Its files. The cluster's stack owns them.
   *
   * @param context - the cluster, where its Flux objects go, and the repository
   * @throws ValidationError when it does not fit the cluster
   */
  files(context: ClusterAdditionContext): FileTree;
  /**
   * What will most likely not work as its users expect.
   *
   * @param context - the cluster, where its Flux objects go, and the repository
   */
  warnings(context: ClusterAdditionContext): readonly { readonly message: string }[];
}

/** What the files of an addition depend on. */
export interface ClusterAdditionContext extends LayoutContext {
  /** Full path of the project with the GitOps repository. */
  readonly projectPath: string;
}
