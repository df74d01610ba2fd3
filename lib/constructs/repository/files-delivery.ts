import { createHash } from 'node:crypto';
import { isUtf8 } from 'node:buffer';
import { RepositoryFile } from '@cdktf/provider-gitlab/lib/repository-file/index.js';
import { Fn, type ITerraformDependable, type TerraformProvider, TerraformStack } from 'cdktf';
import type { CommitAuthor } from '../../model/delivery/push-manifest';
import { assertLiteral, escapeTerraform } from '../terraform/literal';
import { TerraformData } from '../terraform/terraform-data';
import { GitLabConnection } from './gitlab-provider';
import type {
  DeliveredFile,
  IBoundRepositoryDelivery,
  IRepositoryDelivery,
  RepositoryDeliveryBindProps,
} from './i-repository-delivery';
import { targetSlug } from './repository-target';

/** Options of `RepositoryDelivery.files()`. */
export interface FilesDeliveryOptions {
  /**
   * Whether a managed file that exists already is overwritten when Terraform creates it. A seed never is.
   *
   * @default false - Terraform fails and names the file
   */
  readonly overwriteOnCreate?: boolean;
  /**
   * Whether the commits tell GitLab to run no pipeline: each file is a commit.
   *
   * @default false
   */
  readonly skipCi?: boolean;
  /**
   * The author of the commits.
   *
   * @default - the owner of the token
   */
  readonly author?: CommitAuthor;
  /**
   * How long one file may take. The provider writes one file at a time, and the time in its queue counts.
   *
   * @default '10m'
   */
  readonly timeout?: string;
}

/** One `gitlab_repository_file` per file. */
export class FilesDelivery implements IRepositoryDelivery {
  /** The way and its options. */
  public readonly description: string;

  /**
   * @param options - commits and timeouts
   */
  constructor(private readonly options: FilesDeliveryOptions) {
    this.description = `files(${JSON.stringify(options)})`;
    assertLiteral(this.description, 'RepositoryDelivery.files()', 'options');
  }

  /** Paths that the delivery itself writes. */
  public ownPaths(): readonly string[] {
    return [];
  }

  /**
   * Starts delivering.
   *
   * @param props - stack and project
   */
  public bind(props: RepositoryDeliveryBindProps): IBoundRepositoryDelivery {
    return new BoundFilesDelivery(props, this.options);
  }
}

class BoundFilesDelivery implements IBoundRepositoryDelivery {
  public readonly dependable: ITerraformDependable;
  private readonly addresses: string[];
  private readonly provider: TerraformProvider;
  private readonly salt: string;
  private readonly removed: object[] = [];

  constructor(
    private readonly props: RepositoryDeliveryBindProps,
    private readonly options: FilesDeliveryOptions,
  ) {
    this.provider = GitLabConnection.of(props.scope, props.target.url).provider;
    this.salt = targetSlug(props.target);
    const all = new TerraformData(props.scope, 'All', { dependsOn: [] });
    this.dependable = all;
    this.addresses = all.dependsOn ?? [];
  }

  public add(files: readonly DeliveredFile[]): void {
    for (const file of files) this.addOne(file);
  }

  // What is not in the state does not matter to Terraform, so the block can always be there.
  public release(paths: readonly string[]): void {
    for (const path of paths) {
      const from = `${RepositoryFile.tfResourceType}.${resourceName(path, this.salt)}`;
      this.removed.push({ from, lifecycle: { destroy: false } });
    }
    TerraformStack.of(this.props.scope).addOverride('removed', this.removed);
  }

  private addOne({ path, content, executable, policy, summary }: DeliveredFile): void {
    const { scope, target, projectId, dependsOn } = this.props;
    const { overwriteOnCreate = false, skipCi = false, author, timeout = '10m' } = this.options;
    const seed = policy === 'seed';
    const text = textOf(content);
    const what = summary === undefined ? path : `${path}: ${summary}`;
    const message = (verb: string): string => escapeTerraform(`${verb} ${what}${skipCi ? ' [skip ci]' : ''}`);
    const argument = text === undefined ? Buffer.from(content).toString('base64') : escapeTerraform(text);
    const name = resourceName(path, this.salt);
    new RepositoryFile(scope, name, {
      provider: this.provider,
      project: projectId,
      branch: target.branch,
      filePath: escapeTerraform(path),
      content: summary === undefined ? argument : hidden(argument),
      encoding: text === undefined ? 'base64' : 'text',
      executeFilemode: executable,
      overwriteOnCreate: overwriteOnCreate && !seed ? true : undefined,
      createCommitMessage: message('Create'),
      updateCommitMessage: message('Update'),
      deleteCommitMessage: message('Delete'),
      authorName: author?.name,
      authorEmail: author?.email,
      timeouts: { create: timeout, update: timeout, delete: timeout },
      lifecycle: seed ? { ignoreChanges: ['content', 'execute_filemode'] } : undefined,
      dependsOn: dependsOn.length === 0 ? undefined : [...dependsOn],
    }).overrideLogicalId(name);
    // The address as text: a token for each of thousands of files takes longer than all the rest.
    this.addresses.push(`${RepositoryFile.tfResourceType}.${name}`);
  }
}

function textOf(content: string | Uint8Array): string | undefined {
  if (typeof content === 'string') return content.includes('\0') ? undefined : content;
  return isUtf8(content) && !content.includes(0) ? Buffer.from(content).toString('utf8') : undefined;
}

// Terraform shows "(sensitive value)" for it in a plan, and not thousands of lines; the message of the commit, which the
// plan shows too, says what it is.
function hidden(text: string): string {
  return Fn.sensitive(text) as string;
}

// Readable, and the same for a path whatever else the program does. The hash tells apart what reads the same.
function resourceName(path: string, salt: string): string {
  const hash = createHash('sha256').update(`${salt}\0${path}`).digest('hex').slice(0, 12);
  return `${path.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^[^A-Za-z_]+/, '')}-${hash}`.replace(/^-/, 'file-');
}
