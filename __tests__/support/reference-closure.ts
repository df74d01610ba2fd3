import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';

import { type Cluster } from '../../lib/model/cluster/cluster';
import { type FleetDefinition, fleetFiles } from '../../lib/model/fleet/definition/fleet-definition';
import { stackNameOf } from '../../lib/model/layout/stack-name';
import { FileTree } from '../../lib/model/manifest/file-tree';
import { type KubernetesObject } from '../../lib/model/manifest/kubernetes-object';
import { KUSTOMIZATION_FILE_NAMES } from '../../lib/model/manifest/kustomize';
import { cloneUrl } from '../../lib/model/manifest/project-branch';
import { parseObjects, toYaml } from '../../lib/model/manifest/yaml';
import { sharedDirectory } from './rig';
import { type SynthesizedStack } from './template';

/** What is known of a fleet beside its values. */
export interface ClosureOptions {
  /** Terraform JSON by the name of the stack. Without it, what Terraform creates counts as there. */
  readonly terraform?: Readonly<Record<string, SynthesizedStack>>;
  /** Files of the repository that somebody else writes, such as the base of `KustomizeBase.inRepository()`. */
  readonly others?: FileTree;
  /** Objects that somebody else creates, as `Kind namespace/name`. */
  readonly given?: readonly string[];
  /** A tree in place of the fleet's own. */
  readonly replace?: FileTree;
}

/** All files of a fleet's repository, those of others too. */
export function treeOf(definition: FleetDefinition, others = FileTree.EMPTY): FileTree {
  return FileTree.merge([...fleetFiles(definition).map(({ files }) => files), others]);
}

/**
 * Every reference in a fleet's repository that leads to nothing: paths, sources, Secrets, dependencies, namespaces,
 * accounts, variables. What is referred to has to be in the tree, in the Terraform JSON, or brought by the flux CLI.
 */
export function danglingReferences(definition: FleetDefinition, options: ClosureOptions = {}): readonly string[] {
  const tree = options.replace ?? treeOf(definition, options.others);
  const httpUrl = cloneUrl(definition.project);
  return definition.clusters.flatMap(({ cluster }) => {
    const stack = stackNameOf(cluster);
    const problems = [
      ...unlistedFiles(tree, cluster),
      ...danglingOf(tree, cluster, httpUrl, options.terraform?.[stack], options),
    ];
    return problems.map((problem) => `${cluster.name}: ${problem}`);
  });
}

/** The objects of a cluster's components as they are in Git, before Flux fills in variables. */
export function clusterObjects(tree: FileTree, cluster: Cluster): readonly KubernetesObject[] {
  const own = `clusters/${cluster.name}/`;
  // Not all files that begin with the name: they may be those of a cluster whose name does too.
  const common = cluster.components.map(({ name }) => `clusters/flux-common/${cluster.name}-${name}.yaml`);
  return [...tree]
    .filter(({ path }) => isYaml(path) && !KUSTOMIZATION_FILE_NAMES.includes(path.slice(path.lastIndexOf('/') + 1)))
    .filter(({ path }) => path.startsWith(own) || common.includes(path))
    .flatMap(({ path, content }) => parseObjects(String(content), path) as KubernetesObject[]);
}

/** Kind, namespace and name. */
export function idOf({ kind, metadata }: KubernetesObject): string {
  return `${kind} ${metadata.namespace === undefined ? '' : `${metadata.namespace}/`}${metadata.name}`;
}

function isYaml(path: string): boolean {
  return /\.ya?ml$/.test(path);
}

