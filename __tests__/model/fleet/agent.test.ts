import { type AgentSettings } from '../../../lib/model/agent/agent-settings';
import { parseFleet } from '../../../lib/model/fleet';
import { fluxOf } from '../../../lib/model/fleet/definition/fleet-definition';
import { type AgentInput } from '../../../lib/model/fleet/schema/agent';

const fleetWith = (cluster: string, defaults = '{}'): string => `
project: { url: https://gitlab.example.com, path: platform/fleet }
defaults: ${defaults}
environments: { dev: { flux: { version: v2.9.4 } } }
clusters:
  uni-dev:
    environment: dev
    connection: { kubeconfig: { context: uni-dev } }
    ${cluster}
`;
const fleetOf = (cluster: string, defaults?: string) => parseFleet(fleetWith(cluster, defaults));
const agentOf = (cluster: string, defaults?: string) => fleetOf(cluster, defaults).clusters[0]?.agent;
const filesOf = (cluster: string, defaults?: string) =>
  fleetOf(cluster, defaults)
    .files()
    .flatMap(({ files }) => files.paths)
    .filter((path) => path.includes('agent'));

describe('the agent in fleet.yaml', () => {
  it('is there with the trigger agent, and writes these files', () => {
    expect(filesOf('trigger: agent')).toEqual([
      '.gitlab/agents/uni-dev/config.yaml',
      ...['config', 'helm-chart', 'helm-release', 'helm-repository', 'namespace', 'rbac'].map(
        (role) => `clusters/uni-dev/gitlab-agent/gitlab-agent-${role}.yaml`,
      ),
      'clusters/uni-dev/gitlab-agent/kustomization.yaml',
    ]);
  });

  it('is not there with another trigger, unless it is asked for', () => {
    expect(agentOf('trigger: interval')).toBeUndefined();
    expect(agentOf('agent: {}')?.settings).toEqual({});
    expect(agentOf('trigger: pipeline', '{ agent: { replicas: 1 } }')?.settings).toEqual({ replicas: 1 });
  });

  it('is what fleet, environment and cluster say together', () => {
    const agent = agentOf(
      'agent: { token: { active: b } }',
      '{ trigger: agent, agent: { imageTag: v18.6.1, token: { retain: true } } }',
    );
    expect(agent?.settings).toEqual({ imageTag: 'v18.6.1', token: { active: 'b', retain: true } });
  });

  it('of somebody else writes nothing, and changes nothing about Flux', () => {
    const cluster = 'trigger: agent\n    agent: { existing: { name: shared, project: platform/agents } }';
    expect(agentOf(cluster)?.existingAgent).toEqual({ name: 'shared', project: 'platform/agents' });
    expect(filesOf(cluster)).toEqual([]);
    expect(fleetOf(cluster).clusters[0]?.flux.settings).not.toHaveProperty('patches');
  });

  it('alone reaches the receivers, where Flux has NetworkPolicies', () => {
    const patches = (text: string) =>
      JSON.stringify({ patches: [], ...fluxOf(fleetOf(text).clusters[0]!).settings }.patches);
    expect(patches('trigger: agent')).toContain('allow-webhooks');
    expect(patches('trigger: agent\n    agent: { restrictReceivers: false }')).toBe('[]');
    expect(patches('trigger: agent\n    flux: { networkPolicy: false }')).toBe('[]');
  });

  const webhook = 'trigger: { webhook: { url: https://flux.example.com } }';
  const admin = '{ clusterRole: cluster-admin }';

  it.each([
    ['of somebody else', 'existing: { name: uni-dev }'],
    ['of somebody else, configured in the GitOps project', 'existing: { name: uni-dev, project: platform/fleet }'],
    ['that may do everything', `permissions: [${admin}]`],
  ])('%s is warned about beside the trigger webhook', (_, agent) => {
    expect(fleetOf(`${webhook}\n    agent: { ${agent} }`).warnings.map(({ message }) => message)).toEqual([
      'clusters.uni-dev: beside the trigger webhook, agent "uni-dev" tells Flux about the same sources, unless it may not make receivers: each push arrives more than once',
    ]);
  });

  it.each([
    ['with the rights that it has by itself', '{}'],
    ['that may do everything in some namespaces', '{ permissions: [{ clusterRole: cluster-admin, namespaces: [a] }] }'],
    ['through which others may do everything', '{ permissions: [{ to: { group: a }, clusterRole: cluster-admin }] }'],
    ['of which GitLab has another name', `{ externalUrl: https://git.example.com, permissions: [${admin}] }`],
    ['that GitLab tells nothing about the project', '{ existing: { name: a, project: platform/agents } }'],
  ])('%s is not', (_, agent) => {
    expect(fleetOf(`${webhook}\n    agent: ${agent}`).warnings).toEqual([]);
  });

  it.each([
    ['agent: { existing: { name: a }, replicas: 1 }', /fleet\.yaml:9:\d+: .*no such key beside `existing`/],
    ['agent: { nme: a }', /fleet\.yaml:9:\d+: .*unknown key/],
    ['agent: { configuration: { userAccess: {} } }', /fleet\.yaml:9:\d+: .*userAccess: .*a project or a group/],
    ['agent: { configuration: { userAccess: { groups: [other] } } }', /fleet\.yaml:9:\d+: .*a path below platform/],
    ['agent: { namespace: flux-system }', /fleet\.yaml:9:\d+: .*belongs to Flux/],
    ['agent: { kasAddress: kas.example.com }', /fleet\.yaml:9:\d+: .*kasAddress: .*wss:/],
  ])('refuses %s', (cluster, message) => {
    expect(() => fleetOf(cluster).files()).toThrow(message);
  });

  it('says the same as TypeScript', () => {
    type Same = [
      Exclude<keyof AgentInput, keyof AgentSettings | 'existing'>,
      Exclude<keyof AgentSettings, keyof AgentInput>,
    ];
    const same: Same extends [never, never] ? true : false = true;
    expect(same).toBe(true);
  });
});
