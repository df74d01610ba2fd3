import { TerraformData } from '../terraform/terraform-data';
import {
  type IBoundRepositoryDelivery,
  type IRepositoryDelivery,
  type RepositoryDeliveryBindProps,
} from './i-repository-delivery';

/** Only the tree below `cdktf.out/repository`: something else brings it to GitLab. */
export class TreeDelivery implements IRepositoryDelivery {
  /** The way. */
  public readonly description = 'tree()';

  /** Paths that the delivery itself writes. */
  public ownPaths(): readonly string[] {
    return [];
  }

  /** Starts delivering. */
  public bind({ scope, dependsOn }: RepositoryDeliveryBindProps): IBoundRepositoryDelivery {
    // Holds nothing and does nothing: it is what others depend on, whatever the delivery is.
    const tree = new TerraformData(scope, 'Tree', { dependsOn: [...dependsOn] });
    return { dependable: tree, waitFor: (what) => tree.waitFor(what) };
  }
}