/** Flux takes a directory with a kustomization.yaml as that says: a file that it does not list is never applied. */
function unlistedFiles(tree: FileTree, { name }: Cluster): string[] {
  return tree.paths
    .filter((path) => path.startsWith(`clusters/${name}/`) && path.endsWith('/kustomization.yaml'))
    .flatMap((path) => {
      const directory = dirname(path);
      const [kustomization] = parseObjects(String(tree.get(path)?.content), path) as any[];
      const listed: string[] = kustomization.resources.map((resource: string) => join(directory, resource));
      const present = tree.paths.filter((other) => dirname(other) === directory && other !== path);
      const brought = [`clusters/${name}/flux-system/gotk-components.yaml`, `clusters/${name}/flux-system`];
      return [
        ...present.filter((file) => isYaml(file) && !listed.includes(file)).map((file) => `${file} is not in ${path}`),
        ...listed
          .filter((file) => !tree.paths.includes(file) && !brought.includes(file))
          .map((file) => `${path} names ${file}, which is not there`),
      ];
    });
}

const CONTROLLERS = ['source', 'kustomize', 'helm', 'notification'].map((name) => `${name}-controller`);

function danglingOf(
  tree: FileTree,
  cluster: Cluster,
  repositoryUrl: string,
  terraform: SynthesizedStack | undefined,
  options: ClosureOptions,
): string[] {
  const objects = clusterObjects(tree, cluster);
  const ids = objects.map(idOf);
  const managed = managedByTerraform(terraform, cluster);
  const known = new Set([
    ...ids,
    ...managed.ids,
    ...(options.given ?? []),
    'GitRepository flux-system/flux-system',
    'Kustomization flux-system/flux-system',
    ...CONTROLLERS.map((name) => `ServiceAccount flux-system/${name}`),
  ]);
  const problems = ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${id} is there twice`);
  const need = (object: KubernetesObject, what: string, id: string): void => {
    if (!known.has(id)) problems.push(`${idOf(object)}: ${what} ${id} is not there`);
  };
  for (const object of objects) {
    const { kind, metadata, spec = {}, subjects = [] } = object as any;
    const { namespace } = metadata;
    if (namespace !== undefined) need(object, 'namespace', `Namespace ${namespace}`);
    for (const subject of subjects) need(object, 'subject', `ServiceAccount ${subject.namespace}/${subject.name}`);
    if (kind === 'ExternalSecret') known.add(`Secret ${namespace}/${spec.target?.name ?? metadata.name}`);
    if (kind === 'GitRepository' && spec.secretRef) {
      need(object, 'secretRef', `Secret ${namespace}/${spec.secretRef.name}`);
    }
    checkHelm(tree, objects, object, repositoryUrl, need, problems);
    if (kind === 'Kustomization') checkKustomization(object, need, pathCheck(tree, objects, repositoryUrl, problems));
  }
  return [...problems, ...unknownVariables(tree, cluster, objects, managed)];
}

/** What the objects of a chart refer to. */
function checkHelm(
  tree: FileTree,
  objects: readonly KubernetesObject[],
  object: any,
  repositoryUrl: string,
  need: (object: KubernetesObject, what: string, id: string) => void,
  problems: string[],
): void {
  const { namespace } = object.metadata;
  const spec = object.spec ?? {};
  const here = (kind: string, name: string): string => `${kind} ${namespace}/${name}`;
  if (['HelmRepository', 'OCIRepository'].includes(object.kind)) {
    if (spec.secretRef) need(object, 'secretRef', here('Secret', spec.secretRef.name));
  }

  if (object.kind === 'HelmChart') {
    const source = here(spec.sourceRef.kind, spec.sourceRef.name);
    need(object, 'sourceRef', source);
    const repository = objects.find((other) => idOf(other) === source) as any;
    const isOurs = spec.sourceRef.kind === 'GitRepository' && repository?.spec.url === repositoryUrl;
    if (isOurs && tree.get(`${spec.chart.replace(/^\.\//, '')}/Chart.yaml`) === undefined) {
      problems.push(`${idOf(object)}: chart ${spec.chart} is no directory with a Chart.yaml`);
    }
  }
  if (object.kind !== 'HelmRelease') return;
  need(object, 'chartRef', here(spec.chartRef.kind, spec.chartRef.name));
  need(object, 'targetNamespace', `Namespace ${spec.targetNamespace}`);
  need(object, 'storageNamespace', `Namespace ${spec.storageNamespace}`);
  for (const other of spec.dependsOn ?? []) {
    need(object, 'dependsOn', `HelmRelease ${other.namespace ?? namespace}/${other.name}`);
  }
  for (const { kind, name, optional } of spec.valuesFrom ?? []) {
    if (optional !== true && !isAppliedByGate(tree, objects, namespace, kind, name)) {
      need(object, 'valuesFrom', here(kind, name));
    }
  }
  if (spec.serviceAccountName !== undefined) {
    need(object, 'serviceAccountName', here('ServiceAccount', spec.serviceAccountName));
  }
}

