import { type Cluster } from '../cluster/cluster';
import { type Component } from '../component/component';
import { type FluxTarget, type RepositoryAddress } from '../installation/flux-target';
import { type FileTree } from '../manifest/file-tree';

/** Where the Flux objects of a component lie in the GitOps repository. */
export interface Layout {
  /**
   * The files with a component's Flux objects.
   *
   * @param context - the cluster, where its Flux objects go, and the repository
   */
  render(component: Component, context: LayoutContext): FileTree;
}

/** What a layout needs to know beside the component. */
export interface LayoutContext {
  /** The cluster. */
  readonly cluster: Cluster;
  /** Where its Flux objects go. */
  readonly target: FluxTarget;
  /** The GitOps repository. */
  readonly repository: RepositoryAddress;
}
