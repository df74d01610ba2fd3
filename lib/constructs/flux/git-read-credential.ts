import { TerraformStack, Token } from 'cdktf';
import { type Construct } from 'constructs';

import { checkTime } from '../../model/flux/expiry';
import { checkReadAddress } from '../../model/manifest/project-branch';
import { checkRevision } from '../../model/manifest/whole-number';
import { GitLabConnection } from '../repository/gitlab-provider';
import { type IGitLabProject } from '../repository/i-gitlab-project';
import { ProjectDeployToken } from '../terraform/resources';
import { secretVariable } from '../terraform/secret-variable';
import { tokenRevision } from './revision';

/** User name and password with which Flux reads the GitOps repository, as Terraform expressions. */
export interface GitReadCredential {
  /** User name. */
  readonly username: string;
  /** Password. */
  readonly password: string;
  /** A number that grows when the values change: Terraform cannot compare what it must not keep. */
  readonly revision: number;
}

/** Where the credential comes from. */
export interface IGitReadCredentialSource {
  /** The credential for a project. */
  bind(scope: Construct, project: IGitLabProject): GitReadCredential;
}

/** Options of {@link GitReadCredentialSource.variables}. */
export interface GitCredentialVariablesOptions {
  /**
   * Raise it when the values have changed.
   *
   * @default 1
   */
  readonly revision?: number;
}

/** Options of {@link GitReadCredentialSource.deployToken}. */
export interface GitDeployTokenOptions {
  /**
   * Name of the token in GitLab.
   *
   * @default - "Flux" and the name of the stack
   */
  readonly name?: string;
  /**
   * When the token ends, in the form of RFC 3339: `2027-06-30T00:00:00Z`.
   *
   * @default - never
   */
  readonly expiresAt?: string;
}

/** The kinds of {@link IGitReadCredentialSource}. */
export class GitReadCredentialSource {
  /**
   * A deploy token of yours with the scope `read_repository`, in the Terraform variables `git_username` and
   * `git_password`. It is in no state and no plan.
   *
   * @throws ValidationError when the revision is not a whole number from 1
   */
  public static variables(options: GitCredentialVariablesOptions = {}): IGitReadCredentialSource {
    const { revision = 1 } = options;
    checkRevision('git credential', 'revision', revision);
    return {
      bind: (scope) => ({
        username: secretVariable(scope, 'git_username', 'User name with which Flux reads the GitOps repository')
          .stringValue,
        password: secretVariable(scope, 'git_password', 'Password or token with which Flux reads the GitOps repository')
          .stringValue,
        revision,
      }),
    };
  }

  /**
   * A deploy token with the scope `read_repository` that Terraform creates. The state then holds it in clear, so the
   * project with the state must not be the GitOps project.
   *
   * @param options - name and end of the token
   * @throws ValidationError when the end is no time
   */
  public static deployToken(options: GitDeployTokenOptions = {}): IGitReadCredentialSource {
    if (!Token.isUnresolved(options.expiresAt)) checkTime('git credential', 'expiresAt', options.expiresAt);
    return {
      bind: (scope, project) => {
        const token = new ProjectDeployToken(scope, 'DeployToken', {
          provider: GitLabConnection.of(scope, project.url).provider,
          project: project.projectId,
          name: options.name ?? `Flux ${TerraformStack.of(scope).node.id}`,
          scopes: ['read_repository'],
          expiresAt: options.expiresAt,
          // Flux must not be without a token while the old one is replaced.
          lifecycle: { createBeforeDestroy: true },
        });
        return { username: token.username, password: token.token, revision: tokenRevision(token.id) };
      },
    };
  }
}

/**
 * With what Flux reads a project.
 *
 * @param source - where it comes from; Terraform variables when nothing is said
 * @throws ValidationError when the credential would go over the network in clear
 */
export function readCredentialFor(
  scope: Construct,
  project: IGitLabProject,
  source: IGitReadCredentialSource = GitReadCredentialSource.variables(),
): GitReadCredential {
  checkReadAddress(scope.node.path, ['project', 'url'], project.url);
  return source.bind(scope, project);
}
