import { z } from 'zod';

import { cluster, clusterDefaults } from './cluster';
import { clusterClass } from './cluster-class';
import { delivery } from './delivery';
import { DNS_LABEL, exactlyOne, mapOf } from './fields';
import { helmComponent } from './helm-component';
import { kustomizeComponent } from './kustomize-component';
import { applyPipeline } from './pipeline';
import { planPipeline } from './plan-pipeline';
import { project, state } from './project';

const named = { propertyNames: { pattern: DNS_LABEL } };

/** A component. */
export const component = exactlyOne(
  'Something that Flux deploys to clusters. Its only key says how.',
  { kustomize: kustomizeComponent, helm: helmComponent },
  { id: 'Component', title: 'Component' },
);

const places = (of: string): z.ZodType =>
  z.union([z.string(), z.array(z.string())]).meta({
    description: `Files with one ${of} each, and directories of them, from the directory of this file. The name of a file is that of its ${of}.`,
    examples: [`${of}s`],
  });

const include = z
  .strictObject({
    clusters: places('cluster').optional(),
    components: places('component').optional(),
    classes: places('class').meta({ examples: ['classes', ['../shared/edge.yaml']] }).optional(),
  })
  .meta({ title: 'Include', description: 'Entries in files of their own, beside those in this file.' });

/** The whole file. */
export const fleet = z
  .strictObject({
    project,
    include: include.optional(),
    delivery: delivery.optional(),
    state: state.optional(),
    applyPipeline: applyPipeline.optional(),
    planPipeline: planPipeline.optional(),
    defaults: clusterDefaults
      .meta({ title: 'Defaults', description: 'What holds for every cluster, unless its environment or itself says otherwise.' })
      .optional(),
    environments: mapOf(
      'The environments, by name, with what holds for their clusters. Maps are merged key by key, names of components are added up, and other lists are replaced.',
      clusterDefaults.meta({ description: 'What holds for every cluster of the environment, unless itself says otherwise.' }),
      { title: 'Environments', ...named },
    ),
    components: mapOf('What Flux can deploy, by name. A component that is on no cluster is not written.', component, {
      title: 'Components',
      ...named,
    }).optional(),
    classes: mapOf('Classes of clusters, by name. What a class says counts before the environment, and after the cluster.', clusterClass, {
      title: 'Classes',
      ...named,
    }).optional(),
    clusters: mapOf('The clusters, by name.', cluster, { title: 'Clusters', ...named }),
  })
  .meta({
    title: 'Fleet',
    description: 'Kubernetes clusters, the Flux that runs on them and what it deploys: the input of cdktf-gitlab-flux.',
  });

/** The whole file, checked. */
export type FleetInput = z.output<typeof fleet>;
/** A component as a file says it. */
export type ComponentInput = z.output<typeof component>;
