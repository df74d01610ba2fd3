// The script install.sh of the chart flux-jobs, run by sh with stand-ins for flux and kubectl.
import { createHash } from 'node:crypto';

import { type Cluster } from '../support/fake-cluster';
import { base64, FLUX, type Options, run, type Run, SHELLS, UNBIND } from '../support/job-script';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const document = (kind: string, rest = ''): string =>
  `apiVersion: v1\nkind: ${kind}\nmetadata:\n  labels:\n    app.kubernetes.io/version: v2.9.4\n${rest}`;
const MANIFESTS = ['Namespace', 'CustomResourceDefinition', 'Deployment'].map((kind) => document(kind)).join('---\n');
// Kubernetes would replace $(HOME) in a variable, if it were not in base64.
const SYNC = `# $(HOME) ü\n---\nkind: GitRepository\nspec:\n  url: x\n---\nkind: Kustomization\nspec:\n  path: ./clusters/uni-dev\n`;

const install = ({ env, ...options }: Options = {}): Promise<Run> =>
  run('install', {
    manifests: MANIFESTS,
    args: ['--version=v2.9.4', '--log-level=debug'],
    env: {
      GITLAB_TOKEN: '',
      SYNC: base64(SYNC),
      KUSTOMIZATION: base64('resources: []\n'),
      DIGEST: sha256(MANIFESTS),
      ROOT_PATH: './clusters/uni-dev',
      VERSION: 'v2.9.4',
      ...env,
    },
    ...options,
  });

const applied = ({ calls }: Run): readonly string[] =>
  calls.flatMap((call) => /^kubectl apply .*--filename=\S*\/(\S+)$/.exec(call)?.[1] ?? []);
const MARKER = { 'flux-cli-bootstrapped': { namespace: 'flux-system' } };
const running: Cluster = {
  crds: FLUX,
  flux: { path: './clusters/uni-dev', applied: 'main@sha1:1', controllers: { 'source-controller': 'v2.9.3' } },
};

describe('install.sh', () => {
  it.each(SHELLS)('installs what Git says, follows it, and gives up its rights last (%s)', async (shell) => {
    const result = await install({ shell });
    expect({ code: result.code, configMaps: result.cluster.configMaps }).toEqual({ code: 0, configMaps: MARKER });
    expect(result.calls.filter((call) => call.startsWith('flux '))).toEqual([
      'flux install --export --namespace=flux-system --version=v2.9.4 --log-level=debug',
      'flux reconcile source git flux-system --namespace=flux-system --timeout=30s',
    ]);
    expect(applied(result)).toEqual(['crds.yaml', 'all.yaml']);
    expect(result.calls.find((call) => call.includes('all.yaml'))).toMatch(
      /^kubectl apply --server-side --force-conflicts --field-manager=flux --filename=/,
    );
    expect(result.cluster.flux).toMatchObject({ path: './clusters/uni-dev', applied: 'main@sha1:2' });
    expect(result.calls).toContainEqual(
      expect.stringMatching(/^kubectl rollout status deployment.apps\/source-controller --timeout=\d+s$/),
    );
    expect(result.calls.at(-1)).toBe(UNBIND);
  });

  it.each<[string, Partial<Options>, string]>([
    ['an image of another version', { manifests: 'kind: Other\n' }, 'its image is not of version v2.9.4'],
    [
      'the Flux of another tool',
      { cluster: { flux: { manager: 'Helm' } } },
      'another tool manages Flux on this cluster: Helm',
    ],
    [
      'a Flux that follows another directory',
      { cluster: { ...running, flux: { ...running.flux, path: './clusters/other' } } },
      'this cluster follows ./clusters/other',
    ],
  ])('leaves the cluster alone for %s', async (_, options, message) => {
    const result = await install(options);
    expect(result.code).toBe(3);
    expect(result.log).toContain(message);
    expect(applied(result)).toEqual([]);
    expect(result.cluster.configMaps).toEqual({});
    expect(result.calls.at(-1)).toBe(UNBIND);
  });

  it('lets a Flux that runs upgrade itself from Git', async () => {
    const result = await install({ cluster: running });
    expect(result.code).toBe(0);
    expect(applied(result)).toEqual(['sync.yaml']);
    expect(result.cluster.flux?.controllers).toEqual({ 'source-controller': 'v2.9.4' });
    expect(result.cluster.configMaps).toEqual(MARKER);
  });

  it('does not end well while Git has another version, or Flux does not apply it', async () => {
    const old = { ...running, flux: { ...running.flux, inGit: 'v2.9.3' } };
    const stuck = { ...running, flux: { ...running.flux, stuck: true } };
    const env = { SECONDS_TO_ACT: '2', SECONDS_PER_ATTEMPT: '1' };
    const runs = await Promise.all([old, stuck].map((cluster) => install({ cluster, env })));
    expect(runs.map(({ code }) => code)).toEqual([3, 3]);
    expect(runs[0]!.log).toContain('Git, as Flux sees it, has another version than v2.9.4');
    expect(runs[1]!.log).toContain('Flux has read main@sha1:2 from Git, and applied nothing of it:\nnot yet');
    for (const { log, cluster, calls } of runs) {
      expect(log).toContain('no attempt succeeded within 2 s');
      expect(cluster.configMaps).toEqual({});
      expect(calls.at(-1)).toBe(UNBIND);
    }
  });

  it('says why when the time is over before it has looked', async () => {
    const result = await install({ env: { SECONDS_TO_ACT: '9', SECONDS_PER_ATTEMPT: '0' } });
    expect(result.code).toBe(3);
    expect(result.log).toContain('Flux has read nothing from Git, and applied nothing of it:\n');
    expect(result.log).toContain('no attempt succeeded within 9 s');
  });

  it('tries again when something failed', async () => {
    const broken = ['once apply crds.yaml', 'once apply all.yaml', 'once reconcile source', 'once rollout status'];
    for (const result of await Promise.all(broken.map((call) => install({ cluster: { broken: [call] } })))) {
      expect(result.code).toBe(0);
      expect(result.cluster).toMatchObject({ broken: [], configMaps: MARKER });
    }
  });

  it('does not take an API that fails for a cluster without Flux', async () => {
    const result = await install({ cluster: { ...running, broken: ['get crd'] }, env: { SECONDS_TO_ACT: '20' } });
    expect(result.code).not.toBe(0);
    expect(applied(result)).toEqual([]);
  });

  it('resumes what an uninstall suspended that did not end', async () => {
    const workloads = { 'Kustomization/flux-system/flux-system': { suspend: true, frozen: true } };
    const result = await install({ cluster: { ...running, workloads } });
    expect(result.code).toBe(0);
    expect(result.cluster.workloads).toEqual({
      'Kustomization/flux-system/flux-system': { suspend: false, frozen: false },
    });
  });

  it('gives up its rights when Kubernetes kills the Job', async () => {
    const stuck = { ...running, flux: { ...running.flux, stuck: true } };
    const result = await install({ cluster: stuck, killAt: (call) => call.includes('get gitrepositories') });
    expect(result.code).toBe(3);
    expect(result.cluster.configMaps).toEqual({});
    expect(result.calls.at(-1)).toBe(UNBIND);
  });
});
