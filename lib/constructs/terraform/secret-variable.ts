import { TerraformStack, TerraformVariable } from 'cdktf';
import { type IConstruct } from 'constructs';

import { ValidationError } from '../../model/validation-error';

/**
 * A Terraform variable whose value is in no plan and no state: ephemeral and sensitive. Constructs of one stack that ask
 * for the same name share it.
 *
 * @param scope - any construct of the stack
 * @param name - name of the variable: the environment variable `TF_VAR_<name>` gives the value
 * @param description - what the value is
 * @throws ValidationError when the stack has something else of that name
 * @see https://developer.hashicorp.com/terraform/language/values/variables#exclude-values-from-state
 */
export function secretVariable(scope: IConstruct, name: string, description: string): TerraformVariable {
  // Only a variable that stands directly in its stack is called by its id.
  const stack = TerraformStack.of(scope);
  const existing = stack.node.tryFindChild(name);
  if (existing !== undefined) {
    if (!('stringValue' in existing)) {
      throw new ValidationError({
        at: stack.node.path,
        prop: name,
        want: 'a Terraform variable of this name, or nothing',
      });
    }
    return existing as TerraformVariable;
  }
  const variable = new TerraformVariable(stack, name, { type: 'string', description, sensitive: true });
  variable.addOverride('ephemeral', true);
  return variable;
}
