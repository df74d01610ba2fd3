import { applyOperator, standsInForValue } from './operators';
import { parseTemplate, type TemplateNode, type VariableNode } from './template';

/** The values of variables, as far as they are known. */
export interface Variables {
  /** Values by name. */
  readonly values: Readonly<Record<string, string>>;
  /**
   * Whether the cluster may have values for other names: then a variable without a value stays as it is.
   *
   * @default false
   */
  readonly mayBeMore?: boolean;
}

/** A text with the values of its variables. */
export interface Substituted {
  /** The text. */
  readonly text: string;
  /** The variables that have no value and would need one, each once. */
  readonly missing: readonly string[];
}

/**
 * Puts the values of variables into a text, as Flux does after a build. Where a variable has no value and needs one, Flux
 * fails in its strict mode, and puts nothing in its place otherwise.
 *
 * @throws SubstitutionError when Flux could not read the text
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution
 */
export function substitute(text: string, variables: Variables): Substituted {
  if (!text.includes('$')) return { text, missing: [] };
  const missing = new Set<string>();
  const valueOf = (node: TemplateNode): string => {
    if (typeof node === 'string') return node;
    if (variables.mayBeMore === true && needsUnknown(node, variables.values)) return node.source;
    const operands = node.operands.map(valueOf);
    const isSet = Object.hasOwn(variables.values, node.name);
    if (!isSet && !standsInForValue(node.operator)) missing.add(node.name);
    return applyOperator(node.operator, isSet ? (variables.values[node.name] ?? '') : '', operands);
  };
  return { text: parseTemplate(text).map(valueOf).join(''), missing: [...missing] };
}

function needsUnknown(node: VariableNode, values: Variables['values']): boolean {
  return (
    !Object.hasOwn(values, node.name) ||
    node.operands.some((operand) => typeof operand !== 'string' && needsUnknown(operand, values))
  );
}
