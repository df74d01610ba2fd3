import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Lazy, type ITerraformDependable } from 'cdktf';
import type { CommitMessageOptions } from '../../model/delivery/commit-message';
import type { OnConflict } from '../../model/delivery/commit-plan';
import { inventoryPath } from '../../model/delivery/inventory';
import {
  formatPushManifest,
  type CommitAuthor,
  type PushManifestFile,
  type PushTarget,
} from '../../model/delivery/push-manifest';
import { assertLiteral, escapeTerraform } from '../terraform/literal';
import { TerraformData } from '../terraform/terraform-data';
import type {
  DeliveredFile,
  IBoundRepositoryDelivery,
  IRepositoryDelivery,
  RepositoryDeliveryBindProps,
} from './i-repository-delivery';
import { targetSlug } from './repository-target';

/** Options of `RepositoryDelivery.commit()`. */
export interface CommitDeliveryOptions {
  /**
   * What to do about a file whose content on the branch is neither what the stack wrote nor what it wants: `fail` names
   * it and commits nothing.
   *
   * @default 'fail'
   */
  readonly onConflict?: OnConflict;
  /**
   * What `terraform destroy` does: `remove` deletes the stack's files in one commit, `keep` leaves them in Git.
   *
   * @default 'remove'
   */
  readonly onDestroy?: 'remove' | 'keep';
  /**
   * The message of the commits.
   *
   * @default - the stack's name and what changed, then the paths
   */
  readonly message?: CommitMessageOptions;
  /**
   * The author of the commits.
   *
   * @default - the owner of the token
   */
  readonly author?: CommitAuthor;
  /**
   * How `gitlab-flux` is called, from the stack's directory below `cdktf.out`.
   *
   * @default 'npx --no-install gitlab-flux'
   */
  readonly command?: string;
}

/** One atomic commit per stack and deploy. */
export class CommitDelivery implements IRepositoryDelivery {
  /** The way and its options. */
  public readonly description: string;

  /**
   * @param options - conflicts, destroy, message, author
   */
  constructor(private readonly options: CommitDeliveryOptions) {
    this.description = `commit(${JSON.stringify(options)})`;
    assertLiteral(this.description, 'RepositoryDelivery.commit()', 'options');
  }

  /**
   * Paths that the delivery itself writes.
   *
   * @param inventory - name of the stack
   */
  public ownPaths(inventory: string): readonly string[] {
    return [inventoryPath(inventory)];
  }

  /**
   * Starts delivering.
   *
   * @param props - stack and project
   */
  public bind(props: RepositoryDeliveryBindProps): IBoundRepositoryDelivery {
    return new BoundCommitDelivery(props, this.options);
  }
}

class BoundCommitDelivery implements IBoundRepositoryDelivery {
  public readonly dependable: ITerraformDependable;
  private readonly target: PushTarget;
  private readonly manifestName: string;

  constructor(
    private readonly props: RepositoryDeliveryBindProps,
    options: CommitDeliveryOptions,
  ) {
    const { scope, target, inventory, dependsOn } = props;
    const { onConflict, message, author, command = 'npx --no-install gitlab-flux' } = options;
    const { url, path: project, branch } = target;
    this.target = { version: 1, url, project, branch, inventory, onConflict, message, author };
    this.manifestName = `gitops-${targetSlug(target)}.json`;

    const stackInventory = this.stackInventory(options.onDestroy === 'keep' ? undefined : command);
    this.dependable = new TerraformData(scope, 'Commit', {
      // Nothing in it refers to anything, so there is nothing to prepare: looking for tokens is what costs time.
      // Not 'input': Terraform would show all of 'output' in every plan, here it shows the changed paths alone.
      triggersReplace: Lazy.anyValue({ produce: (context) => (context.preparing ? {} : this.triggers()) }),
      provisioners: [
        {
          type: 'local-exec',
          command: escapeTerraform(`${command} push --manifest "${this.manifestName}"`),
          environment: { GITLAB_FLUX_OWNER: stackInventory.interpolationForAttribute('id').toString() },
        },
      ],
      dependsOn: [...dependsOn, stackInventory],
    });
  }

  public synthesize(outdir: string, workingDirectory: string): void {
    const tree = relative(workingDirectory, join(outdir, this.props.treeDirectory)).split('\\').join('/');
    const files = this.sorted().map((file): [string, PushManifestFile] => [file.path, manifestFileOf(file)]);
    const released = this.released();
    const manifest = { ...this.target, tree, files: Object.fromEntries(files), ...released };
    writeFileSync(join(workingDirectory, this.manifestName), formatPushManifest(manifest));
  }

  // What the stack wrote. Its id tells this state from every other one, so it is never replaced. It removes the files when
  // everything that needs them is gone, as the commit depends on it; a provisioner that runs on destroy knows nothing but
  // its own resource, so all it needs is in the state.
  private stackInventory(removal: string | undefined): TerraformData {
    return new TerraformData(this.props.scope, 'Inventory', {
      input: escapeTerraform(JSON.stringify(this.target)),
      provisioners:
        removal === undefined
          ? undefined
          : [
              {
                type: 'local-exec',
                when: 'destroy',
                command: escapeTerraform(`${removal} push --remove`),
                environment: { GITLAB_FLUX_MANIFEST: '${self.input}', GITLAB_FLUX_OWNER: '${self.id}' },
              },
            ],
      dependsOn: [...this.props.dependsOn],
    });
  }

  private triggers(): Record<string, unknown> {
    const { url, project, branch } = this.target;
    const files = this.sorted().map((file) => [escapeTerraform(file.path), triggerOf(file)]);
    return {
      project: `${url}/${project}`,
      branch: escapeTerraform(branch),
      files: Object.fromEntries(files),
      ...this.released(),
    };
  }

  private released(): { readonly released?: readonly string[] } {
    const { released } = this.props;
    return released.length === 0 ? {} : { released: [...released].sort() };
  }

  private sorted(): DeliveredFile[] {
    return [...this.props.files].sort((a, b) => (a.path < b.path ? -1 : 1));
  }
}

function manifestFileOf({ blob, executable, policy }: DeliveredFile): PushManifestFile {
  return {
    blob,
    ...(executable === true ? { executable } : {}),
    ...(policy === 'seed' ? { policy } : {}),
  };
}

// Another content of a seed is no reason to push: the file is left alone.
function triggerOf({ blob, executable, policy }: DeliveredFile): string {
  if (policy === 'seed') return 'seed';
  return executable === true ? `${blob} executable` : blob;
}
