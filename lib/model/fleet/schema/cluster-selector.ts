import { z } from 'zod';

import { listOf, mapOf } from './fields';

/** Clusters, by what they are. */
export const clusterSelector = z
  .strictObject({
    environments: listOf('Their environment is one of these.', z.string(), { examples: [['prod']] }).optional(),
    labels: mapOf('Each of these labels of theirs has the value, or one of the values.', z.union([z.string(), z.array(z.string())]), {
      examples: [{ size: 'small' }, { size: ['small', 'medium'] }],
    }).optional(),
  })
  .refine((value) => Object.keys(value).length > 0, { error: 'environments, labels, or both' })
  .meta({
    id: 'ClusterSelector',
    title: 'Clusters',
    description: 'Clusters by what they are. Where both are said, both must hold.',
    minProperties: 1,
  });
