// The jobs of the example fleet in gitlab-ci-local, on a real API server with the rights that they have.
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';

import { loadFleet } from '../../../../lib/model/fleet';
import { ClusterLayout } from '../../../../lib/model/layout/cluster-layout';
import { pipelinePolicyObjects } from '../../../../lib/model/pipeline/apply-changed/pipeline-policy';
import { PIPELINE_ACCOUNT, pipelineRights } from '../../../../lib/model/pipeline/apply-changed/pipeline-rights';
import { EXAMPLE, ROOT } from '../../../support/example-fleet';
import { clusterWith, commonFile, PipelineCluster, Repository } from '../../../support/pipeline-world';
import { describeWithRig, temporaryDirectory } from '../../../support/rig';

it('gives no rights to all Namespaces where no component brings one', () => {
  expect(pipelineRights(clusterWith([])).clusterWide).toEqual([
    { apiGroups: [''], resources: ['namespaces'], verbs: ['create'] },
  ]);
});

describeWithRig('GitLab CI on the cluster', () => {
  let cluster: PipelineCluster;
  let kubeconfig: string;
  let repository: Repository;
  const fleet = loadFleet(EXAMPLE);
  const files = fleet.files().flatMap(({ files: tree }) => [...tree]);
  const components = ['cert-manager', 'fluentd', 'kube-state-metrics', 'log-store', 'portal'];

  beforeAll(async () => {
    cluster = await PipelineCluster.start();
    await cluster.bootstrap();
    kubeconfig = await cluster.kubeconfig(components);
    const edge = fleet.clusters.find((each) => each.cluster.name === 'edge-dev')!;
    const project = { url: 'https://gitlab.example.com', path: 'platform/fleet', branch: 'main' };
    const target = edge.flux.targetFor(edge.cluster);
    const layout = new ClusterLayout({ cluster: edge.cluster, target, repository: project });
    await cluster.apply(pipelinePolicyObjects(layout));
    repository = new Repository();
    await repository.start();
    await repository.push(Object.fromEntries(files.map(({ path, content }) => [path, content])));
  });

  it('may do this, and nothing else', async () => {
    const rightsOf = async (account: string, namespace: string): Promise<readonly string[]> => {
      const who = [`--as=system:serviceaccount:flux-system:${account}`, '--as-group=system:authenticated'];
      const args = ['auth', 'can-i', '--list', '--no-headers', ...who, '--namespace', namespace];
      const lines = (await cluster.controlPlane.kubectl(args)).trim().split('\n');
      return lines.map((line) => line.replace(/ +/g, ' '));
    };
    /** Without what everybody may. */
    const rightsIn = async (namespace: string): Promise<readonly string[]> => {
      const everybody = await rightsOf('default', namespace);
      return (await rightsOf(PIPELINE_ACCOUNT, namespace)).filter((line) => !everybody.includes(line)).sort();
    };
    const all = '[get list watch create patch delete]';
    const named = components.map((name) => `namespaces [] [${name}] [get patch]`);
    const clusterWide = ['namespaces [] [] [create]', ...named];
    expect(await rightsIn('default')).toEqual([...clusterWide].sort());
    expect(await rightsIn('flux-system')).toEqual(
      [
        ...clusterWide,
        `configmaps [] [] ${all}`,
        `gitrepositories.source.toolkit.fluxcd.io [] [] ${all}`,
        `helmcharts.source.toolkit.fluxcd.io [] [] ${all}`,
        `helmreleases.helm.toolkit.fluxcd.io [] [] ${all}`,
        `helmrepositories.source.toolkit.fluxcd.io [] [] ${all}`,
        `kustomizations.kustomize.toolkit.fluxcd.io [] [] ${all}`,
        `ocirepositories.source.toolkit.fluxcd.io [] [] ${all}`,
      ].sort(),
    );
  });

  it('applies the example fleet, and then what changed, with the credential of the environment', async () => {
    const first = await gitLabCi(repository, kubeconfig, 'flux-apply:edge-dev');
    expect(first).toContain('edge-dev: no commit is recorded on the cluster');
    expect(first.match(/serverside-applied/g)).toHaveLength(22);
    expect(await cluster.recorded()).toBe(await repository.head());

    const path = commonFile('edge-dev', 'fluentd');
    const changed = String(files.find((file) => file.path === path)?.content).replace('timeout: 3m', 'timeout: 4m');
    await repository.push({ [path]: changed });
    const second = await gitLabCi(repository, kubeconfig, 'flux-apply:edge-dev');
    expect(second.match(/\S+ serverside-applied/g)).toEqual([
      'namespace/fluentd serverside-applied',
      'gitrepository.source.toolkit.fluxcd.io/fluentd serverside-applied',
      'kustomization.kustomize.toolkit.fluxcd.io/fluentd serverside-applied',
    ]);
    expect((await cluster.get('Kustomization', 'fluentd')).spec.timeout).toBe('4m');
  });

  it('passes with a warning where the environment has no credential', async () => {
    const log = await gitLabCi(repository, undefined, 'flux-apply:edge-dev');
    expect(log).toContain('edge-dev: skipped: GitLab CI has no credential for this cluster');
    expect(log).toContain('WARN  flux-apply:edge-dev');
  });

  it('has one pipeline for a push and one for a merge request, with one job each', async () => {
    const jobsOf = async (...variables: readonly string[]): Promise<readonly string[]> => {
      const args = variables.flatMap((variable) => ['--variable', variable]);
      const list = JSON.parse(await gitLabCi(repository, undefined, '--list-json', ...args)) as Job[];
      return list.filter(({ when }) => when !== 'never').map(({ name }) => name);
    };
    const mergeRequest = 'CI_PIPELINE_SOURCE=merge_request_event';
    expect(await jobsOf()).toEqual(['flux-apply:edge-dev']);
    expect(await jobsOf(mergeRequest, 'CI_COMMIT_BRANCH=', 'CI_MERGE_REQUEST_TARGET_BRANCH_NAME=main')).toEqual([
      'flux-diff:edge-dev',
    ]);
  });
});

interface Job {
  readonly name: string;
  readonly when: string;
}

/** Runs gitlab-ci-local in the clone. The credential is one of the environment `dev/edge-dev` only. */
async function gitLabCi(repository: Repository, kubeconfig: string | undefined, ...args: readonly string[]) {
  const variables = join(temporaryDirectory('variables'), 'variables.yml');
  const values = { 'dev/edge-dev': kubeconfig && readFileSync(kubeconfig, 'utf8') };
  writeFileSync(
    variables,
    JSON.stringify(kubeconfig === undefined ? {} : { FLUX_KUBECONFIG: { type: 'file', values } }),
  );
  const program = join(ROOT, 'node_modules/.bin/gitlab-ci-local');
  const options = ['--force-shell-executor', '--no-shell-isolation', '--no-color', '--no-evaluate-rule-changes'];
  options.push('--variables-file', relative(repository.clone, variables));
  const { stdout, stderr } = await promisify(execFile)(program, [...options, ...args], {
    cwd: repository.clone,
    env: {
      ...process.env,
      HOME: temporaryDirectory('home'),
      KUBECONFIG: '',
      GCL_IGNORE_PREDEFINED_VARS: 'CI_PIPELINE_SOURCE,CI_COMMIT_BRANCH,CI_MERGE_REQUEST_TARGET_BRANCH_NAME',
    },
    maxBuffer: 1 << 28,
  });
  return args.includes('--list-json') ? stdout : stdout + stderr;
}
