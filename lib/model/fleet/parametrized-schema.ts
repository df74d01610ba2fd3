/** A JSON Schema. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Name of the definition of `{ parameter: … }`. */
const REFERENCE = 'ParameterReference';
/** What comes before the names of definitions in which references may stand. */
const PREFIX = 'Parametrized';

/**
 * A JSON Schema in which `{ parameter: … }` may stand wherever a single value or a list may, with the definitions that it
 * needs.
 *
 * @param schema - the schema, whose references lead to the definitions
 */
export function parametrizedSchema(
  schema: JsonSchema,
  definitions: Readonly<Record<string, JsonSchema>>,
): { readonly schema: JsonSchema; readonly definitions: Readonly<Record<string, JsonSchema>> } {
  const made: Record<string, JsonSchema> = { [REFERENCE]: PARAMETER_REFERENCE };
  const byReference = ($ref: unknown): JsonSchema | undefined =>
    typeof $ref === 'string' ? definitions[$ref.split('/').pop() ?? ''] : undefined;

  const isSimple = (node: JsonSchema): boolean => {
    const options = [node.anyOf, node.oneOf, node.allOf].flatMap(listOf);
    const target = byReference(node.$ref);
    if (target !== undefined) return isSimple(target);
    if (options.length > 0) return options.some(isSimple);
    return node.const !== undefined || node.enum !== undefined || (node.type !== undefined && node.type !== 'object');
  };

  /** What stands at a place where there may be a reference in its stead. */
  const value = (node: unknown): unknown => {
    if (!isSchema(node)) return node;
    const inner = within(node);
    if (!isSimple(node)) return inner;
    const { title, description, default: byDefault, examples, ...rest } = inner;
    const about = Object.entries({ title, description, default: byDefault, examples });
    return {
      ...Object.fromEntries(about.filter(([, said]) => said !== undefined)),
      anyOf: [rest, { $ref: `#/definitions/${REFERENCE}` }],
    };
  };

  const within = (node: JsonSchema): JsonSchema => {
    const entries = Object.entries(node).map(([key, child]): readonly [string, unknown] => {
      switch (key) {
        case '$ref':
          return [key, `#/definitions/${definitionOf(String(child).split('/').pop() ?? '')}`];
        case 'properties':
          return [key, mapValues(child as JsonSchema, value)];
        case 'additionalProperties':
        case 'items':
          return [key, value(child)];
        case 'anyOf':
        case 'oneOf':
        case 'allOf':
          return [key, listOf(child).map(within)];
        default:
          return [key, child];
      }
    });
    return Object.fromEntries(entries);
  };

  const definitionOf = (name: string): string => {
    const own = `${PREFIX}${name}`;
    const definition = definitions[name];
    if (definition !== undefined && !Object.hasOwn(made, own)) {
      // It may lead to itself.
      made[own] = {};
      made[own] = within(definition);
    }
    return own;
  };

  return { schema: within(schema), definitions: made };
}

const PARAMETER_REFERENCE: JsonSchema = {
  type: 'object',
  properties: { parameter: { type: 'string', description: 'Name of the parameter.' } },
  required: ['parameter'],
  additionalProperties: false,
  title: 'Parameter',
  description: 'The value of a parameter of the class.',
};

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listOf(value: unknown): readonly JsonSchema[] {
  return Array.isArray(value) ? (value as readonly JsonSchema[]) : [];
}

function mapValues(record: JsonSchema, change: (value: unknown) => unknown): JsonSchema {
  return Object.fromEntries(Object.entries(record).map(([key, each]) => [key, change(each)]));
}
