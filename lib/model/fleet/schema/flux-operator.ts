import { z } from 'zod';

import { choice, duration, flag, listOf, mapOf, text } from './fields';
import { toleration } from './flux-patch';

const account = (description: string): z.ZodOptional<z.ZodString> => text(description, { default: 'default' }).optional();

const lockdown = z
  .strictObject({
    defaultServiceAccount: account('Account that applies what names none, in the namespace of the Flux object. It should have no permissions.'),
    workloadIdentity: z
      .strictObject({
        defaultDecryptionServiceAccount: account("Account that decrypts with a cloud's key service."),
        defaultKubeConfigServiceAccount: account('Account that reaches other clusters.'),
      })
      .meta({ description: 'Objects reach a cloud only as an account of their namespace. By default as the controller does.' })
      .optional(),
  })
  .meta({ description: 'With the type `operator`: lockdown for tenants who share Flux.' });

const operator = z
  .strictObject({
    chartVersion: text('Version of the chart, which is that of the operator.', { default: '0.58.1' }).optional(),
    chartRepository: text('Registry or repository that has the chart.', { default: 'oci://ghcr.io/controlplaneio-fluxcd/charts' }).optional(),
    chartPath: text('Directory or package with the chart, in place of `chartRepository`. A relative path starts from this file.').optional(),
    image: text("The operator's image without tag.", { default: 'ghcr.io/controlplaneio-fluxcd/flux-operator' }).optional(),
    imagePullSecrets: listOf("Names of Secrets in `flux-system` to pull the operator's image with.", z.string()).optional(),
    logLevel: choice('How much the operator logs.', ['debug', 'info', 'error'], { default: 'info' }).optional(),
    nodeSelector: mapOf('Labels of the nodes that the operator may run on.', z.string()).optional(),
    tolerations: listOf('Taints that the operator tolerates.', toleration).optional(),
    webInterface: z
      .strictObject({
        configSecretName: text('Name of a Secret in `flux-system` whose `config.yaml` says how users log in.'),
      })
      .meta({ description: "The operator's web interface. By default it is off." })
      .optional(),
    values: mapOf('Further values of the chart, by its own names. No secrets.', z.unknown()).optional(),
  })
  .meta({ description: 'With the type `operator`: the operator itself.' });

/** What only flux-operator knows. */
export const operatorFields = {
  variant: choice(
    'With the type `operator`: flavour of the images in the registry. A mirror needs it.',
    ['upstream-alpine', 'enterprise-alpine', 'enterprise-distroless', 'enterprise-distroless-fips'],
  ).optional(),
  artifact: text('With the type `operator`: address of the OCI artifact with the manifests of Flux. By default those that the operator brings.').optional(),
  artifactPullSecret: text('With the type `operator`: name of a Secret in `flux-system` to pull the artifact with.').optional(),
  platform: choice('With the type `operator`: the kind of Kubernetes.', ['kubernetes', 'openshift', 'aws', 'azure', 'gcp'], { default: 'kubernetes' }).optional(),
  size: choice('With the type `operator`: how much the controllers do at the same time: for tens, hundreds, or up to a thousand components.', ['small', 'medium', 'large']).optional(),
  multiTenancyLockdown: lockdown.optional(),
  objectLevelWorkloadIdentity: flag('With the type `operator`: a Flux object may name an account of its namespace for its way to a cloud.', false).optional(),
  sharding: z
    .strictObject({
      shards: listOf('Names of the shards.', z.string(), { examples: [['shard1', 'shard2']] }),
      storage: choice("Where a shard's source-controller keeps what it fetched.", ['ephemeral', 'persistent'], { default: 'ephemeral' }).optional(),
    })
    .meta({ description: 'With the type `operator`: shards of the controllers.' })
    .optional(),
  storage: z
    .strictObject({
      class: text('Storage class.'),
      size: text('Size, as Kubernetes writes it.', { examples: ['10Gi'] }),
    })
    .meta({ description: 'With the type `operator`: a volume in which source-controller keeps what it fetched.' })
    .optional(),
  commonMetadata: z
    .strictObject({
      labels: mapOf('Labels.', z.string()).optional(),
      annotations: mapOf('Annotations.', z.string()).optional(),
    })
    .meta({ description: 'With the type `operator`: labels and annotations of everything that it installs.' })
    .optional(),
  wait: flag('With the type `operator`: it waits until the controllers are ready.', true).optional(),
  migrateResources: flag("With the type `operator`: it moves Flux's objects to the newest version of their API.", true).optional(),
  reconciliation: z
    .strictObject({
      every: duration('How often the state of the cluster is compared with the FluxInstance.', { default: '1h' }).optional(),
      artifactEvery: duration('How often it asks for new manifests of Flux.', { default: '10m' }).optional(),
      timeout: duration('How long one reconciliation may take.', { default: '5m' }).optional(),
    })
    .meta({ description: 'With the type `operator`: how often it looks after Flux.' })
    .optional(),
  operator: operator.optional(),
};
