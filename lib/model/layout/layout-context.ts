import { type Cluster } from '../cluster/cluster';
import { type FluxTarget } from '../installation/flux-target';
import { type ProjectBranch } from '../manifest/project-branch';

/** What a layout needs to know beside the component. */
export interface LayoutContext {
  /** The cluster. */
  readonly cluster: Cluster;
  /** Where its Flux objects go. */
  readonly target: FluxTarget;
  /** The GitOps repository. */
  readonly repository: ProjectBranch;
}
