import { relative, resolve } from 'node:path';

import { type ClusterDefinition } from '../../definition/fleet-definition';
import {
  type BootstrapDefinition,
  type OperatorDefinition,
  type ProviderDefinition,
} from '../../layout/flux-definition';
import { checkBootstrapSettings } from '../../flux/bootstrap-settings';
import { checkFluxCliJob } from '../../flux/flux-cli-values';
import { FluxPatch } from '../../flux/flux-patch';
import { checkOperatorSettings } from '../../flux/operator/operator-checks';
import { VENDORED_FLUX } from '../../flux/gotk/bundle-lock';
import { checkGotkSettings } from '../../flux/gotk-files';
import { checkProviderSettings } from '../../flux/provider-settings';
import { type FleetPath } from '../fleet-document';
import { type FluxInput } from '../schema/flux';
import { type FluxPatchInput } from '../schema/flux-patch';
import { type Construction } from './construction';
import { patchOf } from './kustomize-patch';
import { checkReadCredential } from './read-credential';

/**
 * How Flux is installed on a cluster.
 *
 * @param construction - the fleet in the making
 * @param places - where the file says it: for the cluster, its environment and the fleet
 * @param input - what it says, merged
 */
export function fluxOf(
  construction: Construction,
  places: readonly FleetPath[],
  input: FluxInput,
): ClusterDefinition['flux'] {
  const { document } = construction;
  const { version, patches: given, ...settings } = input;
  const isProvider = input.way === 'provider';
  if (version === undefined && !isProvider) {
    const [cluster = []] = places;
    const name = cluster.slice(0, -1).join('.');
    construction.refuse(
      document.problem(
        cluster,
        `${name}: missing key "flux.version": want a version of Flux for the cluster, its environment or under "defaults"`,
      ),
    );
  }
  const origin = places.find((place) => document.has([...place, 'patches'])) ?? [];
  const patches = given?.map((patch, index) => fluxPatchOf(construction, [...origin, 'patches', index], patch));
  return construction.within(places, () => {
    FluxPatch.combine(patches ?? []);
    checkReadCredential('Flux', settings.readCredential);
    if (version === undefined || isProvider) {
      const definition: ProviderDefinition = {
        ...only(settings, OF_PROVIDER),
        way: 'provider',
        ...(patches && { patches }),
      };
      checkProviderSettings('Flux', definition);
      return definition;
    }
    if (input.way === 'operator') {
      const definition: OperatorDefinition = {
        ...only(settings, OF_OPERATOR),
        way: 'operator',
        version,
        ...(patches && { patches }),
        ...operatorOf(construction, input),
      };
      checkOperatorSettings('Flux', definition);
      return definition;
    }
    const definition: BootstrapDefinition = {
      ...only(settings, OF_BOOTSTRAP),
      way: 'bootstrap',
      version,
      ...(patches && { patches }),
      ...bundleOf(construction, input),
    };
    checkBootstrapSettings('Flux', definition);
    checkFluxCliJob('Flux', definition);
    checkGotkSettings('Flux', definition);
    return definition;
  });
}

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

// What only other ways know may be among the defaults of the fleet.
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
  image: true,
  imageDigest: true,
  imagePullSecrets: true,
  certificateAuthority: true,
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
  multitenancy: true,
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

function only<T extends object, K extends keyof T>(value: T, keys: Readonly<Record<K, true>>): Pick<T, K> {
  return Object.fromEntries(Object.entries(value).filter(([key]) => Object.hasOwn(keys, key))) as Pick<T, K>;
}

/** Relative to the file, as all paths in it. */
function bundleOf(
  { directory }: Construction,
  { gotkFiles, fluxBundle, version = '' }: FluxInput,
): Pick<BootstrapDefinition, 'fluxBundle'> {
  if (gotkFiles !== 'terraform' && fluxBundle === undefined) {
    return {};
  }
  const path = resolve(directory, fluxBundle ?? `${VENDORED_FLUX}/${version}`);
  // Where that says the same, messages stay short.
  return { fluxBundle: relative('.', path).startsWith('..') ? path : relative('.', path) };
}

/** Relative to the file too. Terraform starts from its own directory, so the path is whole. */
function operatorOf({ directory }: Construction, { operator }: FluxInput): Pick<OperatorDefinition, 'operator'> {
  if (operator === undefined) {
    return {};
  }
  const { chartPath } = operator;
  return { operator: chartPath === undefined ? operator : { ...operator, chartPath: resolve(directory, chartPath) } };
}

function fluxPatchOf(construction: Construction, path: FleetPath, input: FluxPatchInput): FluxPatch {
  const [kind = ''] = Object.keys(input);
  return construction.within([[...path, kind]], () => {
    const { multiTenancyLockdown, concurrency, resources, nodePlacement, sharding } = input;
    const { rootDecryption, rootSubstitution, receiverAccess, custom } = input;
    return (
      (multiTenancyLockdown && FluxPatch.multiTenancyLockdown(multiTenancyLockdown)) ??
      (concurrency && FluxPatch.concurrency(concurrency)) ??
      (resources && FluxPatch.resources(resources)) ??
      (nodePlacement && FluxPatch.nodePlacement(nodePlacement)) ??
      (sharding && FluxPatch.sharding(sharding)) ??
      (rootDecryption && FluxPatch.rootDecryption(rootDecryption)) ??
      (receiverAccess && FluxPatch.receiverAccess(receiverAccess)) ??
      (custom ? FluxPatch.custom(patchOf(custom)) : FluxPatch.rootSubstitution(rootSubstitution ?? ''))
    );
  });
}
