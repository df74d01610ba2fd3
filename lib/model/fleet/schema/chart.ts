import { z } from 'zod';

import { choice, duration, exactlyOne, flag, listOf, text, wholeNumber } from './fields';
import { kubernetesObject } from './kubernetes';
import { gitRef, gitSourceFields } from './source';

/** A Secret of a chart. */
export const secretReference = exactlyOne(
  'The Secret; nothing in this file is a secret.',
  {
    existing: text("Name of a Secret that is in the namespace of the component's Flux objects already."),
    terraform: z
      .strictObject({
        revision: wholeNumber('Raise it when the Terraform variables have other values.', 1, { default: 1 }).optional(),
      })
      .meta({ description: 'The content is in Terraform variables.' }),
    sops: text('Path of a file with one Secret encrypted by SOPS, from the directory of this file.'),
    externalSecret: kubernetesObject,
  },
  {
    id: 'SecretReference',
    title: 'Secret',
    examples: [{ existing: 'registry' }, { terraform: {} }, { sops: 'secrets/charts.yaml' }],
  },
);

const certSecretName = text(
  'Name of a Secret with `ca.crt`, or with `tls.crt` and `tls.key`, in the namespace of the Flux objects. It is there already.',
).optional();

const repository = z
  .strictObject({
    url: text('Address of the Helm repository, without user and password.', {
      examples: ['https://charts.jetstack.io'],
    }),
    name: text('Name of the chart.', { examples: ['cert-manager'] }),
    version: text('Version, or a range of versions.', { examples: ['v1.18.2', '1.x'] }),
    credential: secretReference.optional(),
    passCredentials: flag('The credential also goes to other hosts that the index names.', false).optional(),
    certSecretName,
    interval: duration('How often Flux asks for a new index.', { default: '1h' }).optional(),
  })
  .meta({ description: 'A chart in a Helm repository.' });

const verification = z
  .strictObject({
    provider: choice('What made the signature.', ['cosign', 'notation']),
    secretName: text(
      "Name of a Secret with public keys, or with notation's trust policy, in the namespace of the Flux objects.",
    ).optional(),
    matchOIDCIdentity: listOf(
      'Who may have signed, for cosign without keys. By default anybody.',
      z
        .strictObject({
          issuer: text('Who vouches for the identity, a regular expression.'),
          subject: text('The identity, a regular expression.'),
        })
        .meta({ description: 'An identity.' }),
    ).optional(),
    trustedRootSecretName: text('Name of a Secret with `trusted_root.json`, for a Sigstore of your own.').optional(),
  })
  .meta({ description: 'How Flux checks the signature.' });

const oci = z
  .strictObject({
    url: text('Address of the chart, without a tag.', { examples: ['oci://ghcr.io/stefanprodan/charts/podinfo'] }),
    tag: text('A tag, for a chart most often its version.', { examples: ['6.9.2'] }).optional(),
    semver: text('The newest tag within a range of versions.', { examples: ['6.x'] }).optional(),
    digest: text('A digest.', { pattern: '^sha256:[0-9a-f]{64}$' }).optional(),
    verify: verification.optional(),
    credential: secretReference.optional(),
    provider: choice('Whose workload identity reaches the registry.', ['generic', 'aws', 'azure', 'gcp'], {
      default: 'generic',
    }).optional(),
    certSecretName,
    insecure: flag('The registry speaks plain HTTP.', false).optional(),
    interval: duration('How often Flux asks for news.', { default: '10m' }).optional(),
  })
  .meta({ description: 'A chart in an OCI registry: exactly one of tag, semver and digest says which version.' });

const { ref, credential, interval, certificateAuthorityFile, sparseCheckout } = gitSourceFields;

const local = z
  .strictObject({
    directory: text('Directory with a Chart.yaml, from the directory of this file. Its files are delivered.'),
    ref,
    credential,
    interval,
  })
  .meta({ description: 'A chart of yours, delivered to `systems/<component>`.' });

const git = z
  .strictObject({
    url: text('Address of the repository, without user and password.', {
      examples: ['https://gitlab.example.com/logging/charts.git'],
    }),
    path: text('Directory of the chart in the repository.', { examples: ['./charts/fluentd'] }),
    ref: gitRef,
    reconcileStrategy: choice(
      'What makes a new chart: another version in its Chart.yaml, or each revision of the repository.',
      ['ChartVersion', 'Revision'],
      { default: 'ChartVersion' },
    ).optional(),
    credential,
    certificateAuthorityFile,
    interval,
    sparseCheckout,
  })
  .meta({ description: 'A chart in another Git repository.' });

/** Where a chart comes from. */
export const chart = exactlyOne(
  'Where the chart comes from.',
  { repository, oci, local, git },
  {
    id: 'Chart',
    title: 'Chart',
    examples: [
      { repository: { url: 'https://charts.jetstack.io', name: 'cert-manager', version: 'v1.18.2' } },
      { oci: { url: 'oci://ghcr.io/stefanprodan/charts/podinfo', tag: '6.9.2' } },
      { local: { directory: 'charts/portal' } },
    ],
  },
);

/** A chart as a file says it. */
export type ChartInput = z.output<typeof chart>;
/** A Secret as a file says it. */
export type SecretReferenceInput = z.output<typeof secretReference>;
