import { TerraformStack, TerraformVariable } from 'cdktf';
import { type IConstruct } from 'constructs';

import { ValidationError } from '../../model/validation-error';
import { escapeAll, expression } from './literal';

/** Options of {@link secretVariable}. */
export interface SecretVariableOptions {
  /**
   * Whether no plan and no state may hold the value. Arguments that are not write-only take no such value.
   *
   * @default true
   */
  readonly ephemeral?: boolean;
  /**
   * How many characters the value has at least.
   *
   * @default 0
   */
  readonly minimumLength?: number;
}

/**
 * A Terraform variable whose value is in no plan and no state: ephemeral and sensitive. Constructs of one stack that ask
 * for the same name share it.
 *
 * @param name - name of the variable: the environment variable `TF_VAR_<name>` gives the value
 * @param options - what Terraform may do with it
 * @throws ValidationError when the stack has something else of that name
 * @see https://developer.hashicorp.com/terraform/language/values/variables#exclude-values-from-state
 */
export function secretVariable(
  scope: IConstruct,
  name: string,
  description: string,
  options: SecretVariableOptions = {},
): TerraformVariable {
  const { ephemeral = true, minimumLength = 0 } = options;
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
  const variable = new TerraformVariable(stack, name, escapeAll({ type: 'string', description, sensitive: true }));
  if (ephemeral) variable.addOverride('ephemeral', true);
  if (minimumLength > 0) {
    variable.addValidation({
      condition: expression(`length(var.${name}) >= ${minimumLength}`),
      errorMessage: `Want at least ${minimumLength} characters.`,
    });
  }
  return variable;
}
