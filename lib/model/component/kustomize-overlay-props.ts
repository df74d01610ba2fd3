import { type KubernetesObject } from '../manifest/kubernetes-object';
import { type KustomizePatch } from '../manifest/kustomize';

/** A container image that an overlay replaces. */
export interface KustomizeImage {
  /** Name of the image as the base has it. */
  readonly name: string;
  /**
   * Another name, for example that of a mirror.
   *
   * @default - the name stays
   */
  readonly newName?: string;
  /**
   * Another tag.
   *
   * @default - the tag stays
   */
  readonly newTag?: string;
  /** A digest in place of the tag. */
  readonly digest?: string;
}

/** A ConfigMap that kustomize generates, with a hash of its content in its name. */
export interface ConfigMapGenerator {
  /** Name that the manifests use. */
  readonly name: string;
  /** Content by key. It is in Git: no secrets. */
  readonly data: Readonly<Record<string, string>>;
  /**
   * What happens to a ConfigMap of that name which the base generates.
   *
   * @default 'create'
   */
  readonly behavior?: 'create' | 'replace' | 'merge';
}

/** What one cluster, or the clusters of one environment, change about a base. */
export interface KustomizeOverlayProps {
  /** Strategic merge patches and JSON 6902 patches. */
  readonly patches?: readonly KustomizePatch[];
  /** Images to replace. */
  readonly images?: readonly KustomizeImage[];
  /**
   * Numbers of replicas by name of the workload.
   *
   * @default - as in the base
   */
  readonly replicas?: Readonly<Record<string, number>>;
  /** ConfigMaps to generate. */
  readonly configMaps?: readonly ConfigMapGenerator[];
  /** Labels for all objects and pod templates; selectors stay as they are. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Objects beside the base. */
  readonly objects?: readonly KubernetesObject[];
}
