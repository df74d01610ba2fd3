import { posix } from 'node:path';

import { GATE_SUFFIX } from '../component/dependency-gate';
import { CLUSTER_LABEL } from '../layout/pipeline-labels';
import { parseObjects } from '../manifest/yaml';

/** The texts of a repository's files by path. Only YAML below `clusters/` and `systems/` is looked at. */
export type RepositoryTexts = ReadonlyMap<string, string>;

/** A `Kustomization` or `HelmRelease` that deploys a component, as the files of a repository say it. */
export interface FluxDeployment {
  /** Path of its file. */
  readonly path: string;
  /** The cluster that it deploys to. */
  readonly cluster: string;
  /** What no other object is called: the cluster that it lives on, kind, namespace and name. */
  readonly id: string;
  /** How people call it, for example `Kustomization fluentd/fluentd`. */
  readonly title: string;
  /** Whether what it deployed stays when it is deleted. */
  readonly letsGo: boolean;
  /** What it deploys, by names that it shares with an object that deploys the same. */
  readonly contents: readonly string[];
  /**
   * The directory that it builds.
   *
   * @default - it installs a chart
   */
  readonly directory?: string;
}

interface Reference {
  readonly kind?: string;
  readonly name?: string;
  readonly namespace?: string;
}

interface FluxObject {
  readonly path: string;
  readonly cluster: string;
  /** The cluster that it lives on. */
  readonly host: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly spec: {
    readonly path?: string;
    readonly prune?: boolean;
    readonly suspend?: boolean;
    readonly deletionPolicy?: string;
    readonly sourceRef?: Reference;
    readonly chartRef?: Reference;
    readonly chart?: string;
    readonly url?: string;
    readonly releaseName?: string;
    readonly storageNamespace?: string;
    readonly targetNamespace?: string;
  };
}

type Find = (from: Pick<FluxObject, 'host' | 'namespace'>, reference: Reference | undefined) => FluxObject | undefined;

const SPOKE_FILE = /^clusters\/([^/]+)\/spokes\/([^/]+)\.ya?ml$/;
/** Not the root's own directory: what is in it deploys Flux objects and namespaces. */
const CLUSTER_FILE = /^clusters\/([^/]+)\/(?!flux-system\/|spokes\/).+\.ya?ml$/;

/**
 * What belongs together with a file, because its Flux objects refer to each other: the cluster's directory, which for a
 * spoke has a file on its hub too, or the file itself.
 */
export function unitOf(path: string): string {
  const [, , spoke] = SPOKE_FILE.exec(path) ?? [];
  const [, directory] = CLUSTER_FILE.exec(path) ?? [];
  return spoke ?? (directory === 'flux-common' ? path : (directory ?? path));
}

/**
 * The Flux objects that deploy components.
 *
 * @throws ValidationError when a file with Flux objects is not YAML
 */
export function fluxDeployments(texts: RepositoryTexts, units: ReadonlySet<string>): readonly FluxDeployment[] {
  const objects = fluxObjects(texts, units);
  const byId = new Map(objects.map((object) => [idOf(object), object]));
  const find: Find = (from, { kind = '', name = '', namespace = from.namespace } = {}) =>
    byId.get(idOf({ host: from.host, kind, namespace, name }));
  return objects.flatMap((object): FluxDeployment[] => {
    const { path, cluster, kind, namespace, name, spec } = object;
    const common = { path, cluster, id: idOf(object), title: `${kind} ${namespace}/${name}` };
    if (kind === 'HelmRelease') {
      return [{ ...common, letsGo: spec.suspend === true, contents: contentsOfRelease(object, find, texts) }];
    }

    if (kind !== 'Kustomization' || isGate(object, find)) return [];
    const directory = posix.normalize(spec.path ?? '.');
    const contents = [`${find(object, spec.sourceRef)?.spec.url ?? ''} ${directory}`];
    return [{ ...common, letsGo: keepsOnDeletion(spec), contents, directory }];
  });
}

function fluxObjects(texts: RepositoryTexts, units: ReadonlySet<string>): readonly FluxObject[] {
  const hubs = new Map(
    [...texts.keys()].flatMap((path) => {
      const [, hub = '', spoke] = SPOKE_FILE.exec(path) ?? [];
      return spoke === undefined ? [] : [[spoke, hub] as const];
    }),
  );
  return [...texts].flatMap(([path, text]) => {
    const [, directory] = CLUSTER_FILE.exec(path) ?? [];
    if (directory === undefined || !units.has(unitOf(path)) || !text.includes('.toolkit.fluxcd.io/')) return [];
    return parseObjects(text, path).map(({ kind = '', metadata, spec }): FluxObject => {
      const { namespace = '', name = '', labels } = metadata ?? {};
      const cluster = labels?.[CLUSTER_LABEL] ?? directory;
      return { path, cluster, host: hubs.get(cluster) ?? cluster, kind, namespace, name, spec: spec ?? {} };
    });
  });
}

function idOf({ host, kind, namespace, name }: Pick<FluxObject, 'host' | 'kind' | 'namespace' | 'name'>): string {
  return `${host} ${kind} ${namespace}/${name}`;
}

/** As Flux's finalizer decides. */
function keepsOnDeletion({ suspend, deletionPolicy = 'MirrorPrune', prune }: FluxObject['spec']): boolean {
  return suspend === true || deletionPolicy === 'Orphan' || (deletionPolicy === 'MirrorPrune' && prune !== true);
}

/** What only makes a component wait has nothing that could be lost. */
function isGate({ host, namespace, name }: FluxObject, find: Find): boolean {
  const waiting = name.endsWith(GATE_SUFFIX) ? name.slice(0, -GATE_SUFFIX.length) : undefined;
  return ['HelmRelease', 'Kustomization'].some(
    (kind) => find({ host, namespace }, { kind, name: waiting }) !== undefined,
  );
}

/** The same release, or the same chart under the same name or in the same namespace. */
function contentsOfRelease(release: FluxObject, find: Find, texts: RepositoryTexts): readonly string[] {
  const { namespace, name, spec } = release;
  const { targetNamespace = namespace, storageNamespace = namespace, releaseName = name } = spec;
  const chart = chartOf(find(release, spec.chartRef), find, texts);
  return [
    `release ${storageNamespace}/${releaseName}`,
    ...(chart === undefined ? [] : [`${chart} as ${releaseName}`, `${chart} in ${targetNamespace}`]),
  ];
}

/** A chart of the repository is called as it calls itself, so that its directory may have another name. */
function chartOf(chart: FluxObject | undefined, find: Find, texts: RepositoryTexts): string | undefined {
  if (chart?.kind !== 'HelmChart') return chart?.spec.url;
  const path = posix.normalize(chart.spec.chart ?? '.');
  const [, own] = /^name: *(.+)$/m.exec(texts.get(`${path}/Chart.yaml`) ?? '') ?? [];
  return `${find(chart, chart.spec.sourceRef)?.spec.url ?? ''} ${own ?? path}`;
}
