import { z } from 'zod';

import { clusterSelector } from './cluster-selector';
import { commonFields, healthCheckExpression, image } from './component';
import { choice, duration, exactlyOne, flag, listOf, mapOf, text, wholeNumber } from './fields';
import { decryption } from './flux-patch';
import { kubernetesObject, kustomizePatches, objectReference, target } from './kubernetes';
import { gitSource, sourceRef } from './source';

const postBuild = z
  .strictObject({
    variables: flag('The variables of the cluster are among the values. `substitute` counts before them.', false).optional(),
    substitute: mapOf('Values by name. They are in Git: no secrets.', z.string()).optional(),
    substituteFrom: listOf(
      'ConfigMaps and Secrets, in the namespace of the Flux objects, whose data are values.',
      z
        .strictObject({
          kind: choice('Kind of the object.', ['ConfigMap', 'Secret']),
          name: text('Name of the object.'),
          optional: flag('It may be absent.', false).optional(),
        })
        .meta({ description: 'A ConfigMap or Secret.' }),
    ).optional(),
  })
  .meta({ description: 'Values for `${…}` in the manifests.' });

const ignoredFields = z
  .strictObject({
    paths: listOf('The fields, as JSON pointers.', z.string(), { examples: [['/spec/replicas']] }),
    target: target.optional(),
  })
  .meta({ description: 'Fields that Flux leaves to others.', examples: [{ paths: ['/spec/replicas'], target: { kind: 'Deployment' } }] });

const settings = {
  interval: duration('How often the cluster is compared with Git and corrected.', { default: '1h' }).optional(),
  retryInterval: duration('How soon a failed apply is tried again.', { default: '2m' }).optional(),
  timeout: duration('How long one apply, with its health checks, may take.', { default: '3m' }).optional(),
  prune: flag('Objects that leave Git are deleted from the cluster.', true).optional(),
  wait: z
    .boolean()
    .meta({ description: 'Everything that was applied must become ready. By default true, and false beside healthChecks.' })
    .optional(),
  force: flag('Objects with immutable fields are recreated.', false).optional(),
  suspend: flag('Flux leaves the component alone.', false).optional(),
  healthChecks: listOf('Objects that must become ready. By default everything that was applied.', objectReference).optional(),
  healthCheckExprs: listOf('When objects of a kind are ready, in CEL.', healthCheckExpression).optional(),
  decryption: decryption.optional(),
  postBuild: postBuild.optional(),
  deletionPolicy: choice(
    "What happens to the component's objects when it is removed. By default as `prune` says.",
    ['MirrorPrune', 'Delete', 'WaitForTermination', 'Orphan'],
  ).optional(),
  components: listOf('Directories with kustomize components, from the directory that Flux builds: those of a base are `../../base/…`.', z.string(), {
    examples: [['../../base/components/tls']],
  }).optional(),
  ignoreMissingComponents: flag('Components that are not there are left out.', false).optional(),
  targetNamespace: text('Namespace of all objects, whatever they say themselves. By default objects without one get that of the component.').optional(),
  namePrefix: text('Text before the names of all objects.', { examples: ['team-'], maxLength: 200 }).optional(),
  nameSuffix: text('Text behind the names of all objects.', { examples: ['-blue'], maxLength: 200 }).optional(),
  commonMetadata: z
    .strictObject({
      labels: mapOf('Labels.', z.string()).optional(),
      annotations: mapOf('Annotations.', z.string()).optional(),
    })
    .meta({ description: 'Labels and annotations for everything that is applied. They count before what the objects say.' })
    .optional(),
  ignore: listOf('Fields that Flux leaves to others on objects that are there. Needs Flux 2.9.', ignoredFields).optional(),
};

const configMap = z
  .strictObject({
    name: text('Name that the manifests use.'),
    data: mapOf('Content by key. It is in Git: no secrets.', z.string()),
    behavior: choice('What happens to a ConfigMap of that name which the base generates.', ['create', 'replace', 'merge'], {
      default: 'create',
    }).optional(),
  })
  .meta({ description: 'A ConfigMap to generate.' });

const overlay = z
  .strictObject({
    directory: text('Directory with the whole overlay, from the directory of this file. Its kustomization.yaml names `../../base`.').optional(),
    patches: kustomizePatches.optional(),
    images: listOf('Images to replace.', image).optional(),
    replicas: mapOf('Numbers of replicas by name of the workload.', wholeNumber('Number of replicas.', 0)).optional(),
    configMaps: listOf('ConfigMaps to generate.', configMap).optional(),
    labels: mapOf('Labels for all objects and pod templates; selectors stay as they are.', z.string()).optional(),
    objects: listOf('Objects beside the base.', kubernetesObject).optional(),
  })
  .refine((value) => value.directory === undefined || Object.keys(value).length === 1, {
    error: '`directory` alone: what else changes stands in its kustomization.yaml',
  })
  .meta({
    id: 'KustomizeOverlay',
    title: 'Overlay',
    description: 'What changes about the base: a directory, or single changes.',
    if: { required: ['directory'] },
    then: { maxProperties: 1 },
    examples: [{ images: [{ name: 'fluent/fluentd', newTag: 'v1.18' }] }, { directory: 'components/fluentd/overlays/edge' }],
  });

const changes = { ...settings, ref: sourceRef.optional(), overlay: overlay.optional() };

const variant = z
  .strictObject(changes)
  .meta({ id: 'KustomizeVariant', title: 'What differs', description: 'What is otherwise here; the rest stays as the component says.' });

const conditional = z
  .strictObject({ when: clusterSelector, ...changes })
  .meta({ id: 'KustomizeConditionalVariant', title: 'What differs where a condition holds', description: 'The clusters, and what is otherwise there.' });

const base = exactlyOne(
  'What all clusters share.',
  {
    directory: text('Directory with a kustomization.yaml, from the directory of this file. Its files are delivered.'),
    objects: listOf('Kubernetes objects, each once.', kubernetesObject),
    inRepository: z.literal(true).meta({ description: 'It is at `systems/<component>/base` in the GitOps repository already.' }),
    path: text("Directory in the component's source, another Git repository or an OCI artifact."),
  },
  { title: 'Base', examples: [{ directory: 'components/fluentd/base' }, { inRepository: true }] },
);

/** A component that Flux builds with kustomize. */
export const kustomizeComponent = z
  .strictObject({
    base,
    ...commonFields,
    source: gitSource.optional(),
    ...settings,
    environments: mapOf('What differs by environment.', variant).optional(),
    variants: listOf('What differs by condition. Of several that fit a cluster the last counts most, and each before `environments`.', conditional).optional(),
    clusters: mapOf('What differs by cluster. It counts before everything else, setting by setting.', variant).optional(),
  })
  .meta({
    id: 'KustomizeComponent',
    title: 'Kustomize component',
    description: 'A base that all clusters share, and an overlay for each cluster.',
  });

/** A kustomize component as a file says it. */
export type KustomizeComponentInput = z.output<typeof kustomizeComponent>;
/** What differs, as a file says it. */
export type VariantInput = z.output<typeof variant>;
/** An overlay as a file says it. */
export type OverlayInput = z.output<typeof overlay>;
