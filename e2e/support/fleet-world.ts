import { App } from 'cdktf';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

import { httpRouteDefinition } from '../../__tests__/support/gateway-api';
import {
  type ControlPlane,
  type Kubelet,
  startControlPlane,
  startKubelet,
  temporaryDirectory,
} from '../../__tests__/support/rig';
import { type FleetFile, parseFleet } from '../../lib/model/fleet';
import { FleetStacks } from '../../stacks';
import { eventually } from './cluster-state';
import { inDirectory } from './fleet';
import { authorityOf, reachFromPods } from './hub';
import { localFleet, type WrittenFleet, writtenFleet } from './local-fleet';
import { allowOlderProvider, leaveOutUnknown } from './older-provider';
import { runClusterJob } from './pipeline-job';
import { type SecureGitLab } from './secure-gitlab';
import { Terraform } from './terraform';
import { type Person, startPerson } from './world';

interface StartedCluster {
  readonly plane: ControlPlane;
  readonly kubelet: Kubelet;
  readonly server: string;
  readonly close: () => void;
}

/** A fleet as people write it, with a real cluster for each of its clusters, and a person who deploys it. */
export class FleetWorld {
  /**
   * Starts the clusters (5 s each).
   *
   * @param gitlab - where its project is made
   * @param name - of the project
   * @param text - the fleet
   */
  public static async start(gitlab: SecureGitLab, name: string, text: string): Promise<FleetWorld> {
    const written = writtenFleet(text);
    const clusters = new Map<string, StartedCluster>();
    for (const { name: cluster } of written.clusters) {
      const plane = await startControlPlane();
      if (text.includes('httpRoute:')) {
        await plane.kubectl(['apply', '--server-side', '-f', '-'], httpRouteDefinition());
      }
      clusters.set(cluster, { plane, kubelet: startKubelet(plane), ...(await reachFromPods(plane)) });
    }
    return new FleetWorld(await startPerson(gitlab, name), text, written, clusters);
  }

  private stacks: readonly Terraform[] = [];
  private fleet!: FleetFile;

  private constructor(
    /** Who deploys it. */
    public readonly person: Person,
    private readonly text: string,
    private readonly written: WrittenFleet,
    private readonly clusters: ReadonlyMap<string, StartedCluster>,
  ) {}

  /** Everything that Terraform printed. */
  public get printed(): string {
    return this.stacks.map(({ printed }) => printed).join('');
  }

  /**
   * `cdktf synth`.
   *
   * @param charts - address of the Helm repository
   * @param from - directory from which the paths of the fleet start
   * @param text - the fleet, when it has changed; it has the same clusters
   */
  public async synth(charts: string, from: string, text = this.text): Promise<void> {
    const { gitlab, project, directory } = this.person;
    const local = localFleet(text, {
      charts,
      project: {
        url: gitlab.secureUrl,
        path: project.path,
        certificateAuthorityFile: relative(from, gitlab.certificateFile),
      },
      cluster: (name) => {
        const { plane, server } = this.clusters.get(name)!;
        const kubeconfig = join(directory, `${name}.kubeconfig`);
        copyFileSync(plane.kubeconfig, kubeconfig);
        return { kubeconfig, server, certificateAuthority: authorityOf(plane) };
      },
    });
    this.fleet = parseFleet(local, { file: join(from, 'fleet.yaml') });
    inDirectory(directory, () => {
      const app = new App({ outdir: join(directory, 'cdktf.out') });
      new FleetStacks(app, this.fleet);
      app.synth();
    });
    this.stacks = ['repository', ...this.written.clusters.map(({ name }) => this.stackOf(name))].map(
      (name) =>
        new Terraform(
          join(directory, 'cdktf.out/stacks', name),
          join(directory, `terraform.${name}.tfstate`),
          // A stack that has nothing of GitLab any more does not say where it is.
          () => ({ ...this.person.environment(), GITLAB_BASE_URL: `${gitlab.secureUrl}/api/v4/` }),
          600_000,
        ),
    );
    for (const stack of this.stacks) {
      await stack.succeed('init', '-input=false');
      const json = readFileSync(join(stack.directory, 'cdk.tf.json'), 'utf8');
      if (json.includes('"gitlab_repository_file"')) await allowOlderProvider(stack);
      for (const type of ['gitlab_project_hook', 'gitlab_project_environment', 'gitlab_project_variable']) {
        if (json.includes(`"${type}"`)) await leaveOutUnknown(stack, type);
      }
    }
  }

