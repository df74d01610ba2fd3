import { z } from 'zod';

import { choice, flag, text } from './fields';

/** The GitLab project with the GitOps repository. */
export const project = z
  .strictObject({
    url: text('Address of GitLab, without user and password.', { examples: ['https://gitlab.example.com'] }),
    path: text('Full path of the project.', { examples: ['platform/fleet'] }),
    branch: text('Branch that the clusters follow.', { default: 'main' }).optional(),
    certificateAuthorityFile: text(
      "Path of a file with the certificate of the authority that signed GitLab's, in PEM, from the directory of this file. By default one that everybody trusts.",
      { examples: ['gitlab-ca.pem'] },
    ).optional(),
    create: z
      .strictObject({
        visibility: choice('Who sees the project.', ['private', 'internal', 'public'], { default: 'private' }).optional(),
        description: text('Description of the project.').optional(),
        preventDestroy: flag('Terraform refuses to destroy the project.', true).optional(),
      })
      .meta({ description: 'Settings of the project when Terraform creates it. By default the project exists.' })
      .optional(),
  })
  .meta({ title: 'Project', description: 'The GitLab project with the GitOps repository.' });

/** Where Terraform keeps its state. */
export const state = z
  .discriminatedUnion('type', [
    z
      .strictObject({ type: z.literal('local').meta({ description: 'A file per stack in the working directory.' }) })
      .meta({ title: 'Local files' }),
    z
      .strictObject({
        type: z.literal('gitlab').meta({ description: 'The states that GitLab keeps for a project.' }),
        url: text('Address of GitLab.', { examples: ['https://gitlab.example.com'] }),
        project: text('Path or id of the project that keeps the states; not the GitOps project, because a state holds secrets.', {
          examples: ['platform/terraform-states'],
        }),
      })
      .meta({ title: 'GitLab' }),
  ])
  .meta({
    title: 'State',
    description: 'Where Terraform keeps its state. By default in files. Credentials come from the environment.',
    examples: [{ type: 'local' }, { type: 'gitlab', url: 'https://gitlab.example.com', project: 'platform/states' }],
  });
