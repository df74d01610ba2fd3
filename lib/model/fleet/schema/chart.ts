import { z } from 'zod';

import { choice, duration, exactlyOne, flag, text } from './fields';
import { certSecretName, ociFields, secretReference } from './oci';
import { gitRef, gitSourceFields } from './source';

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

const oci = z
  .strictObject(ociFields)
  .meta({ description: 'A chart in an OCI registry: exactly one of tag, semver and digest says which version.' });

const { ref, credential, interval, url: _, ...fetch } = gitSourceFields;

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
    ...fetch,
    credential,
    interval,
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
