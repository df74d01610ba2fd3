import { type Component } from '../../component/component';
import { KustomizeBase } from '../../component/kustomize-base';
import { KustomizeComponent, type KustomizeVariant } from '../../component/kustomize-component';
import { KustomizeOverlay } from '../../component/kustomize-overlay';
import { type FleetPath } from '../fleet-document';
import { type KustomizeComponentInput, type OverlayInput, type VariantInput } from '../schema/kustomize-component';
import { type Construction } from './construction';
import { patchOf } from './kustomize-patch';
import { sourceOf } from './source';

/** The other components that one refers to. */
export interface ComponentReferences {
  /** Those that it depends on. */
  readonly dependsOn: readonly Component[];
  /** The one whose namespace it joins; undefined for none. */
  readonly namespaceOwner: Component | undefined;
}

/**
 * A component that Flux builds with kustomize.
 *
 * @param references - the other components that it names
 */
export function kustomizeComponentOf(
  construction: Construction,
  path: FleetPath,
  name: string,
  input: KustomizeComponentInput,
  references: ComponentReferences,
): KustomizeComponent {
  const { base, source, environments, clusters, dependsOn, namespaceOwner: _, ...settings } = input;
  const variants = (
    key: string,
    given?: Readonly<Record<string, VariantInput>>,
  ): Record<string, KustomizeVariant> | undefined =>
    given &&
    mapValues(
      given,
      (variant, each) => construction.attempt([], () => variantOf(construction, [...path, key, each], variant)) ?? {},
    );
  const madeBase = construction.attempt([], () => baseOf(construction, [...path, 'base'], base));
  const madeSource = construction.attempt([], () => source && sourceOf(construction, [...path, 'source'], source));
  const props = {
    ...settings,
    name,
    // What is wrong was noted, and the rest can be judged without it.
    base: madeBase ?? standIn(source),
    source: source && madeSource,
    dependsOn: dependsOn && references.dependsOn,
    namespaceOwner: references.namespaceOwner,
    environments: variants('environments', environments),
    clusters: variants('clusters', clusters),
  };
  if (source !== undefined && madeSource === undefined) construction.giveUp();
  const component = construction.within([path], () => new KustomizeComponent(props));
  return madeBase === undefined ? construction.giveUp() : component;
}

function baseOf(construction: Construction, path: FleetPath, input: KustomizeComponentInput['base']): KustomizeBase {
  const { directory, objects, path: foreign } = input;
  return construction.within([path], () =>
    directory !== undefined
      ? KustomizeBase.directory(directory, { relativeTo: construction.directory })
      : objects !== undefined
        ? KustomizeBase.objects(objects)
        : foreign !== undefined
          ? KustomizeBase.path(foreign)
          : KustomizeBase.inRepository(),
  );
}

function standIn(source: KustomizeComponentInput['source']): KustomizeBase {
  return source?.url === undefined ? KustomizeBase.inRepository() : KustomizeBase.path('.');
}

function variantOf(construction: Construction, path: FleetPath, input: VariantInput): KustomizeVariant {
  const { overlay, ...settings } = input;
  return { ...settings, ...(overlay && { overlay: overlayOf(construction, [...path, 'overlay'], overlay) }) };
}

function overlayOf(construction: Construction, path: FleetPath, input: OverlayInput): KustomizeOverlay {
  const { directory, patches, ...changes } = input;
  return construction.within([path], () =>
    directory === undefined
      ? KustomizeOverlay.of({ ...changes, ...(patches && { patches: patches.map(patchOf) }) })
      : KustomizeOverlay.directory(directory, { relativeTo: construction.directory }),
  );
}

function mapValues<T, R>(record: Readonly<Record<string, T>>, change: (value: T, key: string) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
}
