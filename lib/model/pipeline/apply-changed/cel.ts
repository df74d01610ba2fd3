/**
 * A value as a literal of CEL, the language of Kubernetes' admission policies. JSON is CEL, but for lists and maps of
 * mixed types, which Kubernetes refuses: each value in them is of no particular type.
 *
 * @param value - text, number, truth value, list or map
 * @see https://github.com/google/cel-spec/blob/master/doc/langdef.md
 */
export function celOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(untyped).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, each]) => each !== undefined);
    return `{${entries.map(([key, each]) => `${JSON.stringify(key)}: ${untyped(each)}`).join(', ')}}`;
  }
  return JSON.stringify(value);
}

function untyped(value: unknown): string {
  return `dyn(${celOf(value)})`;
}
