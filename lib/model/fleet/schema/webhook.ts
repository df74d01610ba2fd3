import { z } from 'zod';

import { mapOf, text } from './fields';
import { receiverAccess } from './flux-patch';

const ingress = z
  .strictObject({
    className: text('Class of the Ingress. By default that of the cluster.').optional(),
    tlsSecretName: text('Name of a Secret in `flux-system` with the certificate of the host.').optional(),
    annotations: mapOf('Annotations, for example for cert-manager.', z.string()).optional(),
  })
  .meta({ description: 'An Ingress for the host of `url` and the path of the hook, and nothing else.' });

const httpRoute = z
  .strictObject({
    gateway: text('Name of the Gateway.'),
    gatewayNamespace: text('Namespace of the Gateway.'),
    sectionName: text('Name of its listener. By default each that takes the route.').optional(),
  })
  .meta({
    description:
      'An HTTPRoute for the host of `url` and the path of the hook, and nothing else. The cluster serves the kind before Flux comes.',
  });

/** How a project hook reaches Flux. */
export const webhookTrigger = z
  .strictObject({
    url: text("Address under which GitLab reaches Flux's receivers, without a path. Without it the hook is yours to make.", {
      pattern: '^https://[^/]+$',
      examples: ['https://flux.uni-dev.example.com'],
    }).optional(),
    ingress: ingress.optional(),
    httpRoute: httpRoute.optional(),
    callers: receiverAccess.optional(),
  })
  .meta({ description: 'A project hook calls Flux.' });
