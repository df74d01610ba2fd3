import { checkAll } from '../check-all';
import { below, type ErrorThing, type PathStep } from '../error-place';
import { type GitVerification } from '../flux/git-fetch';
import { checkKustomizationSettings, kustomization, type KustomizationSettings } from '../flux/kustomization';
import { FileTree } from '../manifest/file-tree';
import { ValidationError } from '../validation-error';
import { type ClusterIdentity } from './cluster-identity';
import { checkClusterSelector } from './cluster-selector';
import { variablesOf } from './cluster-variables';
import { type ComponentPlacement, type FluxManifest } from './component';
import { ComponentBase } from './component-base';
import { type ComponentBuild, type FluxChanges } from './component-build';
import { checkCommonProps, type CommonComponentProps } from './component-checks';
import { type ComponentSecret } from './component-secret';
import { dependenciesOfKind, gateAfterHelm } from './dependency-gate';
import { checkPlacedChanges, fluxChanges } from './flux-changes';
import { GitSource } from './git-source';
import { type KustomizeBase } from './kustomize-base';
import { KustomizeOverlay } from './kustomize-overlay';
import { checkSecretsOf } from './kustomize-secrets';
import { nearestSettings } from './nearest-settings';
import { type OciSource } from './oci-source';
import { checkSourceRef, sourceObject, type SourceRef } from './source-object';
import { allVariants, type VariantLayer, variantLayers, type Variants, type WithCondition } from './variants';

/** What a component does otherwise on a cluster, or on all clusters of an environment. */
export interface KustomizeVariant extends KustomizationSettings {
  /**
   * What to take of the source, for example a tag in production.
   *
   * @default - as the source says
   */
  readonly ref?: SourceRef;
  /** What changes about the base. A cluster's overlay replaces that of its environment. */
  readonly overlay?: KustomizeOverlay;
}

/** What describes a {@link KustomizeComponent}. */
export interface KustomizeComponentProps
  extends CommonComponentProps, KustomizationSettings, Variants<KustomizeVariant> {
  /** What all clusters share. */
  readonly base: KustomizeBase;
  /**
   * Where the manifests come from.
   *
   * @default GitSource.gitOpsRepository()
   */
  readonly source?: GitSource | OciSource;
  /** What differs by environment. */
  readonly environments?: Readonly<Record<string, KustomizeVariant>>;
  /** What differs by condition. Of several that fit a cluster, the last counts most; all of them before `environments`. */
  readonly variants?: readonly (KustomizeVariant & WithCondition)[];
  /** What differs by cluster. It counts before everything else, setting by setting. */
  readonly clusters?: Readonly<Record<string, KustomizeVariant>>;
}

/**
 * A component that Flux builds with kustomize: a base that all clusters share and an overlay for each cluster.
 *
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/
 */
export class KustomizeComponent extends ComponentBase {
  /** Flux builds it with kustomize. */
  public readonly type = 'kustomize';
  private readonly props: KustomizeComponentProps;
  private readonly source: GitSource | OciSource;
  private readonly overlays = new Map<KustomizeOverlay, FileTree>();

  /**
   * @throws ValidationError when a name is no DNS label, base and source do not fit, a setting is one that Flux would
   * refuse, or a Secret is in plain text
   */
  constructor(props: KustomizeComponentProps) {
    super(props);
    this.props = props;
    this.source = props.source ?? GitSource.gitOpsRepository();
    this.check();
  }

  /** The credential of its source. */
  public secretsFor(): readonly ComponentSecret[] {
    return [this.source];
  }

  /** The base, when this library delivers it. */
  public sharedFiles(): FileTree {
    return this.props.base.files.below('base');
  }

  /** The overlay of a cluster. */
  public clusterFiles(cluster: ClusterIdentity): FileTree {
    if (this.source.isForeign) return FileTree.EMPTY;
    return this.filesOf(this.overlayFor(cluster)).below(`overlays/${cluster.name}`);
  }

