import { z } from 'zod';

import { FLUX_CONTROLLERS, type FluxController } from '../../flux/patches/controllers';
import { choice, exactlyOne, flag, listOf, mapOf, text, wholeNumber } from './fields';
import { kustomizePatch } from './kubernetes';

const serviceAccount = (what: string): z.ZodString => text(`Service account for ${what}.`, { default: 'default' });

const multiTenancyLockdown = z
  .strictObject({
    defaultServiceAccount: serviceAccount('what names none; it should have no permissions').optional(),
    workloadIdentity: z
      .strictObject({
        defaultServiceAccount: serviceAccount('sources, notifications and images').optional(),
        defaultDecryptionServiceAccount: serviceAccount("decryption with a cloud's key service").optional(),
        defaultKubeConfigServiceAccount: serviceAccount('access to other clusters').optional(),
      })
      .meta({ description: 'Objects reach a cloud only as an account of their namespace. By default off.' })
      .optional(),
  })
  .meta({ description: 'Flux shared by tenants: every component is applied by a service account of its namespace.' });

const workers = (what: string, byDefault: number): z.ZodOptional<z.ZodInt> =>
  wholeNumber(`How many objects ${what} reconciles at the same time.`, 1, { default: byDefault }).optional();

const concurrency = z
  .strictObject({
    source: workers('source-controller', 2),
    kustomize: workers('kustomize-controller', 4),
    helm: workers('helm-controller', 4),
    notification: workers('notification-controller', 4),
    imageReflector: workers('image-reflector-controller', 4),
    imageAutomation: workers('image-automation-controller', 4),
    sourceWatcher: workers('source-watcher', 10),
  })
  .meta({ description: 'How many objects the controllers reconcile at the same time.' });

/** The name of a controller. */
const controller = choice('A controller of Flux.', FLUX_CONTROLLERS as [FluxController, ...FluxController[]]);

const quantities = (description: string): z.ZodObject<Record<'cpu' | 'memory' | 'ephemeralStorage', z.ZodOptional<z.ZodString>>, z.core.$strict> =>
  z
    .strictObject({
      cpu: text('CPU, in cores or thousandths of one.', { examples: ['500m'] }).optional(),
      memory: text('Memory.', { examples: ['512Mi'] }).optional(),
      ephemeralStorage: text("Space on the node's disk.", { examples: ['1Gi'] }).optional(),
    })
    .meta({ description });

const resources = z
  .strictObject({
    controllers: listOf('Which controllers. By default all that are installed.', controller).optional(),
    requests: quantities('What a pod asks for.').optional(),
    limits: quantities('What a pod may take.').optional(),
  })
  .meta({ description: 'Requests and limits of the controllers.' });

/** A taint that pods put up with. */
export const toleration = z
  .strictObject({
    key: text('Key of the taint. By default any.').optional(),
    operator: choice('`Exists`: any value; `Equal`: the given one.', ['Exists', 'Equal'], { default: 'Equal' }).optional(),
    value: text('Value of the taint.').optional(),
    effect: choice('Effect of the taint. By default any.', ['NoSchedule', 'PreferNoSchedule', 'NoExecute']).optional(),
    tolerationSeconds: wholeNumber('How long a pod stays on a node with a `NoExecute` taint. By default for ever.', 0).optional(),
  })
  .meta({ description: 'A taint that pods put up with.' });

const nodePlacement = z
  .strictObject({
    nodeSelector: mapOf('Labels that a node must have.', z.string()).optional(),
    tolerations: listOf('Taints that the pods put up with.', toleration).optional(),
    affinity: z
      .record(z.string(), z.unknown())
      .meta({ description: 'Affinity, by the names of the Kubernetes API.' })
      .optional(),
    priorityClassName: text('Name of a PriorityClass.').optional(),
  })
  .meta({ description: 'The nodes that the controllers run on.' });

const sharding = z
  .strictObject({
    shards: listOf('Names of the shards.', z.string(), { examples: [['shard1', 'shard2']] }),
    controllers: listOf(
      'Which controllers each shard has. By default source, kustomize and helm.',
      controller.exclude(['notification-controller', 'source-watcher']).meta({ description: 'A controller that can be sharded.' }),
    ).optional(),
    clusterDomain: text('DNS domain of the cluster.', { default: 'cluster.local' }).optional(),
  })
  .meta({ description: 'More instances of the controllers, each for a part of the objects.' });

/** Who may call Flux's receivers. */
export const receiverAccess = listOf(
  "Only these Pods reach Flux's receivers. Flux lets in the whole cluster.",
  z.strictObject({
    namespace: text('Namespace of the Pods.'),
    podLabels: mapOf('Labels of the Pods. By default all of the namespace.', z.string()).optional(),
  }),
  { minItems: 1, examples: [[{ namespace: 'ingress-nginx' }]] },
);

const decryptionFields = {
  secretName: text('Name of the Secret with the keys, in the namespace of the Flux objects. It is not in Git.').optional(),
  serviceAccountName: text("Service account whose workload identity reaches a cloud's key service.").optional(),
  recipients: listOf('Public keys of the keys of age in the Secret. A file that none of them can decrypt is refused.', z.string(), {
    minItems: 1,
    examples: [['age1tgfvh4suuvtlmhxxk086d04a9dyef9cgsddmxfqegyd64uvxry7qdwz8j6']],
  }).optional(),
};

/** How a component decrypts what SOPS encrypted. */
export const decryption = z.strictObject(decryptionFields).meta({ description: 'How Flux decrypts what SOPS encrypted.' });

const rootDecryptionFields = {
  ...decryptionFields,
  terraform: z
    .strictObject({ revision: wholeNumber('Raise it when the variable has another value.', 1, { default: 1 }).optional() })
    .meta({ description: 'Terraform writes the Secret, with the key of age in its variable `sops_age_key`. By default somebody else does.' })
    .optional(),
};

/** How a hub decrypts what SOPS encrypted for a spoke. */
export const spokeDecryption = z
  .strictObject(rootDecryptionFields)
  .meta({ description: "How the hub decrypts what SOPS encrypted below `clusters/<spoke>`. The Secret is in the spoke's namespace on the hub." });

const rootDecryption = z
  .strictObject({
    ...rootDecryptionFields,
    forComponents: flag('Components with `decryption: {}` decrypt with these keys of age too.', false).optional(),
  })
  .meta({ description: 'SOPS decryption of everything below `clusters/<cluster>`.' });

/** A change to Flux itself. */
export const fluxPatch = exactlyOne(
  'A change to Flux itself.',
  {
    multiTenancyLockdown,
    concurrency,
    resources,
    nodePlacement,
    sharding,
    rootDecryption,
    rootSubstitution: text('Name of a Secret in `flux-system` with values for `${…}` below `clusters/<cluster>`.'),
    receiverAccess,
    custom: kustomizePatch,
  },
  {
    id: 'FluxPatch',
    title: 'Patch of Flux',
    examples: [{ multiTenancyLockdown: {} }, { concurrency: { kustomize: 10 } }],
  },
);

/** A patch of Flux as a file says it. */
export type FluxPatchInput = z.output<typeof fluxPatch>;
