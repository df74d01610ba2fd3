import { type CommitDeliveryOptions, type FilesDeliveryOptions } from '../../model/delivery/delivery-options';
import { CommitDelivery } from './commit-delivery';
import { FilesDelivery } from './files-delivery';
import { type IRepositoryDelivery } from './i-repository-delivery';
import { TreeDelivery } from './tree-delivery';

/**
 * How files get to GitLab. An explicit choice: nothing ever switches from one way to another, as a switch would delete
 * and create again what Flux runs.
 */
export class RepositoryDelivery {
  /** One atomic commit per stack and deploy, made by `gitlab-flux push`. The plan lists the changed paths. */
  public static commit(options: CommitDeliveryOptions = {}): IRepositoryDelivery {
    return new CommitDelivery(options);
  }

  /**
   * One `gitlab_repository_file` per file: pure Terraform, but a commit per file, and a renamed file is gone for a moment.
   * For a handful of files.
   */
  public static files(options: FilesDeliveryOptions = {}): IRepositoryDelivery {
    return new FilesDelivery(options);
  }

  /** Only writes the tree to `cdktf.out/repository`, for something else to deliver. */
  public static tree(): IRepositoryDelivery {
    return new TreeDelivery();
  }
}
