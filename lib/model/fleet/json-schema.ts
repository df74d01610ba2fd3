import { z } from 'zod';

import { type JsonSchema, parametrizedSchema } from './parametrized-schema';
import { classLayer, cluster } from './schema/cluster';
import { clusterClass } from './schema/cluster-class';
import { component, fleet } from './schema/fleet';

/** A kind of file: the fleet itself, or one entry of it in a file of its own. */
export type FleetFileKind = 'fleet' | 'cluster' | 'component' | 'class';

const SCHEMAS = { fleet, cluster, component, class: clusterClass } as const;

/**
 * The JSON Schema (draft 7) of `fleet.yaml`, or of a file with one entry of it, for editors and portals. What only the
 * model can know, such as whether a directory exists, is not in it.
 *
 * @param kind - by default `fleet`, the whole file
 */
export function fleetJsonSchema(kind: FleetFileKind = 'fleet'): JsonSchema {
  const { $schema, definitions, ...schema } = draft7(SCHEMAS[kind]);
  const $id = `https://unpkg.com/cdktf-gitlab-flux/schema/${kind}.schema.json`;
  const whole = kind === 'fleet' ? withClustersElsewhere(schema) : schema;
  return { $schema, $id, ...withClassLayer(whole, (definitions ?? {}) as Definitions) };
}

/** All clusters may be in files of their own. */
function withClustersElsewhere({ required, ...schema }: JsonSchema): JsonSchema {
  const others = (required as readonly string[]).filter((key) => key !== 'clusters');
  return { ...schema, required: others, anyOf: [{ required: ['clusters'] }, { required: ['include'] }] };
}

type Definitions = Readonly<Record<string, JsonSchema>>;

function draft7(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input', target: 'draft-7' });
}

/** What a class says about its clusters is judged with the values of parameters in their places. */
function withClassLayer(schema: JsonSchema, definitions: Definitions): JsonSchema {
  const isClass = isClassSchema(schema);
  const definition = isClass ? schema : definitions.ClusterClass;
  if (definition === undefined || !isClassSchema(definition)) return { ...schema, definitions };
  const { definitions: needed = {}, $schema: _, ...layer } = draft7(classLayer);
  const parametrized = parametrizedSchema(layer, needed as Definitions);
  const { description } = definition.properties.cluster;
  const properties = { ...definition.properties, cluster: { ...parametrized.schema, description } };
  const made = { ...definition, properties };
  const all = { ...definitions, ...parametrized.definitions };
  return isClass ? { ...made, definitions: all } : { ...schema, definitions: { ...all, ClusterClass: made } };
}

type ClassSchema = JsonSchema & {
  readonly properties: JsonSchema & { readonly cluster: { readonly description?: string } };
};

function isClassSchema(schema: JsonSchema): schema is ClassSchema {
  return schema.title === 'Class' && schema.properties !== undefined;
}
