// A real repository and a real cluster for the script of GitLab CI, which is run as the job runs it.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { Cluster } from '../../lib/model/cluster/cluster';
import { ClusterConnection } from '../../lib/model/cluster/cluster-connection';
import { Trigger } from '../../lib/model/cluster/trigger';
import { KustomizeBase } from '../../lib/model/component/kustomize-base';
import { KustomizeComponent } from '../../lib/model/component/kustomize-component';
import { parseYamlDocuments, toYaml } from '../../lib/model/manifest/yaml';
import { applyChangedScript } from '../../lib/model/pipeline/apply-changed/apply-changed-script';
import { PIPELINE_ACCOUNT, pipelineAccountObjects } from '../../lib/model/pipeline/apply-changed/pipeline-rights';
import { ApiServer, type PlacedObject } from './api-server';
import { type ControlPlane, sharedDirectory, startControlPlane, temporaryDirectory } from './rig';

const execute = promisify(execFile);
const RECORD = 'gitlab-flux-applied';
const FLUX_SYSTEM = 'flux-system';
const KINDS = {
  ConfigMap: 'v1',
  GitRepository: 'source.toolkit.fluxcd.io/v1',
  Kustomization: 'kustomize.toolkit.fluxcd.io/v1',
} as const;
const COMMON = 'clusters/flux-common';
/** What the script may use beside git and kubectl: busybox, as in the image. */
const APPLETS = 'awk cat cp cut date diff grep mkdir mktemp rm sed sh sort timeout tr uniq wc'.split(' ');

/** What a job did. */
export interface JobRun {
  /** Exit code. */
  readonly code: number;
  /** What it printed. */
  readonly log: string;
}

/** How a job differs from the usual one. */
export interface JobOptions {
  readonly command?: 'apply' | 'diff';
  readonly kubeconfig?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A clone that pushes to a bare repository, like people and Terraform do. */
export class Repository {
  public readonly origin: string;
  /** The clone's directory. */
  public readonly clone: string;

  constructor() {
    const directory = temporaryDirectory('pipeline');
    this.origin = join(directory, 'origin.git');
    this.clone = join(directory, 'clone');
  }

  public async start(): Promise<void> {
    await git(dirname(this.origin), 'init', '--quiet', '--bare', '--initial-branch=main', this.origin);
    await git(dirname(this.origin), 'clone', '--quiet', this.origin, this.clone);
    await git(this.clone, 'checkout', '--quiet', '-B', 'main');
  }

  /** Commits files, `undefined` for one to delete, and pushes. Returns the commit. */
  public async push(
    files: Readonly<Record<string, string | Uint8Array | undefined>>,
    ...options: readonly string[]
  ): Promise<string> {
    for (const [path, content] of Object.entries(files)) {
      const file = join(this.clone, path);
      mkdirSync(dirname(file), { recursive: true });
      if (content === undefined) rmSync(file);
      else writeFileSync(file, content);
    }
    await git(this.clone, 'add', '--all');
    await git(this.clone, 'commit', '--quiet', '--allow-empty', '--message=a change');
    await git(this.clone, 'push', '--quiet', ...options, 'origin', 'HEAD:main');
    return this.head();
  }

  /** Goes back to a commit, so that the next push has to be forced. */
  public async reset(commit: string): Promise<void> {
    await git(this.clone, 'reset', '--quiet', '--hard', commit);
  }

  /** Keeps a commit that no branch has. */
  public async tag(name: string, commit: string): Promise<void> {
    await git(this.clone, 'tag', name, commit);
    await git(this.clone, 'push', '--quiet', 'origin', name);
  }

  public async head(): Promise<string> {
    return (await git(this.clone, 'rev-parse', 'HEAD')).trim();
  }

