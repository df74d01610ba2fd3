import { z } from 'zod';

import { text, wholeNumber } from './fields';

/** With what Flux reads the GitOps repository. */
export const readCredential = z
  .discriminatedUnion('type', [
    z
      .strictObject({
        type: z.literal('variables').meta({ description: 'The Terraform variables `git_username` and `git_password`.' }),
        revision: wholeNumber('Raise it when their values have changed.', 1, { default: 1 }).optional(),
      })
      .meta({ title: 'Terraform variables' }),
    z
      .strictObject({
        type: z.literal('deploy-token').meta({ description: 'A deploy token that Terraform creates; its state holds it.' }),
        expiresAt: text('When it ends. By default never.', { examples: ['2027-06-30T00:00:00Z'] }).optional(),
      })
      .meta({ title: 'Deploy token' }),
  ])
  .meta({
    description: 'With what Flux reads the GitOps repository. By default Terraform variables, which are in no state.',
    examples: [{ type: 'variables', revision: 2 }],
  });
