import { type JsonSchema } from '../parametrized-schema';
import { type ClusterClassInput, type ParameterInput } from '../schema/cluster-class';

/**
 * The JSON Schema (draft 7) of what a cluster of a class says under `parameters`: for forms, inputs of pipelines and
 * portals.
 *
 * @param definition - a class, as `FleetFile.classes` has it
 */
export function parametersSchema({ title, description, parameters = {} }: ClusterClassInput): JsonSchema {
  const names = Object.keys(parameters);
  const conditions = names.flatMap((name) => conditionOf(parameters, name));
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    properties: Object.fromEntries(names.map((name) => [name, keywordsOf(parameters[name])])),
    required: names.filter((name) => isRequired(parameters[name]) && parameters[name]?.when === undefined),
    additionalProperties: false,
    ...(conditions.length > 0 && { allOf: conditions }),
  };
}

function keywordsOf(parameter: ParameterInput | undefined): JsonSchema {
  const { when: _, ...keywords } = parameter ?? {};
  return keywords;
}

function isRequired(parameter: ParameterInput | undefined): boolean {
  return parameter?.default === undefined;
}

/** Where another parameter has another value, this one has none. */
function conditionOf(parameters: Readonly<Record<string, ParameterInput>>, name: string): readonly JsonSchema[] {
  const conditions = Object.entries(parameters[name]?.when ?? {}).map(([other, wanted]) => {
    const values = [wanted].flat();
    const byDefault = parameters[other]?.default;
    // Who does not say it has the default.
    const isSaid = byDefault === undefined || !values.includes(byDefault);
    return { properties: { [other]: { enum: values } }, ...(isSaid && { required: [other] }) };
  });
  if (conditions.length === 0) return [];
  return [
    {
      if: conditions.length === 1 ? conditions[0] : { allOf: conditions },
      then: isRequired(parameters[name]) ? { required: [name] } : {},
      else: { properties: { [name]: false } },
    },
  ];
}