  /** Runs the job of a commit. */
  public runJob(cluster: string, commit: string, options: JobOptions = {}): Promise<JobRun> {
    return runJob(this.origin, cluster, commit, options);
  }
}

/** Runs the script as GitLab CI does: in a new clone of a commit, with the image's programs and no others. */
export async function runJob(
  origin: string,
  cluster: string,
  commit: string,
  options: JobOptions = {},
): Promise<JobRun> {
  const directory = temporaryDirectory('job');
  const checkout = join(directory, 'builds');
  const bin = join(directory, 'bin');
  await git(directory, 'clone', '--quiet', '--no-checkout', origin, checkout);
  await git(checkout, 'checkout', '--quiet', '--detach', commit);
  mkdirSync(bin);
  const busybox = existsSync('/usr/bin/busybox') ? '/usr/bin/busybox' : undefined;
  for (const name of [...APPLETS, 'git', 'kubectl']) {
    const isApplet = busybox !== undefined && APPLETS.includes(name);
    symlinkSync(isApplet ? busybox : await which(name), join(bin, name));
  }
  // No patience is needed.
  writeFileSync(join(bin, 'sleep'), '#!/bin/sh\nexec /bin/sleep 0.1\n', { mode: 0o755 });
  const script = join(directory, 'apply-changed.sh');
  writeFileSync(script, applyChangedScript());
  const env = {
    PATH: bin,
    HOME: directory,
    GOGC: process.env['GOGC'],
    KUBECONFIG: options.kubeconfig ?? '',
    CI_COMMIT_BRANCH: 'main',
    CI_COMMIT_SHA: commit,
    CI_PIPELINE_URL: 'https://gitlab.example.com/platform/fleet/-/pipelines/1',
    FLUX_WAIT_SECONDS: '1',
    ...options.env,
  };
  try {
    const args = [script, options.command ?? 'apply', cluster];
    const { stdout, stderr } = await execute(join(bin, 'sh'), args, { cwd: checkout, env, maxBuffer: 1 << 28 });
    return { code: 0, log: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, log: stdout + stderr };
  }
}

async function git(directory: string, ...args: readonly string[]): Promise<string> {
  const identity = ['-c', 'user.name=Someone', '-c', 'user.email=someone@example.com'];
  return (await execute('git', [...identity, ...args], { cwd: directory, maxBuffer: 1 << 28 })).stdout;
}

async function which(program: string): Promise<string> {
  return (await execute('sh', ['-c', `command -v ${program}`])).stdout.trim();
}

/** The path of a component's file. */
export function commonFile(cluster: string, component: string): string {
  return `${COMMON}/${cluster}-${component}.yaml`;
}

/** The objects of a component as the layout writes them. */
export function componentYaml(cluster: string, component: string, path = `./systems/${component}`): string {
  const labels = { 'gitlab-flux/cluster': cluster, 'gitlab-flux/component': component };
  const metadata = { name: component, namespace: 'flux-system', labels };
  const sourceRef = { kind: 'GitRepository', name: component };
  return toYaml([
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: component, labels: { 'gitlab-flux/cluster': cluster } },
    },
    {
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'GitRepository',
      metadata,
      spec: { interval: '10m', url: 'https://gitlab.example.com/platform/fleet.git', ref: { branch: 'main' } },
    },
    {
      apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
      kind: 'Kustomization',
      metadata,
      spec: { interval: '1h', path, prune: true, sourceRef },
    },
  ]);
}

