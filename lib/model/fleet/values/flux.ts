import { relative, resolve } from 'node:path';

import { pathText } from '../../error-place';
import { FluxPatch } from '../../flux/flux-patch';
import { VENDORED_FLUX } from '../../flux/gotk/bundle-lock';
import { checkFluxDefinition, FLUX_WAYS, type FluxWay, KEYS_OF_WAY } from '../../installation/flux-checks';
import {
  type BootstrapDefinition,
  type OperatorDefinition,
  type ProviderDefinition,
} from '../../installation/flux-definition';
import { type ClusterDefinition } from '../definition/fleet-definition';
import { type FleetPath } from '../fleet-document';
import { type FleetProblem } from '../fleet-file-error';
import { type FluxInput } from '../schema/flux';
import { type FluxPatchInput } from '../schema/flux-patch';
import { patchOf } from './kustomize-patch';
import { type LoadContext } from './load-context';

/**
 * How Flux is installed on a cluster.
 *
 * @param places - where the file says it: for the cluster, its environment and the fleet
 */
export function fluxDefinitionOf(
  context: LoadContext,
  places: readonly FleetPath[],
  input: FluxInput,
): ClusterDefinition['flux'] {
  const { document } = context;
  const { version, patches: given, ...settings } = input;
  const isProvider = input.way === 'provider';
  checkOwnKeys(context, places, input);
  if (version === undefined && !isProvider) {
    const [cluster = []] = places;
    const name = cluster.slice(0, -1).join('.');
    context.miss(
      places.flatMap((place) => [
        [...place, 'version'],
        [...place, 'way'],
      ]),
      `${name}: missing key "flux.version": want a version of Flux for the cluster, its environment or under "defaults"`,
    );
  }
  const origin = places.find((place) => document.has([...place, 'patches'])) ?? [];
  const patches = given?.map((patch, index) => fluxPatchOf(context, [...origin, 'patches', index], patch));
  return context.within(places, () => {
    if (version === undefined || isProvider) {
      const definition: ProviderDefinition = {
        ...only(settings, KEYS_OF_WAY.provider),
        way: 'provider',
        ...(patches && { patches }),
      };
      return checkFluxDefinition('Flux', definition);
    }
    if (input.way === 'operator') {
      const definition: OperatorDefinition = {
        ...only(settings, KEYS_OF_WAY.operator),
        way: 'operator',
        version,
        ...(patches && { patches }),
        ...operatorOf(context, input),
      };
      return checkFluxDefinition('Flux', definition);
    }
    const definition: BootstrapDefinition = {
      ...only(settings, KEYS_OF_WAY.bootstrap),
      way: 'bootstrap',
      version,
      ...(patches && { patches }),
      ...bundleOf(context, input),
    };
    return checkFluxDefinition('Flux', definition);
  });
}

function only<T extends object, K extends keyof T>(value: T, keys: Readonly<Record<K, true>>): Pick<T, K> {
  return Object.fromEntries(Object.entries(value).filter(([key]) => Object.hasOwn(keys, key))) as Pick<T, K>;
}

/** Relative to the file, as all paths in it. */
function bundleOf(
  { directory }: LoadContext,
  { gotkFiles, fluxBundle, version = '' }: FluxInput,
): Pick<BootstrapDefinition, 'fluxBundle'> {
  if (gotkFiles !== 'terraform' && fluxBundle === undefined) return {};
  const path = resolve(directory, fluxBundle ?? `${VENDORED_FLUX}/${version}`);
  // Where that says the same, messages stay short.
  return { fluxBundle: relative('.', path).startsWith('..') ? path : relative('.', path) };
}

/** Relative to the file too. Terraform starts from its own directory, so the path is whole. */
function operatorOf({ directory }: LoadContext, { operator }: FluxInput): Pick<OperatorDefinition, 'operator'> {
  if (operator === undefined) return {};
  const { chartPath } = operator;
  return { operator: chartPath === undefined ? operator : { ...operator, chartPath: resolve(directory, chartPath) } };
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

/** What the cluster itself says, its way has to know. */
function checkOwnKeys(context: LoadContext, places: readonly FleetPath[], input: FluxInput): void {
  const { document } = context;
  const [own = []] = places;
  const { way = 'bootstrap' } = input;
  for (const key of Object.keys(input)) {
    const path = [...own, key];
    if (!isKeyOf(way, key) && document.has(path)) context.refuse(problemOf(context, path, key, [way]));
  }
}

/**
 * Refuses keys among the defaults of several clusters that none of them knows: they would be dropped.
 *
 * @param layers - where the file says them, with the clusters that this is for
 */
export function checkSharedFluxKeys(
  context: LoadContext,
  layers: readonly { readonly path: FleetPath; readonly input: object; readonly ways: readonly FluxWay[] }[],
): void {
  for (const { path, input, ways } of layers) {
    for (const key of Object.keys(input)) {
      const place = [...path, key];
      if (ways.length > 0 && !ways.some((way) => isKeyOf(way, key))) {
        context.problems.push(problemOf(context, place, key, ways));
      }
    }
  }
}

function isKeyOf(way: FluxWay, key: string): boolean {
  return Object.hasOwn(KEYS_OF_WAY[way], key) || ALWAYS.includes(key) || EXTRA[way].includes(key);
}

const ALWAYS = ['way', 'patches'];
/** Keys of which something else is made. */
const EXTRA: Readonly<Record<FluxWay, readonly string[]>> = {
  bootstrap: ['version', 'fluxBundle'],
  operator: ['version', 'operator'],
  provider: [],
};

function problemOf({ document }: LoadContext, path: FleetPath, key: string, ways: readonly FluxWay[]): FleetProblem {
  const others = FLUX_WAYS.filter((way) => isKeyOf(way, key));
  const instead = key === 'version' ? ': the provider brings its own, see `downloadVersion`' : '';
  const want = `nothing with the way ${[...new Set(ways)].join(' or ')}: only ${others.join(' and ')} has it${instead}`;
  return document.problem(path, `${pathText(path)}: want ${want}`, 'key');
}