  /** `cdktf deploy` of every stack, what people do after it, and what comes of it on the clusters. */
  public async deploy(): Promise<void> {
    for (const stack of this.stacks) {
      if (this.fleet.delivery?.type === 'tree') await this.commitTree();
      await stack.apply();
    }
    for (const tag of this.written.tags) {
      await this.person.project.api('POST', '/repository/tags', { tag_name: tag, ref: 'main' });
    }

    for (const { cluster } of this.fleet.clusters) {
      if (cluster.trigger.type !== 'pipeline') continue;
      const { code, log } = await runClusterJob(this.person, undefined, cluster.name);
      if (code !== 0) throw new Error(log);
    }
    for (const { name } of this.fluxClusters()) await this.untilEverythingIsReady(name);
  }

  /** A second plan of every stack. */
  public async planNothing(): Promise<void> {
    for (const stack of this.stacks) await stack.planNothing();
  }

  /** `cdktf destroy` of every stack, the last first. Nothing of them is left in Terraform's states. */
  public async destroy(): Promise<void> {
    for (const stack of [...this.stacks].reverse()) {
      await stack.destroy();
      expect(await stack.addresses()).toEqual([]);
    }
  }

  /** Reads something of a cluster with kubectl. */
  public kubectl(name: string, ...args: readonly string[]): Promise<string> {
    return this.clusters.get(name)!.plane.kubectl(args);
  }

  /** Custom resource definitions of Flux that are left on clusters, as `cluster/name`. */
  public async leftOfFlux(): Promise<readonly string[]> {
    const left: string[] = [];
    for (const [name, { plane }] of this.clusters) {
      const names = await plane.kubectl(['get', 'crd', '--output', 'jsonpath={.items[*].metadata.name}']);
      left.push(...names.split(' ').flatMap((each) => (each.includes('fluxcd.io') ? [`${name}/${each}`] : [])));
    }
    return left;
  }

  /** Files that are left in Git. */
  public leftInGit(): readonly string[] {
    return Object.keys(this.person.project.files()).filter((path) => path !== 'README.md');
  }

  /** Stops the clusters. */
  public async stop(): Promise<void> {
    for (const { plane, kubelet, close } of this.clusters.values()) {
      close();
      await kubelet.stop();
      await plane.stop();
    }
  }

  private stackOf(name: string): string {
    const { environment } = this.fleet.clusters.find(({ cluster }) => cluster.name === name)!.cluster;
    return `${environment}-${name}`;
  }

  /** The clusters on which Flux runs. */
  private fluxClusters(): WrittenFleet['clusters'] {
    return this.written.clusters.filter(({ hub }) => hub === undefined);
  }

  /** Everything that Flux has there is ready, and it has something for each component. */
  private async untilEverythingIsReady(name: string): Promise<void> {
    const { plane } = this.clusters.get(name)!;
    const own = this.written.clusters.filter((cluster) => cluster.name === name || cluster.hub === name);
    const expected = ['flux-system', ...own.flatMap(({ components }) => components)];
    const kinds = 'kustomizations.kustomize.toolkit.fluxcd.io,helmreleases.helm.toolkit.fluxcd.io';
    await eventually(async () => {
      const { items } = JSON.parse(await plane.kubectl(['get', kinds, '--all-namespaces', '--output', 'json'])) as {
        readonly items: readonly Record<string, any>[];
      };
      const waiting = items.flatMap(({ kind, metadata, status }) => {
        const condition = (status?.conditions ?? []).find(({ type }: { type: string }) => type === 'Ready');
        const isReady = condition?.status === 'True' && status.observedGeneration === metadata.generation;
        return isReady ? [] : [`${kind} ${metadata.namespace}/${metadata.name}: ${condition?.message ?? 'not seen'}`];
      });
      expect(waiting).toEqual([]);
      expect(items.map(({ metadata }) => metadata.name)).toEqual(expect.arrayContaining(expected));
    }, 300_000);
  }

  /** With the delivery `tree` somebody else brings the files to Git. */
  private async commitTree(): Promise<void> {
    const { directory, project } = this.person;
    const root = join(directory, 'cdktf.out/repository', project.path);
    const there = project.files();
    const actions = readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) => !(relative(root, file) in there))
      .map((file) => ({
        action: 'create',
        file_path: relative(root, file),
        encoding: 'base64',
        content: readFileSync(file).toString('base64'),
      }));
    if (actions.length > 0) await project.commit(actions);
  }
}

/**
 * Writes a chart with one object, as others would release it.
 *
 * @param chart - name and version, with a blank between
 */
export function smallChart(chart: string): string {
  const [name = '', version = ''] = chart.split(' ');
  const directory = join(temporaryDirectory('chart'), name);
  mkdirSync(join(directory, 'templates'), { recursive: true });
  writeFileSync(join(directory, 'Chart.yaml'), `apiVersion: v2\nname: ${name}\nversion: ${version}\n`);
  writeFileSync(
    join(directory, 'templates/config.yaml'),
    'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: {{ .Release.Name }}, namespace: {{ .Release.Namespace }} }\n',
  );
  if (!existsSync(join(directory, 'values.yaml'))) writeFileSync(join(directory, 'values.yaml'), '{}\n');
  return directory;
}
