/**
 * What Flux must not prune although it leaves Git: what has to outlive the Flux objects that need it.
 *
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#controlling-the-apply-behavior-of-resources
 */
export const PRUNE_DISABLED = { 'kustomize.toolkit.fluxcd.io/prune': 'disabled' } as const;

/**
 * What Flux must not fill in: `${…}` in the object stays as it is.
 *
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution
 */
export const SUBSTITUTE_DISABLED = { 'kustomize.toolkit.fluxcd.io/substitute': 'disabled' } as const;

/**
 * What makes Flux reconcile at once whatever refers to a ConfigMap or Secret that changes.
 *
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#reacting-immediately-to-configuration-dependencies
 */
export const WATCH_LABEL = { 'reconcile.fluxcd.io/watch': 'Enabled' } as const;

/** The namespace that Flux runs in. */
export const FLUX_NAMESPACE = 'flux-system';

/**
 * The label by which a Flux object goes to one shard of the controllers.
 *
 * @see https://fluxcd.io/flux/installation/configuration/sharding/
 */
export const SHARD_LABEL = 'sharding.fluxcd.io/key';
