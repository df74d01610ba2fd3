import { type RepositoryTexts } from './flux-deployments';

/** A component that leaves clusters. */
export interface ComponentDeparture {
  /** Name of the component. */
  readonly component: string;
  /** Names of the clusters that lose it, sorted. */
  readonly clusters: readonly string[];
}

/**
 * The components that clusters of a fleet have in an earlier state of the repository and not in a later one. One line of a
 * fleet file may take a component from hundreds of clusters.
 *
 * @param clusters - names of the clusters that are in the fleet
 */
export function componentDepartures(
  clusters: readonly string[],
  before: RepositoryTexts,
  after: RepositoryTexts,
): readonly ComponentDeparture[] {
  const remaining = new Set(deploymentsIn(after, clusters).map(textOf));
  const gone = deploymentsIn(before, clusters).filter((deployment) => !remaining.has(textOf(deployment)));
  const components = [...new Set(gone.map(([component]) => component))].sort();
  return components.map((component) => {
    const losing = gone.flatMap(([name, cluster]) => (name === component ? [cluster] : []));
    return { component, clusters: [...new Set(losing)].sort() };
  });
}

/** A component and a cluster that it is on. */
type Deployment = readonly [component: string, cluster: string];

const OWN = /^clusters\/(?:.+\/)?([^/]+)\/([^/]+)\/\2-(?:kustomization|helm-release)\.yaml$/;
const COMMON = /^clusters\/flux-common\/(.+)\.yaml$/;

function deploymentsIn(texts: RepositoryTexts, clusters: readonly string[]): readonly Deployment[] {
  const known = new Set(clusters);
  // `a-b-c` is `b-c` on `a`, or `c` on `a-b` where there is such a cluster.
  const longestFirst = [...clusters].sort((a, b) => b.length - a.length);
  return [...texts.keys()].flatMap((path): readonly Deployment[] => {
    const [, cluster = '', component = ''] = OWN.exec(path) ?? [];
    if (known.has(cluster)) return [[component, cluster]];
    const [, name] = COMMON.exec(path) ?? [];
    const owner = longestFirst.find((each) => name?.startsWith(`${each}-`));
    return name === undefined || owner === undefined ? [] : [[name.slice(owner.length + 1), owner]];
  });
}

function textOf(deployment: Deployment): string {
  return deployment.join(' on ');
}
