import { type ClusterWithFlux } from '../../installation/flux-installation';
import { REPOSITORY_STACK, stackNameOf } from '../../layout/stack-name';
import { type PipelineStack } from './pipeline-plan';

/** The stacks of a fleet, as its pipeline has to know them. */
export function stacksOfFleet(clusters: readonly ClusterWithFlux[]): readonly PipelineStack[] {
  return [
    { name: REPOSITORY_STACK, environment: REPOSITORY_STACK },
    ...clusters.map(({ cluster }) => ({ name: stackNameOf(cluster), environment: cluster.environment })),
  ];
}
