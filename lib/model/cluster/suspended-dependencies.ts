import { type Cluster } from './cluster';

/**
 * Components that will most likely wait for ever, because what they depend on is suspended. Flux takes a dependency that
 * it has never reconciled for one that is not ready.
 *
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#dependencies
 */
export function dependencyWarnings(cluster: Cluster): readonly { readonly message: string }[] {
  // Nobody waits where everything is suspended.
  if (cluster.suspend) return [];
  return cluster.components
    .filter((component) => !component.isSuspendedOn(cluster))
    .flatMap(({ name, dependsOn }) =>
      dependsOn
        .filter((dependency) => dependency.isSuspendedOn(cluster))
        .map((dependency) => ({
          message: `component "${name}" depends on "${dependency.name}", which is suspended: where that has never been ready, "${name}" waits for ever`,
        })),
    );
}
