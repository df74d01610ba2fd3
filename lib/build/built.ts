import { type Cluster } from '../model/cluster/cluster';
import { type Component } from '../model/component/component';
import { type PropPath } from '../model/error-place';
import { type PostBuild } from '../model/flux/kustomization';
import { type KubernetesObject } from '../model/manifest/kubernetes-object';
import { type KustomizeTarget } from '../model/manifest/kustomize';

/** What Flux makes of one directory on one cluster: the overlay of a component, its chart, or the cluster's root. */
export interface Built {
  /** The cluster that it is for. */
  readonly cluster: Cluster;
  /** The component; undefined for the root, which brings the Flux objects of all components. */
  readonly component: Component | undefined;
  /** The directory in the repository, for example `systems/fluentd/overlays/uni-dev`. */
  readonly directory: string;
  /** What people have in place of it: the directory of the base or the chart as the fleet names it, or `directory`. */
  readonly source: string;
  /**
   * The objects that Flux applies: built, and with the values of variables. A text that holds `${NAME}` still has a
   * variable whose value only the cluster knows.
   */
  readonly objects: readonly KubernetesObject[];
  /** The kustomizations that it was built of, the overlay's first; none for a chart. */
  readonly kustomizations: readonly BuiltKustomization[];
  /** Whether Flux decrypts what SOPS encrypted. */
  readonly decrypts: boolean;
  /**
   * What Flux fills in for variables.
   *
   * @default - nothing
   */
  readonly postBuild?: PostBuild;
}

/** A `kustomization.yaml` that a build has used. */
export interface BuiltKustomization {
  /** Path of the file in the repository. */
  readonly path: string;
  /** What people have in place of it: the file as the fleet names its directory, or `path`. */
  readonly source: string;
  /** The file, parsed. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Its patches, of every kind that it may have, with the text of those that are files. */
  readonly patches: readonly BuiltPatch[];
  /** What its patches and replicas see: the objects of its resources, components and generators, before any change. */
  readonly resources: readonly KubernetesObject[];
}

/** A patch of a `kustomization.yaml`. */
export interface BuiltPatch {
  /** Where the file has it, for example `patches[0]`. */
  readonly place: string;
  /** A strategic merge patch or a JSON 6902 patch, as text. */
  readonly text: string;
  /**
   * What it changes.
   *
   * @default - the object that the patch names itself
   */
  readonly target?: KustomizeTarget;
}

/** Something wrong with what Flux would make of the files. */
export interface BuildProblem {
  /** Name of the cluster. */
  readonly cluster: string;
  /**
   * Name of the component.
   *
   * @default - it is about the cluster's root
   */
  readonly component?: string;
  /**
   * The prop of the component, or of the cluster, that it is about, for example `['overlay', 'patches', 0]`.
   *
   * @default - the component as a whole
   */
  readonly prop?: PropPath;
  /** What people look at to mend it: a file of theirs, an object, or both. */
  readonly place: string;
  /** What is wrong, in words that lead to the remedy, without the place. */
  readonly message: string;
  /**
   * Whether it is refused or only said.
   *
   * @default 'error'
   */
  readonly severity?: 'error' | 'warning';
}
