import { z } from 'zod';

import { clusterSelector } from './cluster-selector';
import { DNS_LABEL, flag, listOf, mapOf, text } from './fields';

/** When objects of a kind are ready. */
export const healthCheckExpression = z
  .strictObject({
    apiVersion: text('Group and version of the kind.'),
    kind: text('The kind.'),
    current: text('CEL expression that is true when the object is ready.'),
    failed: text('CEL expression that is true when the object has failed.').optional(),
    inProgress: text('CEL expression that is true while the object is on its way.').optional(),
  })
  .meta({ description: 'When objects of a kind are ready.' });

/** An image to replace. */
export const image = z
  .strictObject({
    name: text('Name of the image as the base has it.'),
    newName: text('Another name.').optional(),
    newTag: text('Another tag.').optional(),
    digest: text('A digest in place of the tag.').optional(),
  })
  .meta({ description: 'An image to replace.' });

const serviceAccount = z
  .strictObject({
    name: text("Name of the ServiceAccount, in the namespace of the component's Flux objects."),
    create: flag('The account and its binding are written too; otherwise they exist.', true).optional(),
    clusterRole: text('ClusterRole that the account is bound to.', { default: 'cluster-admin' }).optional(),
    clusterWide: flag('The role counts in the whole cluster and not in the namespace only.', false).optional(),
  })
  .meta({ description: 'The account with whose rights Flux applies the component. By default as the Flux installation says.' });

/** The fields that components of every kind have. */
export const commonFields = {
  namespace: text('Namespace of the workload, which the component brings. By default the name of the component.', {
    pattern: DNS_LABEL,
  }).optional(),
  namespaceOwner: text('The component whose namespace this one joins, in place of `namespace`.').optional(),
  namespaceLabels: mapOf('Labels of the namespace, for example those of Pod Security.', z.string(), {
    examples: [{ 'pod-security.kubernetes.io/enforce': 'restricted' }],
  }).optional(),
  on: z
    .union([clusterSelector, z.array(clusterSelector)])
    .meta({
      description: 'The clusters that the component comes to by itself. A list is of alternatives. By default only those that name it.',
      examples: [{ environments: ['prod'] }, { labels: { size: 'small' } }],
    })
    .optional(),
  dependsOn: listOf('Components of the same cluster that must be ready before this one is applied.', z.string()).optional(),
  serviceAccount: serviceAccount.optional(),
  shard: text("The shard of Flux's controllers that serves the component. By default the main ones.").optional(),
};
