/** The tiers of GitLab's environments. */
export type EnvironmentTier = 'production' | 'staging' | 'testing' | 'development' | 'other';

const TIERS: readonly (readonly [EnvironmentTier, RegExp])[] = [
  ['production', /^(prod|production|live)$/],
  ['staging', /^(stag|stage|staging|demo|model|pre|preprod)$/],
  ['testing', /^(test|testing|tst|int|integration|qa|qc|control|quality|ac|acc|acceptance)$/],
  ['development', /^(dev|develop|development|review|trunk|sandbox)$/],
];

/**
 * The tier that the name of a cluster's environment suggests. GitLab itself would look at the name of its environment,
 * which has the cluster's name in it.
 *
 * @param environment - environment of a cluster, for example `dev`
 * @see https://docs.gitlab.com/ci/environments/#deployment-tier-of-environments
 */
export function environmentTier(environment: string): EnvironmentTier {
  const words = environment.split('-');
  return TIERS.find(([, pattern]) => words.some((word) => pattern.test(word)))?.[0] ?? 'other';
}
