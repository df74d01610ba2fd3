import { TerraformStack, Token } from 'cdktf';
import { type Construct } from 'constructs';

import { checkDay } from '../../model/flux/expiry';
import { checkRevision } from '../../model/manifest/whole-number';
import { GitLabConnection } from '../repository/gitlab-provider';
import { type IGitLabProject } from '../repository/i-gitlab-project';
import { ProjectAccessToken } from '../terraform/resources';
import { secretVariable } from '../terraform/secret-variable';
import { tokenRevision } from './revision';

/** The token that `flux bootstrap` pushes with, as a Terraform expression. */
export interface BootstrapTokenValue {
  /** The token. */
  readonly token: string;
  /** A number that grows when the token changes. */
  readonly revision: number;
}

/** Where the token comes from. */
export interface IBootstrapToken {
  /** The token for a project. */
  bind(scope: Construct, project: IGitLabProject): BootstrapTokenValue;
}

/** Options of {@link BootstrapToken.variable}. */
export interface BootstrapTokenVariableOptions {
  /**
   * Raise it when the token has changed.
   *
   * @default 1
   */
  readonly revision?: number;
}

/** Options of {@link BootstrapToken.projectAccessToken}. */
export interface ProjectAccessTokenOptions {
  /** The day the token ends: `2027-06-30`. GitLab allows a year at most. */
  readonly expiresAt: string;
}

/** The kinds of {@link IBootstrapToken}. Only the bootstrap Job reads the token. */
export class BootstrapToken {
  /**
   * A token of yours with the scope `api` and the role Maintainer, in the Terraform variable `gitlab_bootstrap_token`.
   * It is in no state and no plan.
   *
   * @throws ValidationError when the revision is not a whole number from 1
   */
  public static variable(options: BootstrapTokenVariableOptions = {}): IBootstrapToken {
    const { revision = 1 } = options;
    checkRevision('bootstrap token', 'revision', revision);
    const description = 'GitLab token with which flux bootstrap pushes (scope api, role Maintainer)';
    return {
      bind: (scope) => ({ token: secretVariable(scope, 'gitlab_bootstrap_token', description).stringValue, revision }),
    };
  }

  /**
   * A project access token that Terraform creates. The state then holds it in clear. Terraform needs a token of a person
   * or a service account for it, and GitLab.com a paid plan.
   *
   * @throws ValidationError when that is no day
   */
  public static projectAccessToken(options: ProjectAccessTokenOptions): IBootstrapToken {
    if (!Token.isUnresolved(options.expiresAt)) checkDay('bootstrap token', 'expiresAt', options.expiresAt);
    return {
      bind: (scope, project) => {
        const token = new ProjectAccessToken(scope, 'ProjectAccessToken', {
          provider: GitLabConnection.of(scope, project.url).provider,
          project: project.projectId,
          name: `flux bootstrap ${TerraformStack.of(scope).node.id}`,
          scopes: ['api', 'write_repository'],
          accessLevel: 'maintainer',
          expiresAt: options.expiresAt,
          lifecycle: { createBeforeDestroy: true },
        });
        return { token: token.token, revision: tokenRevision(token.id) };
      },
    };
  }
}
