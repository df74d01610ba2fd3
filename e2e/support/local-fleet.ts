import { parse, stringify } from 'yaml';

import { operatorChart } from '../../__tests__/support/operator-chart';
import { sharedDirectory } from '../../__tests__/support/rig';

type Fields = Record<string, any>;

/** A cluster of a fleet, as this machine has it. */
export interface LocalCluster {
  /** Path of its kubeconfig. */
  readonly kubeconfig: string;
  /** Where its hub and GitLab's jobs reach it. */
  readonly server: string;
  /** Its authority's certificate, in PEM. */
  readonly certificateAuthority: string;
}

/** What stands in for the rest of the world. */
export interface Surroundings {
  /** Settings of the project. */
  readonly project: Fields;
  /** The clusters, by name. */
  readonly cluster: (name: string) => LocalCluster;
  /** Address of a Helm repository that has every chart. */
  readonly charts: string;
}

/** The version of Flux whose programs there are. */
const VERSION = 'v2.9.4';

/** A fleet as people write it, and what a test has to know of it. */
export interface WrittenFleet {
  /** Names of the clusters; hubs come before their spokes. */
  readonly clusters: readonly {
    readonly name: string;
    readonly hub?: string;
    readonly components: readonly string[];
  }[];
  /** Charts that come from somewhere else, as `name version`. */
  readonly charts: readonly string[];
  /** The tags that components follow. */
  readonly tags: readonly string[];
}

/** Reads what a test has to know of a fleet. */
export function writtenFleet(text: string): WrittenFleet {
  const fleet = parse(text) as Fields;
  const clusters = Object.entries<Fields>(fleet['clusters']).map(([name, { hub, components = [] }]) => ({
    name,
    hub: hub as string | undefined,
    components: components as string[],
  }));
  return {
    clusters: clusters.sort((a, b) => Number(a.hub !== undefined) - Number(b.hub !== undefined)),
    charts: Object.values<Fields>(fleet['components'] ?? {}).flatMap(({ helm }) => chartOf(helm?.chart) ?? []),
    tags: [...new Set([...text.matchAll(/\bref: \{ tag: (\S+) \}/g)].map(([, tag]) => tag!))],
  };
}

/**
 * The fleet with the addresses of this machine: GitLab, clusters, repositories of charts. Clouds that vouch for a hub
 * become tokens, charts from an OCI registry those of a Helm repository, and Flux has the version of the programs.
 *
 * @param text - the fleet, as people write it
 * @param surroundings - what there is
 */
export function localFleet(text: string, { project, cluster, charts }: Surroundings): string {
  const { state: _, planPipeline: __, ...fleet } = parse(text) as Fields;
  const layers = [fleet['defaults'] ?? {}, ...Object.values<Fields>(fleet['environments'])];
  for (const layer of layers) Reflect.deleteProperty(layer, 'connection');
  for (const layer of [...layers, ...Object.values<Fields>(fleet['clusters'])]) localizeFlux(layer['flux']);
  for (const [name, written] of Object.entries<Fields>(fleet['clusters'])) {
    const { kubeconfig, server, certificateAuthority } = cluster(name);
    written['connection'] = { kubeconfig: { path: kubeconfig, context: 'rig' } };
    if (written['hub'] !== undefined) {
      written['spoke'] = {
        ...written['spoke'],
        authentication: { serviceAccountToken: { server, certificateAuthority } },
      };
    }
    const { trigger = fleet['environments'][written['environment']]?.trigger } = written;
    if (trigger === 'agent' && written['hub'] === undefined) {
      written['agent'] = { ...written['agent'], chartRepository: charts };
    }

    const access = trigger?.pipeline?.access?.serviceAccount;
    if (access !== undefined) Object.assign(access, { server });
  }
  for (const { helm } of Object.values<Fields>(fleet['components'] ?? {})) {
    const chart = chartOf(helm?.chart);
    if (chart !== undefined) {
      const [name, version] = chart.split(' ');
      helm.chart = { repository: { url: charts, name, version } };
    }
  }
  return stringify({ ...fleet, project });
}

function localizeFlux(flux: Fields | undefined): void {
  if (flux === undefined) return;
  if (flux['version'] !== undefined) flux['version'] = VERSION;
  if (flux['type'] === 'operator') flux['operator'] = operatorChart();
  if (flux['gotkFiles'] === 'terraform') flux['fluxBundle'] = `${sharedDirectory}/data/flux-${VERSION}`;
}

/** Name and version of a chart that is not in a directory. */
function chartOf(chart: Fields | undefined): string | undefined {
  const { repository, oci } = chart ?? {};
  if (repository !== undefined) return `${repository.name} ${repository.version}`;
  return oci === undefined ? undefined : `${String(oci.url).split('/').at(-1)} ${oci.tag}`;
}
