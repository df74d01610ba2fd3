import { z } from 'zod';

import { duration, exactlyOne, listOf, text, wholeNumber } from './fields';
import { kubernetesObject } from './kubernetes';

/** What of a Git repository Flux takes. */
export const gitRef = z
  .strictObject({
    branch: text('Head of a branch.').optional(),
    tag: text('A tag.', { examples: ['v1.0.0'] }).optional(),
    semver: text('The newest tag within a range of versions.', { examples: ['>=1.2.0 <2.0.0'] }).optional(),
    commit: text('A commit, by its full SHA.').optional(),
  })
  .meta({
    id: 'GitRef',
    title: 'Reference',
    description: 'What of the repository Flux takes: exactly one of the fields.',
    minProperties: 1,
    maxProperties: 1,
    examples: [{ tag: 'v1.0.0' }],
  });

const credential = z
  .union([
    z.enum(['none', 'terraform']),
    exactlyOne('How the Secret comes about.', {
      terraform: z
        .strictObject({
          revision: wholeNumber('Raise it when the values of the Terraform variables have changed.', 1, { default: 1 }).optional(),
        })
        .meta({ description: 'User name and password are Terraform variables.' }),
      sops: text('Path of a file with one Secret encrypted by SOPS, from the directory of this file.'),
      externalSecret: kubernetesObject,
    }),
  ])
  .meta({
    description:
      'How the Secret comes about with which Flux reads the repository; nothing in this file is a secret. By default `terraform` for the GitOps repository, and `none` for another.',
    examples: ['none', 'terraform', { sops: 'secrets/charts.yaml' }],
  });

/** The fields of a Git source. */
export const gitSourceFields = {
  url: text('Address of another Git repository than the GitOps repository, without user and password.', {
    examples: ['https://gitlab.example.com/logging/manifests.git'],
  }).optional(),
  ref: gitRef.optional(),
  credential: credential.optional(),
  interval: duration('How often Flux asks for news. By default as the trigger of the cluster says.').optional(),
  certificateAuthorityFile: text(
    "Path of a file with the certificate of the authority that signed the other repository's, in PEM, from the directory of this file. By default one that everybody trusts.",
  ).optional(),
  sparseCheckout: listOf('Directories of the other repository to check out. By default everything.', z.string()).optional(),
};

/** Where the manifests of a component come from. */
export const gitSource = z
  .strictObject(gitSourceFields)
  .refine((source) => source.url === undefined || source.ref !== undefined, {
    error: '`ref` beside `url`: what of the other repository Flux takes',
  })
  .refine((source) => source.url !== undefined || source.sparseCheckout === undefined, {
    path: ['sparseCheckout'],
    error: '`sparseCheckout` only beside `url`: of the GitOps repository Flux checks out what the component needs',
  })
  .refine((source) => source.url !== undefined || source.certificateAuthorityFile === undefined, {
    path: ['certificateAuthorityFile'],
    error: '`certificateAuthorityFile` only beside `url`: that of the GitOps repository stands under `project`',
  })
  .meta({
    title: 'Source',
    description: 'Where the manifests come from. By default the GitOps repository, at the branch that the clusters follow.',
    dependencies: { url: ['ref'], sparseCheckout: ['url'], certificateAuthorityFile: ['url'] },
    examples: [{ ref: { tag: 'v1.0.0' } }],
  });

/** A source as a file says it. */
export type GitSourceInput = z.output<typeof gitSource>;
