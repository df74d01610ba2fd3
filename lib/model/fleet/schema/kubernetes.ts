import { z } from 'zod';

import { choice, listOf, mapOf, text } from './fields';

/** A Kubernetes object as people write it. Its fields are those of its kind, so it is open. */
export const kubernetesObject = z
  .looseObject({
    apiVersion: text('Group and version.', { examples: ['v1', 'apps/v1'] }),
    kind: text('Kind.', { examples: ['ConfigMap'] }),
    metadata: z
      .looseObject({
        name: text('Name.'),
        namespace: text('Namespace.').optional(),
        labels: mapOf('Labels.', z.string()).optional(),
        annotations: mapOf('Annotations.', z.string()).optional(),
      })
      .meta({ description: 'Name, namespace, labels and annotations.' }),
  })
  .meta({
    id: 'KubernetesObject',
    title: 'Kubernetes object',
    description: 'A Kubernetes object. A Secret must be encrypted by SOPS.',
    examples: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { level: 'info' } }],
  });

/** A reference to a Kubernetes object. */
export const objectReference = z
  .strictObject({
    apiVersion: text('Group and version.', { examples: ['apps/v1'] }),
    kind: text('Kind.', { examples: ['DaemonSet'] }),
    name: text('Name of the object.'),
    namespace: text('Namespace of the object. By default that of what refers to it.').optional(),
  })
  .meta({ id: 'ObjectReference', title: 'Reference to an object', description: 'A reference to one Kubernetes object.' });

/** What a patch, or a rule, is about. */
export const target = z
  .strictObject({
    group: text('API group. By default any.').optional(),
    version: text('API version. By default any.').optional(),
    kind: text('Kind. By default any.').optional(),
    name: text('Name, an anchored regular expression. By default any.').optional(),
    namespace: text('Namespace, an anchored regular expression. By default any.').optional(),
    labelSelector: text('Label selector. By default any.').optional(),
    annotationSelector: text('Annotation selector. By default any.').optional(),
  })
  .meta({ description: 'What the patch changes. By default the object that the patch names itself.' });

const operation = z
  .strictObject({
    op: choice('What to do.', ['add', 'remove', 'replace', 'move', 'copy', 'test']),
    path: text('JSON pointer.', { examples: ['/spec/replicas'] }),
    from: text('JSON pointer of the origin, for move and copy.').optional(),
    value: z.unknown().meta({ description: 'The value, for add, replace and test.' }).optional(),
  })
  .meta({ description: 'An operation of JSON 6902.' });

/** A patch of kustomize; the patch itself is text or data. */
export const kustomizePatch = z
  .strictObject({
    patch: z
      .union([z.string(), z.array(operation), z.looseObject({})])
      .meta({
        description: 'A strategic merge patch, or a JSON 6902 patch: text in YAML, or the same as data.',
        examples: [{ apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'fluentd' }, spec: { minReadySeconds: 5 } }],
      }),
    target: target.optional(),
  })
  .meta({ id: 'KustomizePatch', title: 'Patch', description: 'A patch of kustomize.' });

/** Patches of kustomize. */
export const kustomizePatches = listOf('Strategic merge patches and JSON 6902 patches.', kustomizePatch);
