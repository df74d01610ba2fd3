import { type Component } from '../../component/component';
import { KustomizeBase } from '../../component/kustomize-base';
import { KustomizeComponent, type KustomizeVariant } from '../../component/kustomize-component';
import { KustomizeOverlay } from '../../component/kustomize-overlay';
import { type FleetPath } from '../fleet-document';
import { type KustomizeComponentInput, type OverlayInput, type VariantInput } from '../schema/kustomize-component';
import { patchOf } from './kustomize-patch';
import { type LoadContext } from './load-context';
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
  context: LoadContext,
  path: FleetPath,
  name: string,
  input: KustomizeComponentInput,
  references: ComponentReferences,
): KustomizeComponent {
  const {
    base,
    source,
    environments,
    variants: conditional,
    clusters,
    dependsOn,
    namespaceOwner: _,
    ...settings
  } = input;
  const variants = (
    key: string,
    given?: Readonly<Record<string, VariantInput>>,
  ): Record<string, KustomizeVariant> | undefined =>
    given &&
    mapValues(
      given,
      (variant, each) => context.attempt([], () => variantOf(context, [...path, key, each], variant)) ?? {},
    );
  const madeBase = context.attempt([], () => baseOf(context, [...path, 'base'], base));
  const madeSource = context.attempt([], () => source && sourceOf(context, [...path, 'source'], source));
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
    variants: conditional?.map(({ when, ...variant }, index) => ({
      ...(context.attempt([], () => variantOf(context, [...path, 'variants', index], variant)) ?? {}),
      when,
    })),
  };
  if (source !== undefined && madeSource === undefined) context.giveUp();
  const component = context.within([path], () => new KustomizeComponent(props));
  return madeBase === undefined ? context.giveUp() : component;
}

function baseOf(context: LoadContext, path: FleetPath, input: KustomizeComponentInput['base']): KustomizeBase {
  const { directory, objects, path: foreign } = input;
  return context.within([path], () =>
    directory !== undefined
      ? KustomizeBase.directory(directory, { relativeTo: context.directory })
      : objects !== undefined
        ? KustomizeBase.objects(objects)
        : foreign !== undefined
          ? KustomizeBase.path(foreign)
          : KustomizeBase.inRepository(),
  );
}

function standIn(source: KustomizeComponentInput['source']): KustomizeBase {
  return (source?.url ?? source?.oci) === undefined ? KustomizeBase.inRepository() : KustomizeBase.path('.');
}

function variantOf(context: LoadContext, path: FleetPath, input: VariantInput): KustomizeVariant {
  const { overlay, ...settings } = input;
  return { ...settings, ...(overlay && { overlay: overlayOf(context, [...path, 'overlay'], overlay) }) };
}

function overlayOf(context: LoadContext, path: FleetPath, input: OverlayInput): KustomizeOverlay {
  const { directory, patches, ...changes } = input;
  return context.within([path], () =>
    directory === undefined
      ? KustomizeOverlay.of({ ...changes, ...(patches && { patches: patches.map(patchOf) }) })
      : KustomizeOverlay.directory(directory, { relativeTo: context.directory }),
  );
}

function mapValues<T, R>(record: Readonly<Record<string, T>>, change: (value: T, key: string) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
}
