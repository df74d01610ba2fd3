import { type StateDefinition } from '../../definition/fleet-definition';
import { checkGitLabUrl } from '../../layout/project-address';

/**
 * Where Terraform keeps its state.
 *
 * @param input - what the file says
 * @throws ValidationError when the address is none, or holds a credential
 */
export function stateOf(input: StateDefinition): StateDefinition {
  if (input.type === 'gitlab') {
    checkGitLabUrl('state', 'url', input.url);
  }
  return input;
}
