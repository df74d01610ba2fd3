import { type Cluster } from '../cluster/cluster';
import { type GitRef } from '../flux/git-repository';
import { FLUX_NAMESPACE } from '../flux/metadata';
import { type FluxTarget, type RepositoryAddress } from '../installation/flux-target';
import { parseObjects } from '../manifest/yaml';
import { clusterComponentFiles } from './component-files';

/** A GitRepository on a cluster. */
export interface FluxSource {
  /** Name of the object. */
  readonly name: string;
  /** Namespace of the object. */
  readonly namespace: string;
  /** Where it clones from. */
  readonly url: string;
  /** Whether it is the GitOps repository. */
  readonly isGitOps: boolean;
  /** Whether it needs a credential. */
  readonly isPrivate: boolean;
  /** What of it Flux takes. */
  readonly ref?: GitRef;
}

/** The GitRepositories on a cluster with a layout per cluster: that of the root, and those in the components' files. */
export function fluxSources(
  cluster: Cluster,
  target: FluxTarget,
  repository: RepositoryAddress,
): readonly FluxSource[] {
  const { httpUrl, branch } = repository;
  const root = {
    name: FLUX_NAMESPACE,
    namespace: target.rootNamespace,
    url: httpUrl,
    isGitOps: true,
    isPrivate: true,
    ref: { branch },
  };
  const components = [...clusterComponentFiles(cluster, target, repository)]
    .filter(({ path }) => path.endsWith('-git-repository.yaml'))
    .flatMap(({ path, content }) => parseObjects(String(content), path))
    .map(({ metadata, spec }) => {
      const { url, ref, secretRef } = spec as { url: string; ref: GitRef; secretRef?: object };
      const { name = '', namespace = '' } = metadata ?? {};
      return { name, namespace, url, isGitOps: url === httpUrl, isPrivate: secretRef !== undefined, ref };
    });
  return [root, ...components];
}

/**
 * Whether the agent tells Flux about pushes to a repository: it compares the names of the hosts and nothing else.
 *
 * @param url - where the repository is cloned from
 */
export function isOnGitLab(url: string, gitlabUrl: string): boolean {
  return hostOf(url) !== undefined && hostOf(url) === hostOf(gitlabUrl);
}

/** Name of the host of an address, or undefined when there is none. */
export function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname.toLowerCase() : undefined;
}
