import { mapAll } from '../check-all';
import { ValidationError } from '../validation-error';
import {
  type BootstrapInstallationProps,
  type OperatorInstallationProps,
  type ProviderInstallationProps,
} from './installation-props';

/** How Flux is run on a cluster that has it itself. */
export const FLUX_TYPES = ['bootstrap', 'provider', 'operator'] as const;

/** One of them. */
export type FluxType = (typeof FLUX_TYPES)[number];

/** Every key; the compiler misses one that is not there. */
type Keys<T> = Readonly<Record<keyof T, true>>;

/** What all types know. */
const OF_ALL = {
  components: true,
  registry: true,
  imagePullSecret: true,
  networkPolicy: true,
  logLevel: true,
  clusterDomain: true,
  secretName: true,
  interval: true,
  patches: true,
  readCredential: true,
  waitForRoot: true,
  jobImage: true,
  imagePullSecrets: true,
  nodeSelector: true,
  tolerations: true,
} as const;

const OF_BOOTSTRAP: Keys<BootstrapInstallationProps> = {
  ...OF_ALL,
  version: true,
  watchAllNamespaces: true,
  tolerationKeys: true,
  recurseSubmodules: true,
  author: true,
  commitMessageAppendix: true,
  gotkFiles: true,
  fluxBundle: true,
  authentication: true,
  personal: true,
  teams: true,
  certificateAuthorityRef: true,
  removalPolicy: true,
  deadline: true,
  attemptTimeout: true,
  rerun: true,
  resources: true,
  tokenRevision: true,
};

const OF_OPERATOR: Keys<OperatorInstallationProps> = {
  ...OF_ALL,
  version: true,
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
  operator: true,
  deadline: true,
};

const OF_PROVIDER: Keys<ProviderInstallationProps> = {
  ...OF_ALL,
  watchAllNamespaces: true,
  tolerationKeys: true,
  recurseSubmodules: true,
  author: true,
  commitMessageAppendix: true,
  downloadVersion: true,
  deleteGitManifests: true,
  timeouts: true,
};

const KEYS_OF_TYPE = { bootstrap: OF_BOOTSTRAP, operator: OF_OPERATOR, provider: OF_PROVIDER } as const;

/** Whether a type knows a setting. */
export function isKeyOf(type: FluxType, key: string): boolean {
  return Object.hasOwn(KEYS_OF_TYPE[type], key);
}

/**
 * What is right in place of a setting that none of some types knows.
 *
 * @returns undefined when one of them knows it, or it is no setting of any type
 */
export function wantInsteadOf(key: string, types: readonly FluxType[]): string | undefined {
  const knowing = FLUX_TYPES.filter((type) => isKeyOf(type, key));
  if (knowing.length === 0 || knowing.some((type) => types.includes(type))) return undefined;
  const instead = key === 'version' ? ': the provider brings its own, see `downloadVersion`' : '';
  return `nothing with the type ${[...new Set(types)].join(' or ')}: only ${knowing.join(' and ')} has it${instead}`;
}

/** Refuses settings that only other types know: they would change nothing. */
export function checkKeysOfType(type: FluxType, settings: object): void {
  mapAll(Object.entries(settings), ([prop, got]: readonly [string, unknown]) => {
    const want = got === undefined ? undefined : wantInsteadOf(prop, [type]);
    if (want !== undefined) throw new ValidationError({ at: 'Flux', prop, got, want });
  });
}
