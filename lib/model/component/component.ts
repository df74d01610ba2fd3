import { type PathStep } from '../error-place';
import { type KubeConfigReference } from '../flux/kustomization';
import { type FileTree } from '../manifest/file-tree';
import { type KubernetesObject } from '../manifest/kubernetes-object';
import { type ClusterIdentity } from './cluster-identity';
import { type ClusterSelector } from './cluster-selector';
import { type ComponentBuild } from './component-build';
import { type ComponentSecret } from './component-secret';
import { type ComponentServiceAccount } from './service-account';
import { type VariantLayer } from './variants';

/** An environment that a component names. */
export interface NamedEnvironment {
  /** Its name. */
  readonly name: string;
  /** The prop that names it, as a path from the component. */
  readonly prop: readonly PathStep[];
}

/**
 * Something that Flux deploys to clusters. A component is an immutable value; several clusters may share it.
 *
 * How its Flux objects are named, where they live and into which files they go is for the layout to say; what they are
 * is for the component.
 */
export interface Component {
  /** How Flux deploys it. */
  readonly type: 'kustomize' | 'helm';
  /** Name: a DNS label, unique among the components of a cluster. */
  readonly name: string;
  /** Namespace of the workload. */
  readonly namespace: string;
  /** The component that brings the Namespace: this one, or the one whose namespace it joins. */
  readonly namespaceOwner: Component;
  /** Labels of the Namespace; those of the owner count. */
  readonly namespaceLabels: Readonly<Record<string, string>>;
  /** Components of the same cluster that must be ready before this one is applied. */
  readonly dependsOn: readonly Component[];
  /** The account that applies it; undefined for what the Flux installation says. */
  readonly serviceAccount: ComponentServiceAccount | undefined;
  /** The shard of Flux's controllers that serves it; undefined for the main ones. */
  readonly shard: string | undefined;
  /** The clusters that it comes to by itself: those of any of the selectors. */
  readonly on: readonly ClusterSelector[];
  /** Clusters that its settings name. A cluster that does not exist is a mistake in writing. */
  readonly clustersNamed: readonly string[];
  /** Environments that its settings name. */
  readonly environmentsNamed: readonly NamedEnvironment[];

  /** The Secrets that its Flux objects refer to on a cluster: credentials of sources, and secret values. */
  secretsFor(cluster: ClusterIdentity): readonly ComponentSecret[];
  /** The files that all clusters share, below `systems/<name>`. */
  sharedFiles(): FileTree;
  /** The files for one cluster, below `systems/<name>`. */
  clusterFiles(cluster: ClusterIdentity): FileTree;
  /**
   * What Flux builds of these files for a cluster; undefined when it builds nothing of them, because the component comes
   * from elsewhere.
   */
  buildFor(cluster: ClusterIdentity): ComponentBuild | undefined;
  /** What it says for a cluster, from the farthest, what it says for all, to the nearest. */
  layersFor(cluster: ClusterIdentity): readonly VariantLayer<object>[];
  /** Whether Flux leaves it alone on a cluster, as its own settings say. */
  isSuspendedOn(cluster: ClusterIdentity): boolean;
  /** Its Flux objects on a cluster, in the order in which they are applied, without Namespace and Secret. */
  fluxObjects(placement: ComponentPlacement): readonly FluxManifest[];
}

/** Where the Flux objects of a component live on a cluster, and what they refer to. */
export interface ComponentPlacement {
  /** The cluster that the component is deployed to. */
  readonly cluster: ClusterIdentity;
  /** Namespace of the component's Flux objects. */
  readonly namespace: string;
  /**
   * Namespace of another component's Flux objects.
   *
   * @param component - a component of the same cluster
   */
  namespaceOf(component: Component): string;
  /** Address of the GitOps repository. */
  readonly repositoryUrl: string;
  /** Branch of the GitOps repository that the clusters follow. */
  readonly branch: string;
  /**
   * Name of one of the component's Secrets; undefined when there is none, because a source is public.
   *
   * @param secret - one of those that the component says
   */
  secretNameOf(secret: ComponentSecret): string | undefined;
  /** How often a source that does not say so itself is fetched. */
  readonly sourceInterval: string;
  /** Account that applies the component; undefined for that of the controller. */
  readonly serviceAccountName: string | undefined;
  /** Whether that account has rights in the namespace of the Flux objects only. */
  readonly accountIsNamespaced: boolean;
  /** The other cluster that the objects are applied to; undefined for the one that Flux runs in. */
  readonly kubeConfig: KubeConfigReference | undefined;
  /** Labels for every Flux object, for example the shard's. */
  readonly labels: Readonly<Record<string, string>> | undefined;
  /** Whether Flux leaves all components of the cluster alone, whatever the component says. */
  readonly suspend: boolean;
  /** The version of Flux that serves the cluster, or a range of versions; undefined when it is not known. */
  readonly fluxVersion: string | undefined;
  /** Annotations for every Flux object. */
  readonly annotations: Readonly<Record<string, string>> | undefined;
}

/** One object of a component, with the role that names its file: `<component>-<role>.yaml`. */
export interface FluxManifest {
  /** What the object is to the component. */
  readonly role:
    | 'git-repository'
    | 'kustomization'
    | 'helm-repository'
    | 'oci-repository'
    | 'helm-chart'
    | 'helm-release'
    | 'config';
  /** The object. */
  readonly object: KubernetesObject;
}
