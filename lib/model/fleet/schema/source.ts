import { z } from 'zod';

import { choice, duration, exactlyOne, flag, listOf, text, wholeNumber } from './fields';
import { kubernetesObject } from './kubernetes';
import { ociFields, proxySecretName, sourceIgnore } from './oci';

/** What of a Git repository Flux takes. */
export const gitRef = z
  .strictObject({
    branch: text('Head of a branch.').optional(),
    tag: text('A tag.', { examples: ['v1.0.0'] }).optional(),
    semver: text('The newest tag within a range of versions.', { examples: ['>=1.2.0 <2.0.0'] }).optional(),
    commit: text('A commit, by its full SHA. Its branch may stand beside it.').optional(),
    name: text('A reference by its full name.', { examples: ['refs/merge-requests/1/head'] }).optional(),
  })
  .meta({
    id: 'GitRef',
    title: 'Reference',
    description: 'What of the repository Flux takes: exactly one of the fields, or a commit with its branch.',
    minProperties: 1,
    maxProperties: 2,
    examples: [{ tag: 'v1.0.0' }],
  });

/** What of a Git repository, or of an OCI registry, Flux takes. */
export const sourceRef = z
  .strictObject({
    ...gitRef.shape,
    digest: text('A digest, of an OCI registry. Its tag may stand beside it.').optional(),
    semverFilter: text('Regular expression for the tags of an OCI registry among which `semver` looks for the newest.').optional(),
  })
  .meta({
    id: 'SourceRef',
    title: 'Reference',
    description: 'What to take of a Git repository (branch, tag, semver, commit, name) or an OCI registry (tag, semver, digest).',
    minProperties: 1,
    maxProperties: 2,
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

const verification = z
  .strictObject({
    secretName: text(
      'Name of a Secret with public keys, in the namespace of the Flux objects: PGP keys in entries that end with `.asc`, from Flux 2.9 on SSH keys in entries that end with `.sshpub`. It is there already.',
    ),
    mode: choice('What has to be signed.', ['HEAD', 'Tag', 'TagAndHEAD'], { default: 'HEAD' }).optional(),
  })
  .meta({ description: 'Whose signature Flux wants to see on what it takes. By default nobody\'s.' });

const include = z
  .strictObject({
    repository: text('Name of the other GitRepository.'),
    fromPath: text('Directory in the other. By default all of it.').optional(),
    toPath: text('Directory in this one. By default the name of the other.').optional(),
  })
  .meta({ description: 'Another GitRepository.' });

const ociSource = z
  .strictObject({ ...ociFields, ignore: sourceIgnore })
  .meta({
    description: 'An artifact with manifests in an OCI registry: exactly one of tag, semver and digest says which.',
    examples: [{ url: 'oci://ghcr.io/stefanprodan/manifests/podinfo', tag: '6.9.2' }],
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
  recurseSubmodules: flag('Submodules of the other repository are fetched too, with the same credential.', false).optional(),
  include: listOf('Other GitRepositories in the namespace of the Flux objects whose content is laid into this one.', include).optional(),
  verify: verification.optional(),
  ignore: sourceIgnore,
  proxySecretName,
};

/** Where the manifests of a component come from. */
export const gitSource = z
  .strictObject({ ...gitSourceFields, oci: ociSource.optional() })
  .refine((source) => source.oci === undefined || Object.keys(source).length === 1, {
    error: '`oci` alone: the other fields are those of a Git repository',
  })
  .refine((source) => source.url === undefined || source.ref !== undefined, {
    error: '`ref` beside `url`: what of the other repository Flux takes',
  })
  .refine((source) => source.url !== undefined || source.sparseCheckout === undefined, {
    path: ['sparseCheckout'],
    error: '`sparseCheckout` only beside `url`: of the GitOps repository Flux checks out what the component needs',
  })
  .refine((source) => source.url !== undefined || (source.recurseSubmodules ?? source.include) === undefined, {
    error: '`recurseSubmodules` and `include` only beside `url`: the GitOps repository is fetched as it is',
  })
  .refine((source) => source.url !== undefined || source.certificateAuthorityFile === undefined, {
    path: ['certificateAuthorityFile'],
    error: '`certificateAuthorityFile` only beside `url`: that of the GitOps repository stands under `project`',
  })
  .meta({
    title: 'Source',
    description: 'Where the manifests come from. By default the GitOps repository, at the branch that the clusters follow.',
    if: { required: ['oci'] },
    then: { maxProperties: 1 },
    dependencies: {
      url: ['ref'],
      sparseCheckout: ['url'],
      recurseSubmodules: ['url'],
      include: ['url'],
      certificateAuthorityFile: ['url'],
    },
    examples: [{ ref: { tag: 'v1.0.0' } }],
  });

/** A source as a file says it. */
export type GitSourceInput = z.output<typeof gitSource>;
