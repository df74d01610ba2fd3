import { mapAll } from '../check-all';
import { type Cluster } from '../cluster/cluster';
import { type Fleet } from '../cluster/fleet';
import { type Component } from '../component/component';
import { FLUX_NAMESPACE } from '../flux/metadata';
import { type FluxTarget } from '../installation/flux-target';
import { FileTree } from '../manifest/file-tree';
import { isKubernetesObject, type KubernetesObject } from '../manifest/kubernetes-object';
import { cloneUrl, type ProjectBranch } from '../manifest/project-branch';
import { fluxCommonFiles } from './flux-common-layout';
import { type FluxSource } from './flux-source';
import { type LayoutContext } from './layout-context';
import { perClusterFiles } from './per-cluster-layout';
import { checkSopsFiles } from './sops-files';

const LAYOUTS = { 'per-cluster': perClusterFiles, 'flux-common': fluxCommonFiles } as const;

/** The components of a cluster in their places in the GitOps repository. */
export class ClusterLayout implements LayoutContext {
  /** The cluster. */
  public readonly cluster: Cluster;
  /** Where its Flux objects go. */
  public readonly target: FluxTarget;
  /** The GitOps repository. */
  public readonly repository: ProjectBranch;
  private placed?: readonly FileTree[];

  constructor({ cluster, target, repository }: LayoutContext) {
    this.cluster = cluster;
    this.target = target;
    this.repository = repository;
  }

  /**
   * The Flux objects of its components, with what they need on the cluster, in the order of the components.
   *
   * @throws ValidationError when a component cannot be deployed in this way
   */
  public get objects(): readonly KubernetesObject[] {
    return this.fluxFiles.flatMap(({ objects }) => objects).filter(isKubernetesObject);
  }

  /**
   * All files of its components: their Flux objects and their overlays. Every path holds the cluster's name; the cluster's
   * stack owns them.
   *
   * @throws ValidationError when a component cannot be deployed in this way
   */
  public get files(): FileTree {
    const { components } = this.cluster;
    const overlays = components.map((component) => component.clusterFiles(this.cluster).below(systemOf(component)));
    return FileTree.merge([...this.fluxFiles, ...overlays]);
  }

  /**
   * The GitRepositories on the cluster: that of the root, and those of its components.
   *
   * @throws ValidationError when a component cannot be deployed in this way
   */
  public get sources(): readonly FluxSource[] {
    const root = {
      name: FLUX_NAMESPACE,
      namespace: this.target.rootNamespace,
      url: cloneUrl(this.repository),
      isGitOps: true,
      isPrivate: true,
      ref: { branch: this.repository.branch },
    };
    const { objects } = FileTree.merge(this.fluxFiles);
    const repositories = objects.filter(({ kind }) => kind === 'GitRepository');
    return [root, ...repositories.map((object) => this.sourceOf(object))];
  }

  private get fluxFiles(): readonly FileTree[] {
    const { components, trigger } = this.cluster;
    this.placed ??= mapAll(components, (component) => {
      checkSopsFiles(component, this);
      return LAYOUTS[trigger.layout](component, this);
    });
    return this.placed;
  }

  private sourceOf({ metadata, spec }: Partial<KubernetesObject>): FluxSource {
    const { url, ref, secretRef } = spec as Pick<FluxSource, 'url' | 'ref'> & { readonly secretRef?: object };
    const { name = '', namespace = '' } = metadata ?? {};
    const isGitOps = url === cloneUrl(this.repository);
    return { name, namespace, url, isGitOps, isPrivate: secretRef !== undefined, ref };
  }
}

/** The files that clusters share: bases and own charts. The stack `repository` owns them. */
export function sharedComponentFiles(fleet: Fleet): FileTree {
  return FileTree.merge(fleet.components.map((component) => component.sharedFiles().below(systemOf(component))));
}

function systemOf(component: Component): string {
  return `systems/${component.name}`;
}