/** A cluster with what Flux brings, and the account of GitLab CI. */
export class PipelineCluster {
  public static async start(): Promise<PipelineCluster> {
    const controlPlane = await startControlPlane();
    const crds = join(sharedDirectory, 'data/flux-v2.9.4');
    for (const file of readdirSync(crds).filter((name) => /^(source|kustomize|helm)-controller\.yaml$/.test(name))) {
      const definitions = readFileSync(join(crds, file), 'utf8')
        .split(/^---$/m)
        .filter((document) => /^kind: CustomResourceDefinition$/m.test(document));
      await controlPlane.kubectl(['apply', '--server-side', '-f', '-'], definitions.join('\n---\n'));
    }
    await controlPlane.kubectl(['wait', '--for=condition=Established', 'crd', '--all', '--timeout=60s']);
    const cluster = new PipelineCluster(controlPlane);
    await cluster.apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: FLUX_SYSTEM } }]);
    return cluster;
  }

  /** As cluster-admin. */
  public readonly api: ApiServer;

  private constructor(public readonly controlPlane: ControlPlane) {
    this.api = ApiServer.of(controlPlane);
  }

  /** What Flux's bootstrap does, as far as the script looks at it. */
  public async bootstrap(): Promise<void> {
    const spec = {
      interval: '10m',
      path: './clusters/uni',
      prune: true,
      sourceRef: { kind: 'GitRepository', name: 'a' },
    };
    await this.apply([{ ...placed('Kustomization', 'flux-system'), spec }]);
  }

  /** Removes all that jobs applied. */
  public async clear(): Promise<void> {
    for (const object of await this.ofJobs()) await this.api.remove(object);
    await this.forget();
  }

  /** Removes the record. */
  public async forget(): Promise<void> {
    await this.api.remove(placed('ConfigMap', RECORD));
  }

  /** Writes a record as somebody else would. */
  public async record(commit: string): Promise<void> {
    const { metadata, ...record } = placed('ConfigMap', RECORD);
    const annotations = { 'example.com/time': String(Date.now()) };
    await this.apply([{ ...record, metadata: { ...metadata, annotations }, data: { commit } }]);
  }

  /** Sets the finalizers of a Kustomization, which Flux removes when the workloads are gone. */
  public async finalize(name: string, finalizers: readonly string[]): Promise<void> {
    const { metadata, ...object } = placed('Kustomization', name);
    await this.api.merge({ ...object, metadata: { ...metadata, finalizers } });
  }

  public async applyText(text: string): Promise<void> {
    await this.apply(parseYamlDocuments(text, 'text') as PlacedObject[]);
  }

  public async apply(objects: readonly PlacedObject[]): Promise<void> {
    for (const object of objects) await this.api.apply(object);
  }

  /** A kubeconfig of the account that GitLab CI has, with rights for these components. */
  public async kubeconfig(components: readonly string[]): Promise<string> {
    await this.apply(pipelineAccountObjects(clusterWith(components)));
    return this.kubeconfigOf(PIPELINE_ACCOUNT, {});
  }

  /** The account that GitLab CI has, with rights for these components. */
  public async account(components: readonly string[]): Promise<ApiServer> {
    await this.apply(pipelineAccountObjects(clusterWith(components)));
    return this.api.asAccount(FLUX_SYSTEM, PIPELINE_ACCOUNT);
  }

  /** A kubeconfig of an account that nobody gave any rights. */
  public async kubeconfigWithoutRights(): Promise<string> {
    return this.kubeconfigOf('default', {});
  }

  /** A kubeconfig for another port of this machine. */
  public async kubeconfigFor(port: number): Promise<string> {
    return this.kubeconfigOf(PIPELINE_ACCOUNT, { server: `https://127.0.0.1:${port}` });
  }

  private async kubeconfigOf(account: string, changes: object): Promise<string> {
    const token = await this.api.tokenOf(FLUX_SYSTEM, account);
    const admin = JSON.parse(
      await this.controlPlane.kubectl(['config', 'view', '--raw', '--flatten', '--output=json']),
    ) as { clusters: [{ cluster: object }] };
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'cluster', cluster: { ...admin.clusters[0].cluster, ...changes } }],
      users: [{ name: 'ci', user: { token } }],
      contexts: [{ name: 'ci', context: { cluster: 'cluster', user: 'ci' } }],
      'current-context': 'ci',
    };
    const file = join(temporaryDirectory('kubeconfig'), 'kubeconfig');
    writeFileSync(file, JSON.stringify(config));
    return file;
  }

  /** What there is of GitLab CI's objects: `kind/name`, sorted. */
  public async objects(): Promise<readonly string[]> {
    return (await this.ofJobs()).map(({ kind, metadata }) => `${kind}/${metadata?.name}`).sort();
  }

  /** The commit that is recorded. */
  public async recorded(): Promise<string | undefined> {
    return (await this.get('ConfigMap', RECORD))?.data.commit;
  }

  /** An object of the namespace in which Flux is, if it is there. */
  public get(kind: keyof typeof KINDS, name: string): Promise<any> {
    return this.api.get(placed(kind, name));
  }

  /** Removes one. */
  public remove(kind: keyof typeof KINDS, name: string): Promise<void> {
    return this.api.remove(placed(kind, name));
  }

  private async ofJobs(): Promise<readonly PlacedObject[]> {
    const kinds = Object.keys(KINDS) as (keyof typeof KINDS)[];
    const found = kinds.map(async (kind) => {
      const items = await this.api.list(placed(kind, ''), 'gitlab-flux/cluster');
      return items.map(({ metadata }) => placed(kind, metadata.name));
    });
    return (await Promise.all(found)).flat();
  }
}

function placed(
  kind: keyof typeof KINDS,
  name: string,
): Required<Pick<PlacedObject, 'apiVersion' | 'kind' | 'metadata'>> {
  return { apiVersion: KINDS[kind], kind, metadata: { name, namespace: FLUX_SYSTEM } };
}

/** A cluster with components of these names. */
export function clusterWith(components: readonly string[]): Cluster {
  return new Cluster({
    name: 'uni',
    environment: 'dev',
    connection: ClusterConnection.kubeconfig({ context: 'uni' }),
    trigger: Trigger.pipeline(),
    components: components.map((name) => new KustomizeComponent({ name, base: KustomizeBase.inRepository() })),
  });
}
