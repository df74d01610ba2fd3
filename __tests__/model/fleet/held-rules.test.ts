// Rules that hold for a fleet file, with the place, and for values in TypeScript.
import { join } from 'node:path';

import { AgentDefinition } from '../../../lib/model/agent/agent-definition';
import { Cluster } from '../../../lib/model/cluster/cluster';
import { ClusterConnection } from '../../../lib/model/cluster/cluster-connection';
import { Trigger } from '../../../lib/model/cluster/trigger';
import { ChartSource } from '../../../lib/model/component/chart/chart-source';
import { GitSource } from '../../../lib/model/component/git-source';
import { SecretReference } from '../../../lib/model/component/secret-reference';
import { FleetFileError, parseFleet } from '../../../lib/model/fleet';
import {
  type ClusterDefinition,
  fleetFiles,
  fleetWarnings,
} from '../../../lib/model/fleet/definition/fleet-definition';
import { FluxPatch } from '../../../lib/model/flux/flux-patch';
import { FluxInstallation } from '../../../lib/model/installation/flux-installation';
import { type FluxType } from '../../../lib/model/installation/flux-type';
import {
  type BootstrapInstallationProps,
  type ProviderInstallationProps,
} from '../../../lib/model/installation/installation-props';
import { ROOT } from '../../support/example-fleet';

const project = { url: 'https://gitlab.example.com', path: 'platform/fleet' };
const connection = ClusterConnection.kubeconfig({ context: 'uni' });
const version = 'v2.9.4';
/** Relative paths start from here. */
const FILE = join(ROOT, '__tests__/docs/fixtures/fleet.yaml');

interface Settings extends Partial<BootstrapInstallationProps & ProviderInstallationProps> {
  readonly type?: FluxType;
}
function definition(settings: Settings, trigger = Trigger.interval(), agent?: AgentDefinition): ClusterDefinition {
  const cluster = new Cluster({ name: 'uni', environment: 'dev', connection, trigger, components: [] });
  const { type = 'bootstrap', ...props } = settings;
  const flux = FluxInstallation[type]({ ...(type === 'provider' ? {} : { version }), ...props } as any);
  return { cluster, flux, ...(agent && { agent }) };
}
const files = (flux: Settings, trigger?: Trigger, agent?: AgentDefinition) =>
  fleetFiles({ project, clusters: [definition(flux, trigger, agent)] });

/** A fleet file as flow maps: each value stands in a line of its own. */
function fileWith(parts: Record<string, object>): string {
  const cluster = {
    environment: 'dev',
    connection: { kubeconfig: { context: 'uni' } },
    flux: { version },
    ...parts['cluster'],
  };
  const fleet = { project, environments: { dev: {} }, clusters: { uni: cluster }, ...parts['fleet'] };
  return JSON.stringify(fleet, undefined, 2);
}
function messagesFor(text: string): readonly string[] {
  try {
    parseFleet(text, { file: FILE }).files();
    return [];
  } catch (error) {
    if (!(error instanceof FleetFileError)) throw error;
    return error.problems.map(({ line, message }) => `${text.split('\n')[line - 1]!.trim()} ## ${message}`);
  }
}
const flux = (settings: object): string => fileWith({ cluster: { flux: { version, ...settings } } });
const component = (helmOrKustomize: object): string =>
  fileWith({ cluster: { components: ['app'] }, fleet: { components: { app: helmOrKustomize } } });
const chart = (source: object): string => component({ helm: { chart: source } });
const oci = { url: 'oci://ghcr.io/charts/thing', tag: '1.2.3' };
const callers = [{ namespace: 'ingress' }];

