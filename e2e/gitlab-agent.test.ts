// GitLab's agent from registration to removal, its token replaced in between. The agent itself is a Pod that only says
// with which token it was started; everything around it is real.
import { App, TerraformStack } from 'cdktf';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { until } from '../__tests__/support/rig';
import { GitLabAgent } from '../lib/constructs/agent/gitlab-agent';
import { ClusterAccess } from '../lib/constructs/cluster/cluster-access';
import { ClusterComponents } from '../lib/constructs/flux/cluster-components';
import { FluxBootstrap } from '../lib/constructs/flux/flux-bootstrap';
import { GitLabProject } from '../lib/constructs/repository/gitlab-project';
import { StateBackend } from '../lib/constructs/terraform/state-backend';
import { AgentDefinition } from '../lib/model/agent/agent-definition';
import { type AgentToken } from '../lib/model/agent/agent-settings';
import { Cluster } from '../lib/model/cluster/cluster';
import { ClusterConnection } from '../lib/model/cluster/cluster-connection';
import { Trigger } from '../lib/model/cluster/trigger';
import { type ChartServer, serveChart } from './support/chart-server';
import { describeEndToEnd } from './support/describe';
import { Terraform } from './support/terraform';
import { startWorld, type World } from './support/world';

const NAMESPACE = 'gitlab-agent';
const TOKEN_ID = 'gitlab.com/agent-token-id';

/** A Pod of the agent. */
interface AgentPod {
  readonly name: string;
  /** The token that it read when it started. */
  readonly token: number;
}

