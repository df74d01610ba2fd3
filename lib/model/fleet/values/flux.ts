import { relative, resolve } from 'node:path';

import {
  type BootstrapDefinition,
  type ClusterDefinition,
  type ProviderDefinition,
} from '../../layout/fleet-definition';
import { checkBootstrapSettings } from '../../flux/bootstrap-settings';
import { FluxPatch } from '../../flux/flux-patch';
import { checkGotkSettings, VENDORED_FLUX } from '../../flux/gotk-files';
import { checkProviderSettings } from '../../flux/provider-settings';
import { type FleetPath } from '../fleet-document';
import { type FluxInput } from '../schema/flux';
import { type FluxPatchInput } from '../schema/flux-patch';
import { type Construction } from './construction';
import { patchOf } from './kustomize-patch';

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
    if (version === undefined || isProvider) {
      const definition: ProviderDefinition = {
        ...only(settings, OF_PROVIDER),
        way: 'provider',
        ...(patches && { patches }),
      };
      checkProviderSettings('Flux', definition);
      return definition;
    }
    const { downloadVersion: _version, deleteGitManifests: _delete, timeouts: _timeouts, ...ofTheCli } = settings;
    const definition: BootstrapDefinition = {
      ...ofTheCli,
      way: 'bootstrap',
      version,
      ...(patches && { patches }),
      ...bundleOf(construction, input),
    };
    checkBootstrapSettings('Flux', definition);
    checkGotkSettings('Flux', definition);
    return definition;
  });
}

/** What the way `provider` knows; what only the other one knows may be among the defaults of the fleet. */
const OF_PROVIDER = [
  'components',
  'registry',
  'imagePullSecret',
  'networkPolicy',
  'watchAllNamespaces',
  'logLevel',
  'clusterDomain',
  'tolerationKeys',
  'secretName',
  'interval',
  'recurseSubmodules',
  'author',
  'commitMessageAppendix',
  'downloadVersion',
  'deleteGitManifests',
  'timeouts',
  'readCredential',
] as const satisfies readonly (keyof ProviderDefinition & keyof FluxInput)[];

function only<T extends object, K extends keyof T>(value: T, keys: readonly K[]): Pick<T, K> {
  return Object.fromEntries(keys.filter((key) => key in value).map((key) => [key, value[key]])) as Pick<T, K>;
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