test.each<[string, string, RegExp, () => unknown, RegExp]>([
  [
    'a version that is none',
    flux({ version: 'banana' }),
    /^"version": "banana" ## .*a version/,
    () => files({ version: 'banana' }),
    /^Flux: version: got "banana", want a version of Flux such as v2.9.4$/,
  ],
  [
    'callers without a NetworkPolicy',
    fileWith({
      cluster: {
        trigger: { webhook: { url: 'https://f.example.com', callers } },
        flux: { version, networkPolicy: false },
      },
    }),
    /^"callers": \[ ## .*nothing with `flux.networkPolicy: false`/,
    () => files({ networkPolicy: false }, Trigger.webhook({ callers })),
    /trigger.webhook.callers: want nothing with `flux.networkPolicy: false`/,
  ],
  [
    'the patch for receivers without a NetworkPolicy',
    flux({ networkPolicy: false, patches: [{ receiverAccess: callers }] }),
    /patches\[0\].*nothing with networkPolicy false/,
    () => files({ networkPolicy: false, patches: [FluxPatch.receiverAccess(callers)] }),
    /patches\[0\]: got "receiverAccess"/,
  ],
  [
    'restricted receivers without a NetworkPolicy',
    fileWith({
      cluster: { trigger: 'agent', agent: { restrictReceivers: true }, flux: { version, networkPolicy: false } },
    }),
    /^"restrictReceivers": true ## .*false or nothing/,
    () => files({ networkPolicy: false }, Trigger.agent(), new AgentDefinition({ restrictReceivers: true })),
    /agent.restrictReceivers: got true, want false or nothing/,
  ],
  [
    'a state in the GitOps project',
    fileWith({ fleet: { state: { type: 'gitlab', url: project.url, project: 'Platform/fleet' } } }),
    /^"project": "Platform\/fleet" ## state.project: .*another project/,
    () =>
      fleetFiles({
        project,
        clusters: [definition({})],
        state: { type: 'gitlab', url: `${project.url}/`, project: 'platform/fleet' },
      }),
    /state: project: got "platform\/fleet", want another project/,
  ],
  [
    'a GitLab that is asked in clear',
    fileWith({ fleet: { project: { ...project, url: 'http://gitlab.example.com' } } }),
    /^"url": "http:\/\/gitlab.example.com", ## .*want https:\/\//,
    () =>
      fleetFiles({
        project: { ...project, url: 'http://gitlab.example.com' },
        clusters: [definition({ type: 'operator' })],
      }),
    /project: url: .*want https:\/\//,
  ],
  [
    'a project path with .git',
    fileWith({ fleet: { project: { ...project, path: 'a/b.git' } } }),
    /^"path": "a\/b.git" ## .*without .git/,
    () => new AgentDefinition({ configuration: { ciAccess: { projects: [{ id: 'a/b.git' }] } } }),
    /want a full path/,
  ],
  [
    'a registry with a scheme',
    flux({ registry: 'https://registry.example.com/fluxcd' }),
    /^"registry": .* ## .*without a scheme/,
    () => files({ registry: 'https://registry.example.com/fluxcd' }),
    /registry: got .*without a scheme/,
  ],
  [
    'an interval of no time',
    flux({ interval: '0s' }),
    /^"interval": "0s" ## .*at least 10s/,
    () => Trigger.interval({ every: '0s' }),
    /at least 10s/,
  ],
  [
    'an interval of moments',
    component({ kustomize: { base: { directory: 'components/fluentd/base' }, interval: '9s' } }),
    /^"interval": "9s" ## .*at least 10s/,
    () => GitSource.gitOpsRepository({ interval: '9999ms' }),
    /at least 10s/,
  ],
  [
    'a timeout of no time',
    component({ kustomize: { base: { directory: 'components/fluentd/base' }, timeout: '0m' } }),
    /^"timeout": "0m" ## .*more than no time/,
    () => files({ type: 'provider', timeouts: { create: '0s' } }),
    /timeouts.create: got "0s"/,
  ],
  [
    'a deadline beyond what Kubernetes counts',
    flux({ deadline: '2562047h1ms' }),
    /^"deadline": "2562047h1ms" ## .*at most 2562047h/,
    () => files({ type: 'operator', deadline: '2562047h1ms' }),
    /deadline: got "2562047h1ms"/,
  ],
  [
    "a variable of Flux's for the connection",
    fileWith({
      cluster: { connection: { token: { server: 'https://uni.example.com', tokenVariable: 'git_password' } } },
    }),
    /^"tokenVariable": "git_password" ## .*a variable of its own/,
    () =>
      ClusterConnection.clientCertificate({ server: 'https://uni.example.com', keyVariable: 'gitlab_bootstrap_token' }),
    /keyVariable: got "gitlab_bootstrap_token"/,
  ],
  [
    'a tag that Git does not take',
    component({ kustomize: { base: { directory: 'components/fluentd/base' }, source: { ref: { tag: 'v1..0' } } } }),
    /^"tag": "v1..0" ## .*a name that Git takes for a tag/,
    () => GitSource.gitOpsRepository({ ref: { branch: 'a b' } }),
    /ref.branch: got "a b", want a name that Git takes for a branch/,
  ],
  [
    'a tag that no registry takes',
    chart({ oci: { ...oci, tag: '1.2.3+build.5' } }),
    /^"tag": "1.2.3\+build.5" ## .*1\.2\.3_build\.5/,
    () => ChartSource.oci({ ...oci, tag: 'a b' }),
    /tag: got "a b", want a tag/,
  ],
  [
    'a repository that no registry takes',
    chart({ oci: { ...oci, url: 'oci://ghcr.io/Charts/thing' } }),
    /^"url": .* ## .*lower case/,
    () => ChartSource.oci({ ...oci, url: 'oci://ghcr.io/Charts/thing' }),
    /lower case/,
  ],
  [
    'a credential for charts in clear',
    chart({
      repository: { url: 'http://charts.example.com', name: 'a', version: '1.0.0', credential: { existing: 'a' } },
    }),
    /^"url": .* ## .*in clear/,
    () =>
      ChartSource.repository({
        url: 'http://charts.example.com',
        name: 'a',
        version: '1.0.0',
        credential: SecretReference.existing('a'),
      }),
    /in clear/,
  ],
  [
    'a credential for a registry that speaks in clear',
    chart({ oci: { ...oci, insecure: true, credential: { existing: 'a' } } }),
    /^"insecure": true,? ## .*got true, want false, or no credential: .*in clear/,
    () => ChartSource.oci({ ...oci, insecure: true, credential: SecretReference.existing('a') }),
    /chart source: insecure: got true, want false, or no credential: it would go over the network in clear/,
  ],
  [
    'a workload identity for a registry that speaks in clear',
    chart({ oci: { ...oci, insecure: true, provider: 'aws' } }),
    /^"insecure": true,? ## .*in clear/,
    () => ChartSource.oci({ ...oci, insecure: true, provider: 'aws' }),
    /in clear/,
  ],
])('refused: %s', (_, text, message, typescript, typescriptMessage) => {
  expect(messagesFor(text)).toEqual([expect.stringMatching(message)]);
  expect(typescript).toThrow(typescriptMessage);
});

test.each<[string, object]>([
  ['at the shortest interval', { interval: '10s' }],
  ['from a registry with a port', { registry: 'registry.example.com:5000/mirror/fluxcd' }],
  ['with receivers for all, and no NetworkPolicy', { networkPolicy: false }],
])('accepted: Flux %s', (_, settings) => {
  expect(messagesFor(flux(settings))).toEqual([]);
  expect(() => files(settings)).not.toThrow();
});

test('accepted: what Git, GitLab and registries take', () => {
  for (const tag of ['v1.0+x', 'release/1', '@', 'ü']) GitSource.gitOpsRepository({ ref: { tag } });
  for (const tag of ['_a', 'V1.2.3_build.5', '1-2.3']) ChartSource.oci({ ...oci, tag });
  ChartSource.oci({ ...oci, url: 'oci://registry.example.com:5000/a/b__c/d--e.f' });
  ChartSource.oci({ ...oci, insecure: true, provider: 'generic' });
  expect(messagesFor(fileWith({ fleet: { project: { ...project, path: 'Platform/.github' } } }))).toEqual([]);
});

describe('only the agent reaches the receivers', () => {
  const patched = (tree: ReturnType<typeof fleetFiles>) =>
    tree.flatMap((stack) => [...stack.files]).some(({ content }) => String(content).includes('allow-webhooks'));

  test('in TypeScript as in a fleet file', () => {
    expect(patched(parseFleet(fileWith({ cluster: { trigger: 'agent' } })).files())).toBe(true);
    expect(patched(files({}, Trigger.agent(), new AgentDefinition()))).toBe(true);
    expect(patched(files({}, Trigger.agent(), new AgentDefinition({ restrictReceivers: false })))).toBe(false);
  });
});

describe('keys of another type', () => {
  test.each<[object, RegExp]>([
    [
      { version, sharding: { shards: ['a'] } },
      /^"sharding": \{ ## .*nothing with the type bootstrap: only operator has it/,
    ],
    [{ version, size: 'small' }, /^"size": "small" ## .*only operator has it/],
    [{ type: 'provider', version }, /^"version": .* ## .*only bootstrap and operator has it.*downloadVersion/],
    [{ type: 'operator', version, gotkFiles: 'terraform' }, /^"gotkFiles": .* ## .*only bootstrap has it/],
    [{ type: 'operator', version, tokenRevision: 2 }, /^"tokenRevision": 2 ## .*only bootstrap has it/],
  ])('are refused for a cluster: %j', (settings, message) => {
    expect(messagesFor(fileWith({ cluster: { flux: settings } }))).toEqual([expect.stringMatching(message)]);
  });

  test('are refused among defaults that no cluster takes, and left to those that do', () => {
    const fleet = (types: readonly string[]) => {
      const clusters = types.map((type, index) => {
        const cluster = { environment: 'dev', connection: { kubeconfig: { context: `c${index}` } }, flux: { type } };
        return [`c${index}`, cluster] as const;
      });
      const defaults = { flux: { version, size: 'small' } };
      return fileWith({ fleet: { defaults, clusters: Object.fromEntries(clusters) } });
    };
    expect(messagesFor(fleet(['bootstrap']))).toEqual([
      expect.stringMatching(/^"size": "small" ## defaults.flux.size: /),
    ]);
    expect(messagesFor(fleet(['bootstrap', 'operator']))).toEqual([]);
  });
});

describe('a pipeline that plans', () => {
  test('needs a state that its jobs share', () => {
    const planPipeline = { image: 'registry.example.com/tools:1.0.0' };
    const state = { type: 'gitlab', url: project.url, project: 'platform/states' };
    expect(messagesFor(fileWith({ fleet: { planPipeline } }))).toEqual([
      expect.stringMatching(/^"planPipeline": \{ ## planPipeline: want a state that its jobs share/),
    ]);
    expect(messagesFor(fileWith({ fleet: { planPipeline, state } }))).toEqual([]);
  });
});

describe('a delivery by merge requests beside a Flux that pushes by itself', () => {
  const warnings = (settings: Settings) =>
    fleetWarnings({
      project,
      clusters: [definition(settings)],
      delivery: { type: 'commit', mergeRequest: {} },
    }).map(({ message }) => message);

  test('is doubtful, with the remedy', () => {
    expect(warnings({})).toEqual([
      expect.stringContaining('flux bootstrap pushes to the branch itself: take `flux.gotkFiles: terraform`'),
    ]);
    expect(warnings({ type: 'provider' })).toEqual([expect.stringContaining('`flux.type: operator`')]);
    expect(warnings({ type: 'operator' })).toEqual([]);
  });
});
