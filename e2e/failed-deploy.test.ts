// A first deploy that fails.
import { App, TerraformStack } from 'cdktf';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import { findProgram } from '../__tests__/support/rig';
import { ClusterAccess } from '../lib/constructs/cluster/cluster-access';
import { FluxBootstrap } from '../lib/constructs/flux/flux-bootstrap';
import { GitLabProject } from '../lib/constructs/repository/gitlab-project';
import { StateBackend } from '../lib/constructs/terraform/state-backend';
import { Cluster } from '../lib/model/cluster/cluster';
import { ClusterConnection } from '../lib/model/cluster/cluster-connection';
import { list, podLog, read, untilReady } from './support/cluster-state';
import { component, configMap } from './support/components';
import { describeEndToEnd } from './support/describe';
import { stacksOf, synth } from './support/fleet';
import { expectNoSecrets, startWorld, type World } from './support/world';

const store = component('store', [configMap('settings')]);
const wrong = 'glpat-a-token-that-nobody-knows';

describeEndToEnd('a first deploy with a token that GitLab refuses', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld();
  }, 120_000);

  test('says so, and the next one with the right token succeeds', async () => {
    const right = world.secrets.bootstrapToken;
    world.secrets.bootstrapToken = wrong;
    synth(world, { components: [store] });
    const { repository, cluster } = stacksOf(world);
    for (const stack of [repository, cluster]) await stack.init();
    await repository.apply();
    const { code, output } = await cluster.tryApply();
    expect(code).toBe(1);
    expectNoSecrets(world, output);
    expect(output).toContain('flux-cli-bootstrap');
    expect(podLog(world.kubelet, 'flux-cli-bootstrap')).toMatch(/401.*\n.*another attempt cannot heal this error/);
    const left = await list(world.cluster, 'clusterrolebindings');
    expect(left.filter((name) => name.includes('flux-cli'))).toEqual([]);

    world.secrets.bootstrapToken = right;
    synth(world, { components: [store], flux: { tokenRevision: 2 } });
    await cluster.apply();
    await untilReady(world.cluster, 'flux-system', 'store');
    await cluster.planNothing();
  });
});

describeEndToEnd('a first deploy that fails over the Flux of somebody else', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld();
  }, 120_000);

  test('leaves that Flux alone when it is destroyed', async () => {
    const install = ['install', '--components=source-controller,kustomize-controller', '--timeout=2m'];
    execFileSync(findProgram('flux')!, [...install, '--kubeconfig', world.cluster.kubeconfig], { stdio: 'ignore' });
    world.secrets.bootstrapToken = wrong;
    synthOverExisting(world);
    const { cluster } = stacksOf(world);
    await cluster.init();
    const { code, output } = await cluster.tryApply();
    expect(code).toBe(1);
    expect(output).toContain('job flux-cli-bootstrap failed');
    await cluster.destroy();
    const deployments = await list(world.cluster, 'deployments', '--namespace=flux-system');
    expect(deployments).toEqual(['Deployment/kustomize-controller', 'Deployment/source-controller']);
    expect(await read(world.cluster, 'crd', 'kustomizations.kustomize.toolkit.fluxcd.io')).toBeDefined();
    const rights = await list(world.cluster, 'clusterrolebindings');
    expect(rights.filter((name) => name.includes('flux-cli'))).toEqual([]);
    // A release that failed at first is in no state: what is left of it names itself.
    expect(await list(world.cluster, 'jobs,serviceaccounts', '--namespace=flux-system')).toEqual([
      'Job/flux-cli-bootstrap',
      ...['default', 'flux-cli', 'kustomize-controller', 'source-controller'].map((name) => `ServiceAccount/${name}`),
    ]);
  });
});

/** A stack that takes the namespace of Flux as it is. */
function synthOverExisting({ directory, gitlab, project: { path }, kubeconfig }: World): void {
  const app = new App({ outdir: join(directory, 'cdktf.out') });
  const stack = new TerraformStack(app, 'dev-uni-dev');
  StateBackend.local({ directory }).bind(stack);
  const connection = ClusterConnection.kubeconfig({ path: kubeconfig, context: 'rig' });
  const cluster = new Cluster({ name: 'uni-dev', environment: 'dev', connection });
  const certificateAuthority = gitlab.certificate;
  const project = GitLabProject.fromPath(stack, 'Project', { path, url: gitlab.secureUrl, certificateAuthority });
  const access = ClusterAccess.of(stack, connection);
  new FluxBootstrap(stack, 'Flux', { cluster, project, access, version: 'v2.9.4', createNamespace: false });
  app.synth();
}
