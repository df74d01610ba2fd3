import { z } from 'zod';

import { chart } from './chart';
import { clusterSelector } from './cluster-selector';
import { commonFields, healthCheckExpression, image } from './component';
import { choice, DNS_LABEL, duration, exactlyOne, flag, listOf, mapOf, text } from './fields';
import { kustomizePatches, target } from './kubernetes';
import { secretReference } from './oci';
import { sourceRef } from './source';

const driftDetection = z
  .strictObject({
    mode: choice('They are corrected, reported, or nobody looks.', ['enabled', 'warn', 'disabled'], {
      default: 'enabled',
    }).optional(),
    ignore: listOf(
      'What something else changes on purpose.',
      z
        .strictObject({
          paths: listOf('JSON pointers.', z.string(), { examples: [['/spec/replicas']] }),
          target: target.meta({ description: 'The objects. By default every object of the release.' }).optional(),
        })
        .meta({ description: 'Fields of objects.' }),
    ).optional(),
  })
  .meta({ description: 'What happens to objects on the cluster that are not as the chart says.' });

const strategy = exactlyOne(
  'What happens when an install or an upgrade fails. By default it is tried again after 5m.',
  {
    retryOnFailure: z
      .strictObject({ interval: duration('How soon.', { default: '5m' }).optional() })
      .meta({ description: 'It is tried again, on top of what the failed attempt left. For what keeps data.' }),
    remediateOnFailure: z
      .strictObject({
        retries: z
          .int()
          .min(-1)
          .meta({ description: 'How often it is tried again; -1 for without end.', default: 3 })
          .optional(),
        upgrade: choice('How a failed upgrade is undone.', ['rollback', 'uninstall'], { default: 'rollback' }).optional(),
        remediateLastFailure: flag('The last attempt is undone too.', true).optional(),
      })
      .meta({ description: 'It is undone and tried again. For what keeps no data.' }),
  },
  { examples: [{ remediateOnFailure: { retries: 2 } }] },
);

const test = z
  .strictObject({
    timeout: duration('How long they may take. By default the `timeout` of the release.').optional(),
    ignoreFailures: flag('A test that fails leaves the release ready all the same.', false).optional(),
  })
  .meta({ description: "Helm's tests of the chart run after each install and upgrade. By default they do not." });

const uninstall = z
  .strictObject({
    timeout: duration('How long it may take. By default the `timeout` of the release.').optional(),
    disableHooks: flag('Hooks are left out.', false).optional(),
    keepHistory: flag('Helm keeps what it knows of the release.', false).optional(),
    deletionPropagation: choice('How Kubernetes deletes what belongs to deleted objects.', ['background', 'foreground', 'orphan'], {
      default: 'background',
    }).optional(),
  })
  .meta({ description: 'How the release is removed.' });

const valuesFrom = z
  .strictObject({
    secret: secretReference.optional(),
    configMap: text('Name of a ConfigMap in the namespace of the Flux objects. It is there already.').optional(),
    key: text('Key in its data.', { default: 'values.yaml' }).optional(),
    targetPath: text('The one value that the content is. By default it is a map of values, in YAML.', {
      examples: ['auth.password'],
    }).optional(),
    optional: flag('It may be absent.', false).optional(),
  })
  .refine((value) => (value.secret === undefined) !== (value.configMap === undefined), {
    error: 'exactly one of secret and configMap',
  })
  .meta({
    description: 'Values in a Secret or a ConfigMap.',
    oneOf: [{ required: ['secret'] }, { required: ['configMap'] }],
    examples: [{ secret: { existing: 'portal-login' }, key: 'password', targetPath: 'auth.password' }],
  });

const postRender = z
  .strictObject({
    patches: kustomizePatches.optional(),
    images: listOf('Images to replace.', image).optional(),
  })
  .meta({ description: 'What kustomize changes about what the chart renders.' });

const settings = {
  version: text('Version, or range of versions, of a chart in a Helm repository. By default as `chart` says.').optional(),
  ref: sourceRef.optional(),
  values: mapOf(
    'Values of the chart, merged with those of the farther layers: maps key by key, lists as a whole, and `null` takes a value away. They are in Git: no secrets.',
    z.unknown(),
    { examples: [{ replicas: 2 }] },
  ).optional(),
  variables: flag('`{ variable: NAME }` in `values` stands for a variable of the cluster.', false).optional(),
  valuesFrom: listOf('Values that are not in Git as text. They count before `values`.', valuesFrom).optional(),
  postRender: postRender.optional(),
  postRenderStrategy: choice('Which objects post-renderers change: not hooks, hooks together with the rest, or each for itself.', [
    'nohooks',
    'combined',
    'separate',
  ]).optional(),
  interval: duration('How often the cluster is compared with the release and corrected.', { default: '30m' }).optional(),
  timeout: duration('How long one action of Helm may take.', { default: '5m' }).optional(),
  suspend: flag('Flux leaves the component alone.', false).optional(),
  driftDetection: driftDetection.optional(),
  strategy: strategy.optional(),
  crds: choice("What happens to CustomResourceDefinitions in the chart's directory `crds`.", ['Skip', 'Create', 'CreateReplace'], {
    default: 'CreateReplace',
  }).optional(),
  test: test.optional(),
  wait: flag('Helm waits until what it installed is ready.', true).optional(),
  disableWaitForJobs: flag('Helm does not wait until Jobs are complete.', false).optional(),
  disableSchemaValidation: flag('Helm does not check the values by the schema of the chart.', false).optional(),
  disableTakeOwnership: flag('Helm refuses objects that are there already and belong to no release, in place of taking them over.', false).optional(),
  force: flag('Objects with immutable fields are recreated on upgrade.', false).optional(),
  maxHistory: z.int().min(0).meta({ description: 'How many revisions of the release Helm keeps.', default: 5 }).optional(),
  uninstall: uninstall.optional(),
  healthCheckExprs: listOf('When objects of a kind are ready, in CEL.', healthCheckExpression).optional(),
};

const variant = z
  .strictObject(settings)
  .meta({ id: 'HelmVariant', title: 'What differs', description: 'What is otherwise here; the rest stays as the component says.' });

const conditional = z
  .strictObject({ when: clusterSelector, ...settings })
  .meta({ id: 'HelmConditionalVariant', title: 'What differs where a condition holds', description: 'The clusters, and what is otherwise there.' });

/** A component that Flux installs with Helm. */
export const helmComponent = z
  .strictObject({
    chart,
    ...commonFields,
    ...settings,
    releaseName: text('Name of the release. By default the name of the component.').optional(),
    targetNamespace: text("Namespace that the chart is installed into. By default the component's namespace.", {
      pattern: DNS_LABEL,
    }).optional(),
    createNamespace: z
      .boolean()
      .meta({ description: 'Helm creates the target namespace. By default only on another cluster than that which Flux runs on.' })
      .optional(),
    environments: mapOf('What differs by environment.', variant).optional(),
    variants: listOf('What differs by condition. Of several that fit a cluster the last counts most, and each before `environments`.', conditional).optional(),
    clusters: mapOf('What differs by cluster. It counts before everything else, setting by setting; values are merged.', variant).optional(),
  })
  .meta({ id: 'HelmComponent', title: 'Helm component', description: 'A chart, and values for each cluster.' });

/** A helm component as a file says it. */
export type HelmComponentInput = z.output<typeof helmComponent>;
/** What differs, as a file says it. */
export type HelmVariantInput = z.output<typeof variant>;
/** Values by reference, as a file says them. */
export type ValuesFromInput = z.output<typeof valuesFrom>;
