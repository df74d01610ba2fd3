import { type Construct } from 'constructs';

import { FLUX_NAMESPACE } from '../../model/flux/metadata';
import { type ClusterAccess } from '../cluster/cluster-access';
import { NamespaceV1 } from '../terraform/resources';

/** The namespace that Flux runs in. It has one address whatever installs Flux. */
export function fluxNamespace(scope: Construct, { kubernetes }: ClusterAccess): NamespaceV1 {
  return new NamespaceV1(scope, 'Namespace', {
    provider: kubernetes,
    metadata: { name: FLUX_NAMESPACE },
    // Flux labels its namespace.
    lifecycle: { ignoreChanges: ['metadata[0].labels', 'metadata[0].annotations'] },
  });
}