  /** Whether Flux leaves it alone on a cluster. */
  public isSuspendedOn(cluster: ClusterIdentity): boolean {
    return this.variantFor(cluster).suspend ?? false;
  }

  /** What Flux builds of base and overlay. */
  public buildFor(cluster: ClusterIdentity): ComponentBuild | undefined {
    if (this.source.isForeign) return undefined;
    const { postBuild, decryption } = this.variantFor(cluster);
    const { images: _, ...changes } = this.changesFor(cluster);
    const { base } = this.props;
    return {
      type: 'overlay',
      baseDirectory: base.directory,
      baseRoot: base.root,
      overlayDirectory: this.overlayFor(cluster).directory,
      hasBase: base.type === 'files',
      changes,
      postBuild,
      decryption,
    };
  }

  /** A `GitRepository` or an `OCIRepository`, and a `Kustomization`. */
  public fluxObjects(placement: ComponentPlacement): readonly FluxManifest[] {
    const { cluster, namespace, labels, annotations } = placement;
    const { ref, overlay: _, ...settings } = this.variantFor(cluster);
    checkKustomizationSettings({ component: this.name, cluster: cluster.name }, [], settings);
    const filesOf = (): FileTree => FileTree.merge([this.sharedFiles(), this.clusterFiles(cluster)]);
    checkPlacedChanges(this, placement, settings, this.props.base.type === 'files' ? filesOf : undefined);
    const metadata = { name: this.name, namespace, labels, annotations };
    const source = sourceObject(this.source, metadata, placement, ref, this.sparseCheckout());
    const from = {
      path: this.props.base.foreignPath ?? `./systems/${this.name}/overlays/${cluster.name}`,
      sourceKind: source.role === 'oci-repository' ? ('OCIRepository' as const) : undefined,
    };
    const gate = gateAfterHelm(this, placement, from);
    const deployment = kustomization({
      ...settings,
      ...metadata,
      ...this.changesFor(cluster),
      suspend: placement.suspend || settings.suspend,
      // Flux would look in the namespace of its own object, which a layout may choose.
      healthChecks: settings.healthChecks?.map((check) => ({
        namespace: settings.targetNamespace ?? this.namespace,
        ...check,
      })),
      ...from,
      sourceName: this.name,
      dependsOn: [...dependenciesOfKind(this, placement, 'kustomize'), ...(gate ? [gate.metadata] : [])].map(
        ({ name, namespace: of }) => ({ name, namespace: of ?? namespace }),
      ),
      serviceAccountName: placement.serviceAccountName,
      kubeConfig: placement.kubeConfig,
    });
    return [
      source,
      ...(gate ? [{ role: 'kustomization' as const, object: gate }] : []),
      { role: 'kustomization', object: deployment },
    ];
  }

  /** What counts on a cluster, from the farthest to the nearest. */
  public layersFor(cluster: ClusterIdentity): readonly VariantLayer<KustomizeVariant>[] {
    return variantLayers<KustomizeVariant>(settingsOf(this.props), this.props, cluster);
  }

  private variantFor(cluster: ClusterIdentity): KustomizeVariant {
    const variant = nearestSettings(...this.layersFor(cluster).map(({ settings }) => settings));
    const { variables, ...postBuild } = variant.postBuild ?? {};
    if (variables === undefined) return variant;
    const substitute = { ...(variables ? variablesOf(cluster) : {}), ...postBuild.substitute };
    return { ...variant, postBuild: { ...postBuild, substitute } };
  }

  private overlayFor(cluster: ClusterIdentity): KustomizeOverlay {
    return this.variantFor(cluster).overlay ?? KustomizeOverlay.NONE;
  }

  private get verification(): GitVerification | undefined {
    return this.source.purpose === 'git' ? this.source.fetch.verify : undefined;
  }

  /** Most clusters have the overlay of others, or none. */
  private filesOf(overlay: KustomizeOverlay): FileTree {
    const files = this.overlays.get(overlay) ?? overlay.render(this.namespace, this.props.base);
    this.overlays.set(overlay, files);
    return files;
  }

