import { z } from 'zod';

import { agentLayer } from './agent';
import { connectionLayer } from './connection';
import { DNS_LABEL, duration, exactlyOne, flag, listOf, mapOf, text } from './fields';
import { fluxLayer } from './flux';
import { pipelineTrigger } from './pipeline';
import { spokeLayer } from './spoke';
import { webhookTrigger } from './webhook';

const trigger = z
  .union([
    z.enum(['interval', 'agent', 'webhook', 'pipeline']),
    exactlyOne('A trigger with settings.', {
      interval: z
        .strictObject({ every: duration('How often.', { default: '1m' }).optional() })
        .meta({ description: 'Flux asks for news.' }),
      pipeline: pipelineTrigger,
      webhook: webhookTrigger,
    }),
  ])
  .meta({
    title: 'Trigger',
    description:
      "How a push reaches the cluster. `interval`: Flux asks for news. `agent`: GitLab's agent calls Flux. `webhook`: a project hook calls Flux. `pipeline`: GitLab CI applies what changed.",
    default: 'interval',
    examples: ['pipeline', { interval: { every: '5m' } }, { webhook: { url: 'https://flux.uni-dev.example.com' } }],
  });

const layer = {
  trigger: trigger.optional(),
  connection: connectionLayer.optional(),
  flux: fluxLayer.optional(),
  spoke: spokeLayer.optional(),
  agent: agentLayer.optional(),
  externalSecrets: flag('The cluster serves `ExternalSecret` before Flux comes.', false).optional(),
  labels: mapOf(
    'What the cluster is, for components that choose their clusters or differ between them. Labels of all layers are merged.',
    z.string(),
    { examples: [{ size: 'small' }] },
  ).optional(),
  variables: mapOf(
    'Values that components may ask for, by name. Those of all layers are merged. They are in Git: no secrets.',
    z.string(),
    { examples: [{ REGION: 'eu-central-1' }] },
  ).optional(),
  components: listOf('Names of components that Flux deploys, in any order. Those of all layers are added up.', z.string()).optional(),
  without: listOf('Names of components that Flux does not deploy, whatever the other layers and the components say.', z.string()).optional(),
  suspend: flag('Flux leaves all components alone, as before a move: what is deployed stays when their Flux objects go.', false).optional(),
};

/** What holds for every cluster of the fleet, or of an environment. */
export const clusterDefaults = z.strictObject(layer);

const environment = text('Environment of the cluster: one of `environments`.', { pattern: DNS_LABEL, examples: ['dev'] });
const hub = text('The cluster whose Flux deploys to this one. It has `flux.type: operator`.', { pattern: DNS_LABEL, examples: ['uni-hub'] });

/** What holds for every cluster of a class, with the values of a cluster's parameters in their places. */
export const classLayer = z.strictObject({ environment: environment.optional(), hub: hub.optional(), ...layer });

/** A cluster. */
export const cluster = z
  .strictObject({
    environment: environment.describe('Environment of the cluster: one of `environments`. The class may say it too.').optional(),
    class: text('Class of the cluster: one of `classes`.', { pattern: DNS_LABEL, examples: ['edge'] }).optional(),
    parameters: mapOf('Values for the parameters of the class, by name.', z.union([z.string(), z.number(), z.boolean()]), {
      examples: [{ site: 'muc' }],
    }).optional(),
    hub: hub.optional(),
    ...layer,
  })
  .meta({
    id: 'Cluster',
    title: 'Cluster',
    description: 'A Kubernetes cluster and what Flux deploys to it.',
    anyOf: [{ required: ['environment'] }, { required: ['class'] }],
  });

/** A cluster as a file says it. */
export type ClusterInput = z.output<typeof cluster>;
/** What a class says about one of its clusters. */
export type ClassLayerInput = z.output<typeof classLayer>;
/** What holds for several clusters, as a file says it. */
export type ClusterDefaultsInput = z.output<typeof clusterDefaults>;
/** A trigger as a file says it. */
export type TriggerInput = z.output<typeof trigger>;
