import { Lazy, type ITerraformDependable } from 'cdktf';
import { join, relative } from 'node:path';

import { checkCommitOptions, type CommitDeliveryOptions } from '../../model/delivery/delivery-options';
import { inventoryPath } from '../../model/delivery/inventory';
import {
  formatPushManifest,
  type PushManifestFile,
  type PushTarget,
  sourceBranchOf,
} from '../../model/delivery/push-manifest';
import { writeWholeFile } from '../../model/manifest/whole-file';
import { assertLiteral, escapeAll, expression } from '../terraform/literal';
import { StateMoves } from '../terraform/state-moves';
import { TerraformData } from '../terraform/terraform-data';
import { fileAddress } from './file-address';
import { GitLabConnection } from './gitlab-provider';
import {
  type DeliveredFile,
  type IBoundRepositoryDelivery,
  type IRepositoryDelivery,
  type RepositoryDeliveryBindProps,
} from './i-repository-delivery';
import { targetSlug } from './repository-target';

/** One atomic commit per stack and deploy. */
export class CommitDelivery implements IRepositoryDelivery {
  /** The way and its options. */
  public readonly description: string;

  constructor(private readonly options: CommitDeliveryOptions) {
    this.description = `commit(${JSON.stringify(options)})`;
    assertLiteral(this.description, 'RepositoryDelivery.commit()', 'options');
    checkCommitOptions('RepositoryDelivery.commit()', options);
  }

  /** Paths that the delivery itself writes. */
  public ownPaths(inventory: string): readonly string[] {
    return [inventoryPath(inventory)];
  }

  /** Starts delivering. */
  public bind(props: RepositoryDeliveryBindProps): IBoundRepositoryDelivery {
    return new BoundCommitDelivery(props, this.options);
  }
}

class BoundCommitDelivery implements IBoundRepositoryDelivery {
  public readonly dependable: ITerraformDependable;
  private readonly resources: readonly TerraformData[];
  private readonly target: PushTarget;
  private readonly manifestName: string;

  constructor(
    private readonly props: RepositoryDeliveryBindProps,
    options: CommitDeliveryOptions,
  ) {
    const { scope, target, inventory, dependsOn } = props;
    const { onConflict, message, author, command = 'npx --no-install gitlab-flux' } = options;
    const { url, path: project, branch } = target;
    const sourceBranch = sourceBranchOf({ branch, inventory });
    const mergeRequest = options.mergeRequest && { ...options.mergeRequest, sourceBranch };
    this.target = { version: 1, url, project, branch, inventory, onConflict, message, author, mergeRequest };
    if (options.from === 'files') this.letGoOfFiles();
    this.manifestName = `gitops-${targetSlug(target)}.json`;

    const stackInventory = this.stackInventory(options.onDestroy === 'keep' ? undefined : command);
    const commit = new TerraformData(scope, 'Commit', {
      // Nothing in it refers to anything, so there is nothing to prepare: looking for tokens is what costs time.
      // Not 'input': Terraform would show all of 'output' in every plan, here it shows the changed paths alone.
      triggersReplace: Lazy.anyValue({ produce: (context) => (context.preparing ? {} : this.triggers()) }),
      provisioners: [
        {
          type: 'local-exec',
          command: `${command} push --manifest "${this.manifestName}"`,
          environment: { GITLAB_FLUX_OWNER: stackInventory.interpolationForAttribute('id').toString() },
        },
      ],
      dependsOn: [...dependsOn, stackInventory],
    });
    this.dependable = commit;
    this.resources = [stackInventory, commit];
  }

  public waitFor(what: readonly ITerraformDependable[]): void {
    this.resources.forEach((resource) => resource.waitFor(what));
  }

  public synthesize(outdir: string, workingDirectory: string): void {
    const tree = relative(workingDirectory, join(outdir, this.props.treeDirectory)).split('\\').join('/');
    const files = this.sorted().map((file): [string, PushManifestFile] => [file.path, manifestFileOf(file)]);
    const released = this.released();
    const manifest = { ...this.target, tree, files: Object.fromEntries(files), ...released };
    writeWholeFile(join(workingDirectory, this.manifestName), formatPushManifest(manifest));
  }

  // The resources of files(): Terraform forgets them and leaves their files, for which it still wants their provider.
  private letGoOfFiles(): void {
    const { scope, target, files, disowned } = this.props;
    GitLabConnection.of(scope, target.url);
    const removed = (path: string) => ({ kind: 'removed', address: fileAddress(target, path) }) as const;
    new StateMoves(scope, 'Moves', () => [...files.map(({ path }) => path), ...disowned].map(removed));
  }

  // What the stack wrote. Its id tells this state from every other one, so it is never replaced. It removes the files when
  // everything that needs them is gone, as the commit depends on it; a provisioner that runs on destroy knows nothing but
  // its own resource, so all it needs is in the state.
  private stackInventory(removal: string | undefined): TerraformData {
    return new TerraformData(this.props.scope, 'Inventory', {
      input: JSON.stringify(this.target),
      provisioners:
        removal === undefined
          ? undefined
          : [
              {
                type: 'local-exec',
                when: 'destroy',
                command: `${removal} push --remove`,
                environment: {
                  GITLAB_FLUX_MANIFEST: expression('self.input'),
                  GITLAB_FLUX_OWNER: expression('self.id'),
                },
              },
            ],
      dependsOn: [...this.props.dependsOn],
    });
  }

  private triggers(): Record<string, unknown> {
    const { url, project, branch } = this.target;
    const files = this.sorted().map((file): [string, string] => [file.path, triggerOf(file)]);
    // It is asked for late, and so has not come through the door.
    return escapeAll({
      project: `${url}/${project}`,
      branch,
      files: Object.fromEntries(files),
      ...this.released(),
    });
  }

  private released(): { readonly released?: readonly string[] } {
    const { disowned } = this.props;
    return disowned.length === 0 ? {} : { released: [...disowned].sort() };
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
