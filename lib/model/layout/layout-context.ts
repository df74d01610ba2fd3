import { type Cluster } from '../cluster/cluster';
import { type FluxTarget, type RepositoryAddress } from '../installation/flux-target';

/** What a layout needs to know beside the component. */
export interface LayoutContext {
  /** The cluster. */
  readonly cluster: Cluster;
  /** Where its Flux objects go. */
  readonly target: FluxTarget;
  /** The GitOps repository. */
  readonly repository: RepositoryAddress;
}
