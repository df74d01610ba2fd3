import { z } from 'zod';

import { fleet } from './schema/fleet';

/**
 * The JSON Schema (draft 7) of `fleet.yaml`, for editors and portals. What only the model can know, such as whether a
 * directory exists, is not in it.
 */
export function fleetJsonSchema(): Readonly<Record<string, unknown>> {
  const { $schema, ...schema } = z.toJSONSchema(fleet, { io: 'input', target: 'draft-7' });
  return { $schema, $id: 'https://unpkg.com/cdktf-gitlab-flux/schema/fleet.schema.json', ...schema };
}
