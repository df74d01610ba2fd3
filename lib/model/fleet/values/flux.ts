import { relative, resolve } from 'node:path';

import { pathText } from '../../error-place';
import { FluxPatch } from '../../flux/flux-patch';
import { VENDORED_FLUX } from '../../flux/gotk/bundle-lock';
import { FluxInstallation } from '../../installation/flux-installation';
import { type FluxType, isKeyOf, wantInsteadOf } from '../../installation/flux-type';
import {
  type BootstrapInstallationProps,
  type OperatorInstallationProps,
  type ProviderInstallationProps,
} from '../../installation/installation-props';
import { type FleetPath } from '../fleet-document';
import { type FluxInput } from '../schema/flux';
import { type FluxPatchInput } from '../schema/flux-patch';
import { patchOf } from './kustomize-patch';
import { type LoadContext } from './load-context';

type Props = BootstrapInstallationProps & ProviderInstallationProps & OperatorInstallationProps;

/**
 * How Flux is installed on a cluster.
 *
 * @param places - where the file says it: for the cluster, its environment and the fleet
 */
export function installationOf(
  context: LoadContext,
  places: readonly FleetPath[],
  input: FluxInput,
): Exclude<FluxInstallation, { readonly type: 'spoke' }> {
  const { type = 'bootstrap', patches: given, ...settings } = input;
  const [own = []] = places;
  if (settings.version === undefined && type !== 'provider') context.giveUp();
  const origin = places.find((place) => context.document.has([...place, 'patches'])) ?? [];
  const patches = given?.map((patch, index) =>
    context.attempt([], () => fluxPatchOf(context, [...origin, 'patches', index], patch)),
  );
  // What is said for several clusters may be for the others.
  const isMeant = (key: string): boolean => isKeyOf(type, key) || context.document.has([...own, key]);
  const meant = Object.fromEntries(Object.entries(settings).filter(([key]) => isMeant(key)));
  const props = { ...meant, ...pathsOf(context, { ...meant, type }) } as Props;
  const isComplete = !patches?.includes(undefined);
  const installation = context.within(places, () =>
    FluxInstallation[type](isComplete && patches ? { ...props, patches: patches as readonly FluxPatch[] } : props),
  );
  return isComplete ? installation : context.giveUp();
}

/** Paths are relative to the file, as all in it. */
function pathsOf(
  { directory }: LoadContext,
  { type, gotkFiles, fluxBundle, version = '', operator }: FluxInput,
): Pick<FluxInput, 'fluxBundle' | 'operator'> {
  const isVendored = type === 'bootstrap' && gotkFiles === 'terraform';
  const bundle = fluxBundle ?? (isVendored ? `${VENDORED_FLUX}/${version}` : undefined);
  const chartPath = operator?.chartPath;
  return {
    ...(bundle !== undefined && { fluxBundle: shortest(resolve(directory, bundle)) }),
    // Terraform starts from its own directory, so the path is whole.
    ...(chartPath !== undefined && { operator: { ...operator, chartPath: resolve(directory, chartPath) } }),
  };
}

/** Where that says the same, messages stay short. */
function shortest(path: string): string {
  return relative('.', path).startsWith('..') ? path : relative('.', path);
}

function fluxPatchOf(context: LoadContext, path: FleetPath, input: FluxPatchInput): FluxPatch {
  const [kind = ''] = Object.keys(input);
  return context.within([[...path, kind]], () => {
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

/**
 * Refuses keys among the defaults of several clusters that none of them knows: they would be dropped.
 *
 * @param layers - where the file says them, with the clusters that this is for
 */
export function checkSharedFluxKeys(
  { document, problems }: LoadContext,
  layers: readonly { readonly path: FleetPath; readonly input: object; readonly types: readonly FluxType[] }[],
): void {
  for (const { path, input, types } of layers) {
    for (const key of types.length === 0 ? [] : Object.keys(input)) {
      const want = wantInsteadOf(key, types);
      const place = [...path, key];
      if (want !== undefined) problems.push(document.problem(place, `${pathText(place)}: want ${want}`, 'key'));
    }
  }
}