/** Whether a Kustomization brings an object into a namespace: what a release waits for that depends on kustomize components. */
function isAppliedByGate(
  tree: FileTree,
  objects: readonly KubernetesObject[],
  namespace: string,
  kind: string,
  name: string,
): boolean {
  return objects.some((object: any) => {
    if (object.kind !== 'Kustomization' || object.spec.targetNamespace !== namespace || object.metadata.name !== name) {
      return false;
    }
    const directory = object.spec.path.replace(/^\.\//, '');
    const files = [...tree].filter(({ path }) => path.startsWith(`${directory}/`) && isYaml(path));
    return files
      .flatMap(({ path, content }) => parseObjects(String(content), path))
      .some((other) => other.kind === kind && other.metadata?.name === name);
  });
}

function checkKustomization(
  object: any,
  need: (object: KubernetesObject, what: string, id: string) => void,
  checkPath: (object: any) => void,
): void {
  const { namespace } = object.metadata;
  const { sourceRef, dependsOn = [], serviceAccountName, decryption, postBuild, kubeConfig } = object.spec;
  need(object, 'sourceRef', `${sourceRef.kind} ${sourceRef.namespace ?? namespace}/${sourceRef.name}`);
  for (const other of dependsOn) {
    need(object, 'dependsOn', `Kustomization ${other.namespace ?? namespace}/${other.name}`);
  }
  if (serviceAccountName !== undefined) {
    need(object, 'serviceAccountName', `ServiceAccount ${namespace}/${serviceAccountName}`);
  }

  for (const check of object.spec.healthChecks ?? []) {
    if (check.kind === 'HelmRelease') {
      need(object, 'healthCheck', `HelmRelease ${check.namespace ?? namespace}/${check.name}`);
    }
  }
  if (decryption?.secretRef) need(object, 'decryption', `Secret ${namespace}/${decryption.secretRef.name}`);
  if (kubeConfig?.secretRef) need(object, 'kubeConfig', `Secret ${namespace}/${kubeConfig.secretRef.name}`);
  for (const { kind, name, optional } of postBuild?.substituteFrom ?? []) {
    if (optional !== true) need(object, 'substituteFrom', `${kind} ${namespace}/${name}`);
  }

  checkPath(object);
}

/** A path in the GitOps repository has to be a directory that kustomize can build; one elsewhere cannot be seen. */
function pathCheck(tree: FileTree, objects: readonly KubernetesObject[], repositoryUrl: string, problems: string[]) {
  return (object: any): void => {
    const { sourceRef, path } = object.spec;
    const source = `GitRepository ${sourceRef.namespace ?? object.metadata.namespace}/${sourceRef.name}`;
    const repository = objects.find((other) => idOf(other) === source) as any;
    if (repository !== undefined && repository.spec.url !== repositoryUrl) return;
    if (tree.get(`${path.replace(/^\.\//, '')}/kustomization.yaml`) === undefined) {
      problems.push(`${idOf(object)}: path ${path} is no directory with a kustomization.yaml`);
    }

    const sparse: string[] | undefined = repository?.spec.sparseCheckout;
    if (sparse?.some((directory) => `${path}/`.startsWith(`./${directory}/`)) === false) {
      problems.push(`${idOf(object)}: path ${path} is not checked out`);
    }
  };
}

interface Managed {
  readonly ids: readonly string[];
  /** Keys of the Secrets, by the Secret's id; undefined without Terraform JSON. */
  readonly keys: ReadonlyMap<string, readonly string[]> | undefined;
}

function managedByTerraform(terraform: SynthesizedStack | undefined, cluster: Cluster): Managed {
  if (terraform === undefined) {
    const secrets = ['flux-system', 'git-credentials', 'webhook-receiver'].map((name) => `Secret flux-system/${name}`);
    return { ids: ['Namespace flux-system', ...secrets], keys: undefined };
  }
  const blocks = (type: string): any[] => Object.values(terraform['resource']?.[type] ?? {});
  const secrets = blocks('kubernetes_secret_v1').map(({ metadata, data_wo: data = {} }): [string, string[]] => [
    `Secret ${metadata.namespace}/${metadata.name}`,
    Object.keys(data),
  ]);
  const namespaces = blocks('kubernetes_namespace_v1').map(({ metadata }) => `Namespace ${metadata.name}`);
  // With the default authentication. Another one lets the CLI write the Secret.
  if (!namespaces.includes('Namespace flux-system')) {
    throw new Error(`${cluster.name}: flux-system is not in its stack`);
  }
  const configMaps = blocks('kubernetes_config_map_v1').map(
    ({ metadata }) => `ConfigMap ${metadata.namespace}/${metadata.name}`,
  );
  return { ids: [...namespaces, ...configMaps, ...secrets.map(([id]) => id)], keys: new Map(secrets) };
}

/** Flux fills in what the Secrets of the root's substitution hold. An unknown variable would become the empty text. */
function unknownVariables(
  tree: FileTree,
  { name, trigger }: Cluster,
  objects: readonly KubernetesObject[],
  { ids, keys }: Managed,
): string[] {
  const path = `clusters/${name}/flux-system/kustomization.yaml`;
  const [root] = parseObjects(String(tree.get(path)?.content), path) as any[];
  const substituteFrom: { kind: string; name: string; optional?: boolean }[] = (root.patches ?? [])
    .flatMap(({ patch }: { patch: string }) => parseObjects(patch, path))
    .flatMap((operation: any) => (Array.isArray(operation) ? operation : [operation]))
    .flatMap(({ path: field, value }: any) => (field === '/spec/postBuild' ? value.substituteFrom : []));
  const sources = substituteFrom.map(({ kind, name: from }) => `${kind} flux-system/${from}`);
  const required = substituteFrom.filter(({ optional }) => optional !== true);
  const missing = required
    .map(({ kind, name: from }) => `${kind} flux-system/${from}`)
    .filter((id) => !ids.includes(id))
    .map((id) => `${path}: substituteFrom ${id} is not there`);
  const known = keys && sources.flatMap((id) => keys.get(id) ?? []);
  const used = objects
    .filter(({ metadata }) => metadata.annotations?.['kustomize.toolkit.fluxcd.io/substitute'] !== 'disabled')
    // GitLab CI applies files as they are.
    .filter(({ kind }) => (sources.length > 0 && trigger.type !== 'pipeline') || kind === 'Secret')
    .flatMap((object) =>
      [...JSON.stringify(object).matchAll(/\$\{(\w+)/g)].map(([, variable]) => [object, variable!] as const),
    );
  return [
    ...missing,
    ...used
      .filter(([, variable]) => (known === undefined ? sources.length === 0 : !known.includes(variable)))
      .map(([object, variable]) => `${idOf(object)}: nothing fills \${${variable}}`),
  ];
}

const run = promisify(execFile);

/** Builds a directory as `kubectl kustomize` does. */
export async function kustomizeBuild(directory: string): Promise<readonly KubernetesObject[]> {
  const { stdout } = await run('kubectl', ['kustomize', directory], { maxBuffer: 1 << 28 });
  return parseObjects(stdout, directory) as KubernetesObject[];
}

/** What the flux CLI adds to `clusters/<c>/flux-system`: the real manifests where they are there, and its sync. */
export function filesOfCli(cluster: Pick<Cluster, 'name'>, repositoryUrl: string): readonly [string, string][] {
  const metadata = { name: 'flux-system', namespace: 'flux-system' };
  const sync = [
    {
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'GitRepository',
      metadata,
      spec: { interval: '1m0s', ref: { branch: 'main' }, secretRef: { name: 'flux-system' }, url: repositoryUrl },
    },
    {
      apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
      kind: 'Kustomization',
      metadata,
      spec: {
        interval: '10m0s',
        path: `./clusters/${cluster.name}`,
        prune: true,
        sourceRef: { kind: 'GitRepository', name: 'flux-system' },
      },
    },
  ];
  const directory = `clusters/${cluster.name}/flux-system`;
  return [
    [
      `${directory}/gotk-components.yaml`,
      toYaml([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'flux-system' } }]),
    ],
    [`${directory}/gotk-sync.yaml`, toYaml(sync)],
  ];
}

