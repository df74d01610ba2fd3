import { type ProjectConfig } from '@cdktf/provider-gitlab/lib/project/index.js';
import { TerraformStack, Token, type ITerraformDependable, type TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';

import { checkCertificateAuthority } from '../../model/manifest/certificate-authority';
import { type FileTree } from '../../model/manifest/file-tree';
import { cloneUrl, type ProjectBranch } from '../../model/manifest/project-branch';
import { BranchProtection, DataGitlabGroup, Project } from '../terraform/resources';
import { GitLabConnection } from './gitlab-provider';
import { type GitLabProjectWriteOptions, type IGitLabProject } from './i-gitlab-project';
import { type IRepositoryDelivery } from './i-repository-delivery';
import { RepositoryDelivery } from './repository-delivery';
import { RepositoryFiles } from './repository-files';
import { checkTarget } from './repository-target';

/** What names a project on GitLab. */
export interface GitLabProjectAttributes extends Omit<ProjectBranch, 'branch'> {
  /**
   * The branch that files are written to.
   *
   * @default 'main'
   */
  readonly branch?: string;
  /**
   * How files get there.
   *
   * @default RepositoryDelivery.commit()
   */
  readonly delivery?: IRepositoryDelivery;
}

/** Who may change the branch: a role of GitLab. */
export type GitLabAccessLevel = 'no one' | 'developer' | 'maintainer';

/** Rules for the branch that files are written to. */
export interface GitLabBranchRules {
  /**
   * Who may push, and so deliver files.
   *
   * @default 'maintainer'
   */
  readonly push?: GitLabAccessLevel;
  /**
   * Who may merge.
   *
   * @default 'maintainer'
   */
  readonly merge?: GitLabAccessLevel;
  /**
   * Whether history may be rewritten.
   *
   * @default false
   */
  readonly allowForcePush?: boolean;
}

/** A project that this program makes. */
export interface GitLabProjectProps extends GitLabProjectAttributes {
  /**
   * Id of the group or user that the project belongs to.
   *
   * @default - looked up: the group that the path names
   */
  readonly namespaceId?: number;
  /**
   * Who sees the project.
   *
   * @default 'private'
   */
  readonly visibility?: 'private' | 'internal' | 'public';
  /** What the project is for. */
  readonly description?: string;
  /**
   * Rules for the branch.
   *
   * @default - maintainers push and merge, nobody rewrites history
   */
  readonly branchRules?: GitLabBranchRules;
  /**
   * Whether Terraform refuses to destroy the project: Flux would lose what it runs.
   *
   * @default true
   */
  readonly preventDestroy?: boolean;
  /**
   * Any other setting of `gitlab_project`.
   *
   * @default - those of GitLab
   */
  readonly settings?: Partial<Omit<ProjectConfig, 'name' | 'path' | 'namespaceId' | 'defaultBranch'>>;
  /**
   * The provider.
   *
   * @default - the stack's provider for the address, which takes GITLAB_TOKEN from the environment
   */
  readonly provider?: TerraformProvider;
}

abstract class GitLabProjectBase extends Construct implements IGitLabProject {
  public readonly path: string;
  public readonly url: string;
  public readonly branch: string;
  public readonly httpUrl: string;
  public readonly certificateAuthority: string | undefined;
  public abstract readonly projectId: string;
  /** What makes the project ready for files, in the project's own stack. */
  protected readonly ready: ITerraformDependable[] = [];
  private readonly delivery: IRepositoryDelivery;

  constructor(scope: Construct, id: string, props: GitLabProjectAttributes) {
    super(scope, id);
    this.path = props.path;
    this.url = props.url.replace(/\/+$/, '');
    this.branch = props.branch ?? 'main';
    this.delivery = props.delivery ?? RepositoryDelivery.commit();
    this.certificateAuthority = props.certificateAuthority;
    checkTarget(this, this.node.path);
    checkCertificateAuthority(this.node.path, props.certificateAuthority);
    this.httpUrl = cloneUrl(this);
  }

  public write(scope: Construct, files: FileTree, options: GitLabProjectWriteOptions = {}): ITerraformDependable {
    return this.filesOf(scope).write(scope, files, options.after);
  }

  public revision(scope: Construct): string {
    return this.filesOf(scope).revision;
  }

  public disown(scope: Construct, paths: readonly string[]): void {
    this.filesOf(scope).disown(scope, paths);
  }

  private filesOf(scope: Construct): RepositoryFiles {
    const { url, path, branch } = this;
    // Another stack must not refer to this one: it could not be deployed without it.
    const here = TerraformStack.of(scope) === TerraformStack.of(this);
    return RepositoryFiles.of(scope, {
      target: { url, path, branch },
      delivery: this.delivery,
      projectId: here ? this.projectId : path,
      dependsOn: here ? this.ready : [],
    });
  }
}

/** The GitLab project that holds the GitOps repository, with its protected branch. */
export class GitLabProject extends GitLabProjectBase {
  /**
   * A project that exists. It needs no provider: with the delivery `commit()` a stack then has none for GitLab.
   *
   * @throws ValidationError when one of them is not literal or cannot be one of GitLab
   */
  public static fromPath(scope: Construct, id: string, attributes: GitLabProjectAttributes): IGitLabProject {
    return new FoundGitLabProject(scope, id, attributes);
  }

  /** Id of the project. In another stack use `path`. */
  public readonly projectId: string;

  /**
   * @param props - path, address, branch, delivery and settings
   * @throws ValidationError when path, address or branch is not literal or cannot be one of GitLab
   */
  constructor(scope: Construct, id: string, props: GitLabProjectProps) {
    super(scope, id, props);
    const provider = props.provider ?? GitLabConnection.of(this, this.url).provider;
    const { preventDestroy = true, branchRules: rules = {} } = props;
    const name = this.path.slice(this.path.lastIndexOf('/') + 1);
    const project = new Project(this, 'Resource', {
      provider,
      description: props.description,
      visibilityLevel: props.visibility ?? 'private',
      // Without a first commit there is no branch to protect.
      initializeWithReadme: true,
      lifecycle: preventDestroy ? { preventDestroy } : undefined,
      ...props.settings,
      name,
      path: name,
      namespaceId: props.namespaceId ?? this.groupId(provider),
      defaultBranch: this.branch,
    });
    this.projectId = project.id;
    const protection = new BranchProtection(this, 'Protection', {
      provider,
      project: project.id,
      branch: this.branch,
      pushAccessLevel: rules.push ?? 'maintainer',
      mergeAccessLevel: rules.merge ?? 'maintainer',
      allowForcePush: rules.allowForcePush ?? false,
    });
    this.ready.push(project, protection);
  }

  private groupId(provider: TerraformProvider): number {
    const fullPath = this.path.slice(0, this.path.lastIndexOf('/'));
    return Token.asNumber(new DataGitlabGroup(this, 'Group', { provider, fullPath }).id);
  }
}

class FoundGitLabProject extends GitLabProjectBase {
  public readonly projectId = this.path;
}