  /** A fetch then moves only what the component needs; a base that somebody else wrote may need more. */
  private sparseCheckout(): readonly string[] | undefined {
    return this.props.base.type === 'files' ? [`systems/${this.name}`] : undefined;
  }

  private changesFor(cluster: ClusterIdentity): FluxChanges {
    const { isForeign } = this.source;
    const overlay = isForeign ? this.overlayFor(cluster) : KustomizeOverlay.NONE;
    return fluxChanges(this.variantFor(cluster), overlay, isForeign ? this.namespace : undefined);
  }

  private check(): void {
    const at = { component: this.name };
    const { props } = this;
    checkAll(
      () => checkCommonProps(at, props),
      () => this.checkBase(at),
      ...(props.variants ?? []).map(
        ({ when }, index) =>
          () =>
            checkClusterSelector(at, ['variants', index, 'when'], when),
      ),
      ...[[[], props] as const, ...allVariants<KustomizeVariant>(props)].map(
        ([prefix, variant]) =>
          () =>
            this.checkVariant(at, prefix, variant),
      ),
    );
  }

  private checkBase(at: ErrorThing): void {
    const { props } = this;
    if (this.source.isForeign !== (props.base.type === 'foreign')) {
      const want = this.source.isForeign
        ? 'KustomizeBase.path(), because the source is another repository'
        : 'another base, because KustomizeBase.path() is for a source of its own, GitSource.git() or OciSource.artifact()';
      throw new ValidationError({ at, prop: 'base', got: props.base.type, want });
    }
    checkSecretsOf({
      at,
      prop: ['base', 'directory'],
      directory: props.base.root,
      files: props.base.files,
      decrypts: props.decryption !== undefined,
    });
  }

  private checkVariant(at: ErrorThing, prefix: readonly PathStep[], variant: KustomizeVariant): void {
    const { ref } = variant;
    checkAll(
      () => checkKustomizationSettings(at, prefix, variant),
      () => ref && checkSourceRef(at, below(prefix, 'ref'), this.source.purpose, ref, this.verification),
      () => this.checkOverlay(at, prefix, variant),
    );
  }

  private checkOverlay(at: ErrorThing, prefix: readonly PathStep[], variant: KustomizeVariant): void {
    const { overlay } = variant;
    if (overlay === undefined) return;
    // In which environment a cluster is, and which labels it has, a component does not know.
    const farther = KINDS.slice(0, KINDS.indexOf(String(prefix[0])));
    const others = allVariants<KustomizeVariant>(this.props).filter(([[kind]]) => farther.includes(String(kind)));
    const layers = [this.props, variant, ...others.map(([, other]) => other)];
    const decrypts = layers.some(({ decryption }) => decryption !== undefined);
    checkSecretsOf({
      at,
      prop: below(prefix, 'overlay', ...(overlay.directory === undefined ? [] : ['directory'])),
      directory: overlay.directory,
      files: this.filesOf(overlay),
      decrypts,
    });
    const { replicas, configMaps, objects } = overlay.props;
    if (this.source.isForeign && (overlay.files ?? replicas ?? configMaps ?? objects) !== undefined) {
      throw new ValidationError({
        at,
        prop: below(prefix, 'overlay'),
        want: 'only patches, images and labels, because the base is in another repository, where no overlay can be written',
      });
    }
  }
}

/** From the farthest to the nearest. */
const KINDS: readonly string[] = ['environments', 'variants', 'clusters'];

function settingsOf(props: KustomizeComponentProps): KustomizationSettings {
  const { name: _name, namespace: _namespace, namespaceOwner: _owner, namespaceLabels: _labels, ...rest } = props;
  const {
    dependsOn: _dependsOn,
    serviceAccount: _account,
    shard: _shard,
    base: _base,
    source: _source,
    ...others
  } = rest;
  const { environments: _environments, clusters: _clusters, ...settings } = others;
  return settings;
}