/** Where the real manifests of Flux are, if they are there. */
export const fluxManifests = join(sharedDirectory, 'data/flux-v2.9.4');

/** What the builds of a fleet's repository are. */
export interface FleetBuilds {
  /** Objects of `systems/<component>/overlays/<cluster>` and `spokes/<cluster>`, by that path. */
  readonly overlays: ReadonlyMap<string, readonly KubernetesObject[]>;
  /** Objects that the root of a cluster applies, by the cluster's name. */
  readonly roots: ReadonlyMap<string, readonly KubernetesObject[]>;
}

/**
 * Builds every overlay and every cluster's root of a fleet with `kubectl kustomize`.
 *
 * @param definition - the fleet
 * @param directory - an empty directory, in which the tree is written
 * @param others - files of the repository that somebody else writes
 */
export async function buildFleet(
  definition: FleetDefinition,
  directory: string,
  others = FileTree.EMPTY,
): Promise<FleetBuilds> {
  const tree = treeOf(definition, others);
  const httpUrl = cloneUrl(definition.project);
  const files = new Map([...tree].map(({ path, content }) => [path, content]));
  for (const { cluster, flux } of definition.clusters) {
    if (flux.type === 'operator' || flux.type === 'spoke') continue;
    if (flux.type === 'provider') {
      const kustomization = flux.kustomizationFor(cluster);
      if (kustomization !== undefined) {
        files.set(`clusters/${cluster.name}/flux-system/kustomization.yaml`, kustomization);
      }
    } else if (!flux.pushes) continue;

    for (const [path, content] of filesOfCli(cluster, httpUrl)) files.set(path, content);
  }
  for (const [path, content] of files) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
  const overlays = tree.paths
    .filter((path) => /^(systems\/[^/]+\/overlays|spokes)\/[^/]+\/kustomization\.yaml$/.test(path))
    .map(dirname);
  const built = await inTurns(overlays, (path) => kustomizeBuild(join(directory, path)));
  const roots = await inTurns(definition.clusters, async ({ cluster }) => {
    const root = join(directory, 'clusters', cluster.name);
    const generated = join(root, 'kustomization.yaml');
    writeFileSync(generated, toYaml([generatedRoot(root)]));
    const objects = await kustomizeBuild(root);
    rmSync(generated);
    return [cluster.name, objects] as const;
  });
  return { overlays: new Map(overlays.map((path, index) => [path, built[index]!])), roots: new Map(roots) };
}

/**
 * The kustomization that Flux generates for a directory without one: every YAML file below it, and a directory with a
 * kustomization.yaml as a whole.
 *
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#generating-a-kustomizationyaml-file
 */
function generatedRoot(root: string): object {
  const resources: string[] = [];
  const walk = (directory: string): void => {
    for (const entry of readdirSync(directory).sort()) {
      const path = join(directory, entry);
      if (!statSync(path).isDirectory()) {
        if (isYaml(entry)) resources.push(relative(root, path));
      } else if (KUSTOMIZATION_FILE_NAMES.some((name) => existsSync(join(path, name)))) {
        resources.push(relative(root, path));
      } else walk(path);
    }
  };
  walk(root);
  return { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources };
}

/** Two at a time: there are not more processors. */
async function inTurns<T, R>(items: readonly T[], action: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = [...items.entries()];
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) results[next[0]] = await action(next[1]);
  };
  await Promise.all([work(), work()]);
  return results;
}
