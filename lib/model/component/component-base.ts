import { type PathStep } from '../error-place';
import { type FileTree } from '../manifest/file-tree';
import { type ClusterIdentity } from './cluster-identity';
import { type ClusterSelector } from './cluster-selector';
import { type Component, type ComponentPlacement, type FluxManifest, type NamedEnvironment } from './component';
import { type ComponentBuild } from './component-build';
import { type CommonComponentProps } from './component-checks';
import { type ComponentSecret } from './component-secret';
import { type ComponentServiceAccount } from './service-account';
import { type VariantLayer, type Variants, type WithCondition } from './variants';

/** What components of every kind say about themselves in the same way. */
export abstract class ComponentBase implements Component {
  /** How Flux deploys it. */
  public abstract readonly type: Component['type'];
  /** Name of the component. */
  public readonly name: string;
  /** Namespace of the workload. */
  public readonly namespace: string;
  /** The component that brings the namespace. */
  public readonly namespaceOwner: Component;
  /** Labels of the namespace. */
  public readonly namespaceLabels: Readonly<Record<string, string>>;
  /** Components that must be ready before. */
  public readonly dependsOn: readonly Component[];
  /** The account that applies it, when it says so itself. */
  public readonly serviceAccount: ComponentServiceAccount | undefined;
  /** The shard that serves it. */
  public readonly shard: string | undefined;
  /** The clusters that it comes to by itself. */
  public readonly on: readonly ClusterSelector[];
  /** Clusters that its settings name. */
  public readonly clustersNamed: readonly string[];
  /** Environments that its settings name. */
  public readonly environmentsNamed: readonly NamedEnvironment[];

  protected constructor(props: CommonComponentProps & Variants<object>) {
    this.name = props.name;
    this.namespaceOwner = props.namespaceOwner?.namespaceOwner ?? this;
    this.namespace = props.namespaceOwner?.namespace ?? props.namespace ?? props.name;
    this.namespaceLabels = props.namespaceLabels ?? {};
    this.dependsOn = [...(props.dependsOn ?? [])];
    this.serviceAccount = props.serviceAccount;
    this.shard = props.shard;
    this.on = [props.on ?? []].flat();
    this.clustersNamed = Object.keys(props.clusters ?? {});
    this.environmentsNamed = [
      ...Object.keys(props.environments ?? {}).map((name) => ({ name, prop: ['environments'] })),
      ...namedIn(props.variants ?? [], (index) => ['variants', index, 'when']),
      ...namedIn(
        this.on.map((when) => ({ when })),
        (index) => (Array.isArray(props.on) ? ['on', index] : ['on']),
      ),
    ];
  }

  /** The Secrets that its Flux objects refer to on a cluster. */
  public abstract secretsFor(cluster: ClusterIdentity): readonly ComponentSecret[];
  /** The files that all clusters share. */
  public abstract sharedFiles(): FileTree;
  /** The files for one cluster. */
  public abstract clusterFiles(cluster: ClusterIdentity): FileTree;
  /** What Flux builds of these files for a cluster. */
  public abstract buildFor(cluster: ClusterIdentity): ComponentBuild | undefined;
  /** What it says for a cluster, from the farthest to the nearest. */
  public abstract layersFor(cluster: ClusterIdentity): readonly VariantLayer<object>[];
  /** Whether Flux leaves it alone on a cluster. */
  public abstract isSuspendedOn(cluster: ClusterIdentity): boolean;
  /** Its Flux objects on a cluster. */
  public abstract fluxObjects(placement: ComponentPlacement): readonly FluxManifest[];
}

function namedIn(
  conditions: readonly WithCondition[],
  pathOf: (index: number) => readonly PathStep[],
): readonly NamedEnvironment[] {
  return conditions.flatMap(({ when: { environments = [] } }, index) =>
    environments.map((name, each) => ({ name, prop: [...pathOf(index), 'environments', each] })),
  );
}
