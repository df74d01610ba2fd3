// One measurement in a process of its own. It prints one line of JSON. `index.ts` runs it from a compiled copy, as users
// of the package run the library.

import type * as Provider from '@cdktf/provider-gitlab/lib/provider/index.js';
import type * as RepositoryFiles from '@cdktf/provider-gitlab/lib/repository-file/index.js';
import type * as Cdktf from 'cdktf';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type * as Library from '../lib';
import { type Component } from '../lib/model/component/component';
import { type FleetDefinition, type StackFiles } from '../lib/model/fleet/definition/fleet-definition';
import { type FluxInstallation } from '../lib/model/installation/flux-installation';
import type * as Stacks from '../stacks';

type Delivery = 'commit' | 'files';

const [scenario = '', argument = '10'] = process.argv.slice(2);

interface Cost {
  readonly wall: number;
  readonly cpu: number;
}

/** What an action takes. On a busy machine the time on the clock says more about others. */
function measure(action: () => void): Cost {
  const [start, before] = [performance.now(), process.cpuUsage()];
  action();
  const { user, system } = process.cpuUsage(before);
  return { wall: performance.now() - start, cpu: (user + system) / 1000 };
}

function print(result: object): void {
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

/* eslint-disable @typescript-eslint/no-require-imports -- modules are loaded when they are needed, because loading some of
   them is what is measured */
const cdktf = (): typeof Cdktf => require('cdktf');
const library = (): typeof Library => require('../lib');
const stacks = (): typeof Stacks => require('../stacks');
const gitlab = (): typeof Provider & typeof RepositoryFiles => ({
  ...require('@cdktf/provider-gitlab/lib/provider'),
  ...require('@cdktf/provider-gitlab/lib/repository-file'),
});
/* eslint-enable @typescript-eslint/no-require-imports */

/** Twenty components for all clusters: half of them kustomize, half of them Helm. */
function twentyComponents(): readonly Component[] {
  const { ChartSource, HelmComponent, KustomizeBase, KustomizeComponent } = library();
  return Array.from({ length: 20 }, (_, index) => {
    const name = `component-${index}`;
    if (index % 2 === 1) {
      const chart = ChartSource.repository({ url: 'https://charts.example.com', name, version: '1.x' });
      return new HelmComponent({ name, chart, values: { replicas: 2, image: { tag: '1' } } });
    }
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { a: 'b' } };
    return new KustomizeComponent({ name, base: KustomizeBase.objects([object]) });
  });
}

const project = { url: 'https://gitlab.example.com', path: 'platform/fleet' };

/** Clusters that each run Flux themselves. */
function fleet(count: number, type: Delivery): FleetDefinition {
  const flux = library().FluxInstallation.bootstrap({ version: 'v2.9.4' });
  return { project, delivery: { type }, clusters: clusters(count, flux) };
}

/** One hub, without components of its own, and its spokes. */
function hubAndSpokes(count: number): FleetDefinition {
  const { Cluster, ClusterConnection, FluxInstallation, SpokeAuthentication } = library();
  const connection = ClusterConnection.kubeconfig({ context: 'hub' });
  const hub = {
    cluster: new Cluster({ name: 'hub', environment: 'dev', connection }),
    flux: FluxInstallation.operator({ version: 'v2.9.4' }),
  };
  const authentication = SpokeAuthentication.existingSecret({ secretName: 'kubeconfig' });
  return {
    project,
    clusters: [hub, ...clusters(count, FluxInstallation.spoke({ hub, authentication }))],
  };
}

function clusters(count: number, flux: FluxInstallation): FleetDefinition['clusters'] {
  const { Cluster, ClusterConnection } = library();
  const components = twentyComponents();
  return Array.from({ length: count }, (_, index) => {
    const name = `cluster-${index}`;
    const connection = ClusterConnection.kubeconfig({ context: name });
    return { cluster: new Cluster({ name, environment: 'dev', connection, components }), flux };
  });
}

/** The tree in memory, where the system has a place for that: how long a disk takes to make files says nothing. */
const MEMORY = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

function report(action: (outdir: string) => void, trees: readonly StackFiles[] = []): void {
  const outdir = mkdtempSync(join(MEMORY, 'bench-'));
  try {
    const cost = measure(() => action(outdir));
    const files = trees.reduce((sum, tree) => sum + tree.files.size, 0);
    print({ ...cost, files, rss: process.resourceUsage().maxRSS * 1024 });
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** The files of a fleet as resources of the bare provider. */
function bare(count: number): void {
  const { App, TerraformStack } = cdktf();
  const { GitlabProvider, RepositoryFile } = gitlab();
  const trees = library().fleetFiles(fleet(count, 'files'));
  report((outdir) => {
    const app = new App({ outdir });
    for (const { stack: name, files } of trees) {
      const stack = new TerraformStack(app, name);
      const provider = new GitlabProvider(stack, 'GitLab', { baseUrl: 'https://gitlab.example.com/api/v4/' });
      for (const { path, content } of files) {
        new RepositoryFile(stack, path.replaceAll('/', '-'), {
          provider,
          project: 'platform/fleet',
          branch: 'main',
          filePath: path,
          content: String(content).replace(/[$%]\{/g, (opening) => `${opening[0]}${opening}`),
          encoding: 'text',
          createCommitMessage: `Create ${path}`,
          updateCommitMessage: `Update ${path}`,
          deleteCommitMessage: `Delete ${path}`,
          timeouts: { create: '10m', update: '10m', delete: '10m' },
        });
      }
    }
    app.synth();
  }, trees);
}

/** The same files by a delivery of this library. */
function delivered(count: number, delivery: Delivery): void {
  const { App, TerraformStack } = cdktf();
  const { GitLabProject, RepositoryDelivery, fleetFiles } = library();
  const definition = fleet(count, delivery);
  const trees = fleetFiles(definition);
  report((outdir) => {
    const app = new App({ outdir });
    for (const { stack: name, files } of trees) {
      const stack = new TerraformStack(app, name);
      const how = RepositoryDelivery[delivery]();
      GitLabProject.fromPath(stack, 'Project', { ...definition.project, delivery: how }).write(stack, files);
    }
    app.synth();
  }, trees);
}

/** The whole way from values to what `cdktf synth` writes. */
function whole(definition: () => FleetDefinition): void {
  const { App } = cdktf();
  const { FleetStacks } = stacks();
  library();
  report((outdir) => {
    const app = new App({ outdir });
    new FleetStacks(app, definition());
    app.synth();
  });
}

const scenarios: Readonly<Record<string, (count: number) => void>> = {
  'import-cdktf': () => print(measure(cdktf)),
  'import-library': () =>
    print(
      measure(() => {
        cdktf();
        library();
      }),
    ),
  bare,
  files: (count) => delivered(count, 'files'),
  commit: (count) => delivered(count, 'commit'),
  'whole-commit': (count) => whole(() => fleet(count, 'commit')),
  'whole-files': (count) => whole(() => fleet(count, 'files')),
  'whole-spokes': (count) => whole(() => hubAndSpokes(count)),
};

scenarios[scenario]!(Number(argument));
