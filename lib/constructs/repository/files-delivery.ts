import { dependable, Fn, type ITerraformDependable, type TerraformProvider } from 'cdktf';
import { isUtf8 } from 'node:buffer';

import { checkFilesOptions, type FilesDeliveryOptions } from '../../model/delivery/delivery-options';
import { assertLiteral } from '../terraform/literal';
import { RepositoryFile } from '../terraform/resources';
import { type StateMove, StateMoves } from '../terraform/state-moves';
import { TerraformData } from '../terraform/terraform-data';
import { fileAddress, fileResourceName } from './file-address';
import { GitLabConnection } from './gitlab-provider';
import {
  type DeliveredFile,
  type IBoundRepositoryDelivery,
  type IRepositoryDelivery,
  type RepositoryDeliveryBindProps,
} from './i-repository-delivery';

/** One `gitlab_repository_file` per file. */
export class FilesDelivery implements IRepositoryDelivery {
  /** The way and its options. */
  public readonly description: string;

  constructor(private readonly options: FilesDeliveryOptions) {
    this.description = `files(${JSON.stringify(options)})`;
    assertLiteral(this.description, 'RepositoryDelivery.files()', 'options');
    checkFilesOptions('RepositoryDelivery.files()', options);
  }

  /** Paths that the delivery itself writes. */
  public ownPaths(): readonly string[] {
    return [];
  }

  /** Starts delivering. */
  public bind(props: RepositoryDeliveryBindProps): IBoundRepositoryDelivery {
    return new BoundFilesDelivery(props, this.options);
  }
}

class BoundFilesDelivery implements IBoundRepositoryDelivery {
  public readonly dependable: ITerraformDependable;
  private readonly all: TerraformData;
  private readonly resources: RepositoryFile[] = [];
  private readonly before: ITerraformDependable[];
  private readonly provider: TerraformProvider;

  constructor(
    private readonly props: RepositoryDeliveryBindProps,
    private readonly options: FilesDeliveryOptions,
  ) {
    this.provider = GitLabConnection.of(props.scope, props.target.url).provider;
    this.all = new TerraformData(props.scope, 'All', { dependsOn: [] });
    this.dependable = this.all;
    this.before = [...props.dependsOn];
    new StateMoves(props.scope, 'Moves', () => this.moves());
  }

  public add(files: readonly DeliveredFile[]): void {
    for (const file of files) this.addOne(file);
  }

  public waitFor(what: readonly ITerraformDependable[]): void {
    this.before.push(...what);
    const addresses = this.before.map(dependable);
    for (const resource of this.resources) resource.dependsOn = [...addresses];
  }

  // What is not in the state does not matter to Terraform, so what is disowned can always be removed from it. What
  // commit() wrote is there already.
  private moves(): StateMove[] {
    const { target, files, disowned } = this.props;
    const removed = disowned.map((path): StateMove => ({ kind: 'removed', address: fileAddress(target, path) }));
    if (this.options.from !== 'commit') return removed;
    const id = (path: string): string => `${target.path}:${target.branch}:${path}`;
    const taken = files.map(({ path }): StateMove => ({
      kind: 'import',
      address: fileAddress(target, path),
      id: id(path),
    }));
    return [...removed, ...taken];
  }

  private addOne({ path, content, executable, policy, summary }: DeliveredFile): void {
    const { scope, target, projectId } = this.props;
    const { overwriteOnCreate = false, skipCi = false, author, timeout = '10m' } = this.options;
    const seed = policy === 'seed';
    const text = textOf(content);
    const what = summary === undefined ? path : `${path}: ${summary}`;
    const message = (verb: string): string => `${verb} ${what}${skipCi ? ' [skip ci]' : ''}`;
    const argument = text ?? Buffer.from(content).toString('base64');
    const name = fileResourceName(target, path);
    const resource = new RepositoryFile(scope, name, {
      provider: this.provider,
      project: projectId,
      branch: target.branch,
      filePath: path,
      content: summary === undefined ? argument : hidden(content),
      encoding: text === undefined ? 'base64' : 'text',
      executeFilemode: executable,
      overwriteOnCreate: overwriteOnCreate && !seed ? true : undefined,
      createCommitMessage: message('Create'),
      updateCommitMessage: message('Update'),
      deleteCommitMessage: message('Delete'),
      authorName: author?.name,
      authorEmail: author?.email,
      timeouts: { create: timeout, update: timeout, delete: timeout },
      lifecycle: seed ? { ignoreChanges: ['content', 'encoding', 'execute_filemode'] } : undefined,
      dependsOn: this.before.length === 0 ? undefined : [...this.before],
    });
    resource.overrideLogicalId(name);
    this.resources.push(resource);
    // The address as text: a token for each of thousands of files takes longer than all the rest.
    this.all.dependsOn?.push(fileAddress(target, path));
  }
}

function textOf(content: string | Uint8Array): string | undefined {
  if (typeof content === 'string') return content.includes('\0') ? undefined : content;
  return isUtf8(content) && !content.includes(0) ? Buffer.from(content).toString('utf8') : undefined;
}

// Terraform shows "(sensitive value)" for it in a plan, and not thousands of lines; the message of the commit, which the
// plan shows too, says what it is.
function hidden(content: string | Uint8Array): string {
  // CDKTF does not escape backslashes in the arguments of functions.
  const base64 = Buffer.from(content).toString('base64');
  return Fn.sensitive(textOf(content) === undefined ? base64 : Fn.base64decode(base64)) as string;
}
