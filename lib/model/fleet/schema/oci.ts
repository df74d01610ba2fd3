import { z } from 'zod';

import { choice, duration, exactlyOne, flag, listOf, text, wholeNumber } from './fields';
import { kubernetesObject } from './kubernetes';

/** A Secret of a component. */
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

/** The name of a Secret with certificates. */
export const certSecretName = text(
  'Name of a Secret with `ca.crt`, or with `tls.crt` and `tls.key`, in the namespace of the Flux objects. It is there already.',
).optional();

/** The name of a Secret with the address of a proxy. */
export const proxySecretName = text(
  'Name of a Secret with the `address` of a proxy, in the namespace of the Flux objects. It is there already.',
).optional();

/** What Flux leaves out of what it fetches. */
export const sourceIgnore = text('What Flux leaves out, in the format of `.gitignore`. By default as for every source of Flux.', {
  examples: ["/*\n!/deploy\n"],
}).optional();

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

/** The fields of an artifact in an OCI registry. */
export const ociFields = {
  url: text('Address of the artifact, without a tag.', { examples: ['oci://ghcr.io/stefanprodan/charts/podinfo'] }),
  tag: text('A tag, for a chart most often its version.', { examples: ['6.9.2'] }).optional(),
  semver: text('The newest tag within a range of versions.', { examples: ['6.x'] }).optional(),
  semverFilter: text('Regular expression for the tags among which `semver` looks for the newest.', { examples: ['.*-rc.*'] }).optional(),
  digest: text('A digest; its tag may stand beside it.', { pattern: '^sha256:[0-9a-f]{64}$' }).optional(),
  verify: verification.optional(),
  credential: secretReference.optional(),
  provider: choice('Whose workload identity reaches the registry.', ['generic', 'aws', 'azure', 'gcp'], {
    default: 'generic',
  }).optional(),
  certSecretName,
  proxySecretName,
  insecure: flag('The registry speaks plain HTTP.', false).optional(),
  interval: duration('How often Flux asks for news.', { default: '10m' }).optional(),
};

/** A Secret as a file says it. */
export type SecretReferenceInput = z.output<typeof secretReference>;
