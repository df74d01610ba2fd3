import { checkGitLabUrl } from '../../manifest/project-branch';
import { checkState } from '../definition/fleet-checks';
import { type ProjectDefinition, type StateDefinition } from '../definition/fleet-definition';

/**
 * Where Terraform keeps its state.
 *
 * @param project - the project with the GitOps repository
 * @throws ValidationError when the address is none, or holds a credential
 */
export function stateOf(input: StateDefinition, project: ProjectDefinition): StateDefinition {
  if (input.type === 'gitlab') checkGitLabUrl('state', 'url', input.url);
  checkState(input, project);
  return input;
}