describeEndToEnd(
  "GitLab's agent",
  () => {
    let world: World;
    let charts: ChartServer;
    let terraform: Terraform;
    let stopWatch = (): void => undefined;

    beforeAll(async () => {
      [world, charts] = await Promise.all([startWorld(), serveChart(join(__dirname, 'support/gitlab-agent-chart'))]);
      terraform = new Terraform(
        join(world.directory, 'cdktf.out/stacks/dev-uni-dev'),
        join(world.directory, 'terraform.dev-uni-dev.tfstate'),
        world.environment,
      );
    }, 120_000);
    afterAll(() => charts.stop());
    // A watch of a test that failed must not outlive it.
    afterEach(() => stopWatch());

    async function synth(token: AgentToken): Promise<void> {
      const app = new App({ outdir: join(world.directory, 'cdktf.out') });
      const stack = new TerraformStack(app, 'dev-uni-dev');
      StateBackend.local({ directory: world.directory }).bind(stack);
      const connection = ClusterConnection.kubeconfig({ path: world.kubeconfig, context: 'rig' });
      const cluster = new Cluster({ name: 'uni-dev', environment: 'dev', connection, trigger: Trigger.agent() });
      const { secureUrl, certificate } = world.gitlab;
      const url = { url: secureUrl, path: world.project.path, certificateAuthority: certificate };
      const project = GitLabProject.fromPath(stack, 'Project', url);
      const access = ClusterAccess.of(stack, connection);
      const flux = new FluxBootstrap(stack, 'Flux', {
        cluster,
        project,
        access,
        version: 'v2.9.4',
        patches: new AgentDefinition().fluxPatches(cluster),
      });
      new ClusterComponents(stack, 'Components', { cluster, project, access, flux });
      new GitLabAgent(stack, 'Agent', { cluster, project, access, flux, token, chartRepository: charts.url });
      app.synth();
      await allowOlderProvider();
    }

    /** The provider may be one from before the dashboard; what it does not know is left out. */
    async function allowOlderProvider(): Promise<void> {
      await terraform.init();
      const { provider_schemas: schemas } = JSON.parse(await terraform.succeed('providers', 'schema', '-json'));
      const known =
        schemas['registry.terraform.io/gitlabhq/gitlab'].resource_schemas['gitlab_project_environment'].block;
      const path = join(terraform.directory, 'cdk.tf.json');
      const json = JSON.parse(readFileSync(path, 'utf8'));
      for (const environment of Object.values<any>(json.resource['gitlab_project_environment'])) {
        for (const key of ['cluster_agent_id', 'kubernetes_namespace', 'flux_resource_path', 'tier']) {
          if (!(key in known.attributes)) Reflect.deleteProperty(environment, key);
        }
      }
      writeFileSync(path, JSON.stringify(json));
    }

    const agents = () => world.project.api('GET', '/cluster_agents') as Promise<{ id: number; name: string }[]>;
    async function validTokens(): Promise<number[]> {
      const [agent] = await agents();
      if (agent === undefined) return [];
      const tokens = (await world.project.api('GET', `/cluster_agents/${agent.id}/tokens`)) as {
        id: number;
        status: string;
      }[];
      return tokens.filter(({ status }) => status === 'active').map(({ id }) => id);
    }
    async function pods(): Promise<AgentPod[]> {
      const selector = ['-n', NAMESPACE, 'get', 'pods', '-l', 'app.kubernetes.io/name=gitlab-agent', '-o', 'json'];
      const { items } = JSON.parse(await world.cluster.kubectl(selector));
      return items
        .filter(({ metadata, status }: any) => metadata.deletionTimestamp === undefined && status.phase === 'Running')
        .map(({ metadata }: any) => ({ name: metadata.name, token: Number(metadata.annotations[TOKEN_ID]) }));
    }
    const running = async (token: number): Promise<boolean> => {
      const found = await pods();
      return found.length === 2 && found.every((pod) => pod.token === token);
    };
    const secretToken = () =>
      world.cluster.kubectl(['-n', NAMESPACE, 'get', 'secret', 'gitlab-agent-token', '-o', 'jsonpath={.data.token}']);

    /** Looks again and again whether a running Pod holds a token that is no longer valid. */
    function watch(): () => Promise<{
      readonly looks: number;
      readonly most: number;
      readonly revoked: readonly AgentPod[];
    }> {
      const seen = { looks: 0, most: 0, revoked: [] as AgentPod[] };
      const loopState = { stopped: false };
      stopWatch = () => void (loopState.stopped = true);
      const loop = (async () => {
        while (!loopState.stopped) {
          // The Pods first: a token that is revoked after the look at them was valid then.
          const found = await pods();
          const valid = await validTokens();
          seen.looks += 1;
          seen.most = Math.max(seen.most, valid.length);
          seen.revoked.push(...found.filter(({ token }) => !valid.includes(token)));
          await sleep(100);
        }
      })();
      return async () => {
        loopState.stopped = true;
        await loop;
        return seen;
      };
    }

    test('is registered and installed after Flux, and the second plan finds nothing to do', async () => {
      await synth({});
      await terraform.apply();
      const [first] = await validTokens();
      await until(
        () => running(first!),
        60_000,
        () => world.kubelet.output().slice(-2_000),
      );
      await terraform.planNothing();
      expect((await agents()).map(({ name }) => name)).toEqual(['uni-dev']);
      expect(world.project.file('.gitlab/agents/uni-dev/config.yaml')).toBe('---\n{}\n');
      const environments = await world.project.api('GET', '/environments');
      expect(environments.map(({ name, state }: any) => [name, state])).toEqual([['dev/uni-dev', 'available']]);
      expect(
        await world.cluster.kubectl([
          'get',
          'clusterrolebindings',
          '-o',
          'jsonpath={.items[?(@.metadata.name=="gitlab-agent-flux")].roleRef.name}',
        ]),
      ).toBe('gitlab-agent-flux');
      const allowed = [
        '-n',
        'flux-system',
        'get',
        'networkpolicy',
        'allow-webhooks',
        '-o',
        'jsonpath={.spec.ingress[0].from}',
      ];
      expect(JSON.parse(await world.cluster.kubectl(allowed))).toEqual([
        {
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': NAMESPACE } },
          podSelector: { matchLabels: { 'app.kubernetes.io/name': 'gitlab-agent' } },
        },
      ]);
    }, 240_000);

    test('the documented rotation never leaves it with a revoked token', async () => {
      const [first] = (await validTokens()) as [number];
      const firstSecret = await secretToken();
      const finish = watch();
      await synth({ active: 'a', retain: true });
      await terraform.apply();
      const both = await validTokens();
      expect(both).toHaveLength(2);
      const second = both.find((id) => id !== first)!;
      expect(await running(first)).toBe(true);
      expect(await secretToken()).toBe(firstSecret);

      await synth({ active: 'b', retain: true });
      await terraform.apply();
      await until(() => running(second), 60_000);
      expect(await secretToken()).not.toBe(firstSecret);
      expect((await validTokens()).sort()).toEqual([first, second].sort());

      await synth({ active: 'b' });
      await terraform.apply();
      expect(await validTokens()).toEqual([second]);
      await sleep(1_000);
      expect(await running(second)).toBe(true);
      const seen = await finish();
      expect(seen).toMatchObject({ most: 2, revoked: [] });
      expect(seen.looks).toBeGreaterThan(20);
      await terraform.planNothing();
    }, 240_000);

    test('goes back the same way; the watch sees it when a step is left out', async () => {
      const [second] = (await validTokens()) as [number];
      const finish = watch();
      await synth({ active: 'a' });
      const output = await terraform.apply();
      await until(async () => (await pods()).length === 2 && !(await running(second)), 60_000);
      await sleep(500);
      expect((await finish()).revoked.length).toBeGreaterThan(0);
      // Even so the token went last, after what holds it on the cluster.
      const at = (line: RegExp): number => output.search(line);
      const revoked = at(
        /gitlab_cluster_agent_token\.\S+: Destruction complete|gitlab_cluster_agent_token\.\S+ \(deposed/,
      );
      expect(revoked).toBeGreaterThan(at(/kubernetes_secret_v1\.Agent_Token\S*: Modifications complete/));
      expect(revoked).toBeGreaterThan(at(/kubernetes_config_map_v1\.\S+: Modifications complete/));
    }, 240_000);

    test('goes before Flux: environment, agent, Flux, token, registration', async () => {
      const started = Date.now();
      const output = await terraform.destroy();
      expect(Date.now() - started).toBeLessThan(180_000);
      const order = [
        /gitlab_project_environment\.\S+: Destruction complete/,
        /helm_release\.Agent_Release_Removal\S+: Destruction complete/,
        /kubernetes_config_map_v1\.\S+: Destruction complete/,
        /helm_release\.Flux_[0-9A-F]+: Destruction complete/,
      ].map((line) => output.search(line));
      expect(order).not.toContain(-1);
      expect(order).toEqual([...order].sort((a, b) => a - b));
      const last = [
        /kubernetes_secret_v1\.Agent_Token\S+: Destruction/,
        /gitlab_cluster_agent_token\.\S+: Destruction/,
        /gitlab_cluster_agent\.\S+: Destruction/,
      ];
      const tail = last.map((line) => output.search(line));
      expect(tail).not.toContain(-1);
      expect(tail).toEqual([...tail].sort((a, b) => a - b));
      expect(await agents()).toEqual([]);
      expect(await world.project.api('GET', '/environments')).toEqual([]);
      expect(await pods()).toEqual([]);
      expect(existsSync(terraform.directory)).toBe(true);
    }, 240_000);

    test('can be made again, and removed when the cluster is gone', async () => {
      await synth({});
      await terraform.apply();
      world.reachCluster(false);
      const gone = (await terraform.addresses()).filter((address) => /^(helm_release|kubernetes_)/.test(address));
      await terraform.succeed('state', 'rm', ...gone);
      await terraform.succeed('destroy', '-input=false', '-auto-approve', '-refresh=false');
      expect(await agents()).toEqual([]);
      expect(await terraform.addresses()).toEqual([]);
    }, 240_000);
  },
  ['hashicorp/helm', 'hashicorp/kubernetes', 'gitlabhq/gitlab'],
);
