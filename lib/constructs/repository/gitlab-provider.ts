import { TerraformProvider, TerraformStack } from 'cdktf';
import { type Construct } from 'constructs';

import { GitlabProvider } from '../terraform/resources';

/**
 * The `gitlab` provider of a stack for one GitLab. It holds no token: the provider takes `GITLAB_TOKEN` from the
 * environment.
 */
export class GitLabConnection {
  /**
   * The connection of a stack to a GitLab, made when there is none. A provider that the stack already has at its top
   * for that GitLab is used.
   *
   * @param url - address of GitLab, without a slash at its end
   */
  public static of(scope: Construct, url: string): GitLabConnection {
    const stack = TerraformStack.of(scope);
    const baseUrl = apiUrl(url);
    const providers = stack.node.children.filter(isGitlabProvider);
    const existing = providers.find((provider) => provider.baseUrlInput === baseUrl);
    if (existing !== undefined) return new GitLabConnection(existing);
    // The first is the default one; the others need a name.
    const alias = providers.some((provider) => provider.alias === undefined) ? aliasOf(url) : undefined;
    const id = alias === undefined ? 'GitLab' : `GitLab-${alias}`;
    return new GitLabConnection(new GitlabProvider(stack, id, { baseUrl, alias }));
  }

  private constructor(
    /** The provider, for resources of the stack. */
    public readonly provider: TerraformProvider,
  ) {}
}

// The provider refuses an address that does not end with a slash.
function apiUrl(url: string): string {
  return `${url}/api/v4/`;
}

function aliasOf(url: string): string {
  return url.replace(/^https?:\/\//, '').replace(/[^A-Za-z0-9]+/g, '-');
}

function isGitlabProvider(construct: unknown): construct is GitlabProvider {
  return (
    TerraformProvider.isTerraformProvider(construct) &&
    construct.terraformResourceType === GitlabProvider.tfResourceType
  );
}
