import { relative, resolve } from 'node:path';

import { type BootstrapDefinition } from '../../layout/fleet-definition';
import { checkBootstrapSettings } from '../../flux/bootstrap-settings';
import { FluxPatch } from '../../flux/flux-patch';
import { checkGotkSettings, VENDORED_FLUX } from '../../flux/gotk-files';
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
): BootstrapDefinition {
  const { document } = construction;
  const { version, patches: given, ...settings } = input;
  if (version === undefined) {
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
    const definition: BootstrapDefinition = {
      ...settings,
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
