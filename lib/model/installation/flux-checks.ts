import { checkSpokeSettings } from '../cluster/spoke-settings';
import { type ErrorThing } from '../error-place';
import { checkBootstrapSettings } from '../flux/bootstrap-settings';
import { checkTime } from '../flux/expiry';
import { checkFluxCliJob } from '../flux/flux-cli-values';
import { FluxPatch } from '../flux/flux-patch';
import { checkGotkSettings } from '../flux/gotk-files';
import { checkOperatorSettings } from '../flux/operator/operator-checks';
import { checkProviderSettings } from '../flux/provider-settings';
import {
  type BootstrapDefinition,
  type FluxDefinition,
  type OperatorDefinition,
  type ProviderDefinition,
} from './flux-definition';

/** The ways to run Flux that a cluster has itself. */
export const FLUX_WAYS = ['bootstrap', 'provider', 'operator'] as const;

/** One of them. */
export type FluxWay = (typeof FLUX_WAYS)[number];

/** Every key of a definition but those that are made of something else; the compiler misses one that is not there. */
type Keys<T, Others extends keyof T> = Readonly<Record<keyof Omit<T, Others>, true>>;

/** What every way knows. */
const OF_ALL = {
  components: true,
  registry: true,
  imagePullSecret: true,
  networkPolicy: true,
  logLevel: true,
  clusterDomain: true,
  secretName: true,
  interval: true,
  readCredential: true,
  waitForRoot: true,
} as const;

const OF_BOOTSTRAP: Keys<BootstrapDefinition, 'way' | 'version' | 'patches' | 'fluxBundle'> = {
  ...OF_ALL,
  watchAllNamespaces: true,
  tolerationKeys: true,
  recurseSubmodules: true,
  author: true,
  commitMessageAppendix: true,
  gotkFiles: true,
  authentication: true,
  personal: true,
  teams: true,
  jobImage: true,
  imagePullSecrets: true,
  certificateAuthorityRef: true,
  removalPolicy: true,
  deadline: true,
  attemptTimeout: true,
  rerun: true,
  resources: true,
  nodeSelector: true,
  tolerations: true,
  tokenRevision: true,
};

const OF_OPERATOR: Keys<OperatorDefinition, 'way' | 'version' | 'patches' | 'operator'> = {
  ...OF_ALL,
  variant: true,
  artifact: true,
  artifactPullSecret: true,
  platform: true,
  size: true,
  multiTenancyLockdown: true,
  objectLevelWorkloadIdentity: true,
  sharding: true,
  storage: true,
  commonMetadata: true,
  wait: true,
  migrateResources: true,
  reconciliation: true,
  jobImage: true,
  imagePullSecrets: true,
  nodeSelector: true,
  tolerations: true,
  deadline: true,
};

const OF_PROVIDER: Keys<ProviderDefinition, 'way' | 'patches'> = {
  ...OF_ALL,
  watchAllNamespaces: true,
  tolerationKeys: true,
  recurseSubmodules: true,
  author: true,
  commitMessageAppendix: true,
  downloadVersion: true,
  deleteGitManifests: true,
  timeouts: true,
  jobImage: true,
  imagePullSecrets: true,
  nodeSelector: true,
  tolerations: true,
};

/** What each way can be told, beside what each has in a form of its own. */
export const KEYS_OF_WAY = { bootstrap: OF_BOOTSTRAP, operator: OF_OPERATOR, provider: OF_PROVIDER } as const;

/**
 * Refuses a Flux that would not be installed, or would leave a cluster that does not work.
 *
 * @param at - the thing that has the Flux
 * @returns the same
 */
export function checkFluxDefinition<T extends FluxDefinition>(at: ErrorThing, flux: T): T {
  if (flux.readCredential?.type === 'deploy-token') {
    checkTime(at, ['readCredential', 'expiresAt'], flux.readCredential.expiresAt);
  }

  if (flux.way === 'spoke') {
    checkSpokeSettings(at, flux);
    return flux;
  }
  FluxPatch.combine(flux.patches ?? []);
  switch (flux.way) {
    case 'provider':
      checkProviderSettings(at, flux);
      break;
    case 'operator':
      checkOperatorSettings(at, flux);
      break;
    case 'bootstrap':
      checkBootstrapSettings(at, flux);
      checkFluxCliJob(at, flux);
      checkGotkSettings(at, flux);
  }
  return flux;
}
