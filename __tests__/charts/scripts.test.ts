// What holds for every script of the chart flux-jobs, run by sh with stand-ins for flux and kubectl.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { type Cluster } from '../support/fake-cluster';
import { base64, FILES, FLUX, type Options, READ_ONLY, run, type Run, SCRIPTS, textOf } from '../support/job-script';
import { describeWithRig, findProgram } from '../support/rig';

type Script = (typeof SCRIPTS)[number];

describeWithRig(
  'shellcheck',
  () => {
    it.each(SCRIPTS)('finds nothing in common.sh and %s.sh', (script) => {
      const shellcheck = findProgram('shellcheck') ?? '';
      // Not every script calls all that common.sh has.
      const args = ['--shell=sh', '--exclude=SC2317,SC2329', '-'];
      expect(execFileSync(shellcheck, args, { input: textOf(script), encoding: 'utf8' })).toBe('');
    });
  },
  [{ program: 'shellcheck' }],
);

it.each(['common', ...SCRIPTS])('%s.sh holds nothing that Kubernetes would replace', (script) => {
  const text = readFileSync(join(FILES, `${script}.sh`), 'utf8');
  expect(text).not.toMatch(/\$\([A-Za-z0-9_.-]+\)/);
  expect(text).not.toContain('$$');
  expect(text).not.toMatch(/set -\w*x/);
});

it.each(['bootstrap', 'install', 'uninstall'] as const)('%s.sh gives up when it gets no access', async (script) => {
  const result = await run(script, { cluster: { broken: ['auth can-i'] }, env: { SECONDS_TO_ACT: '9' } });
  expect(result.code).toBe(3);
  expect(result.log).toContain('no access to the Kubernetes API');
  expect(result.calls.filter((call) => call.startsWith('flux'))).toEqual([]);
});

const MANIFESTS = ['CustomResourceDefinition', 'Deployment']
  .map((kind) => `kind: ${kind}\nmetadata:\n  labels:\n    app.kubernetes.io/version: v2.9.4\n`)
  .join('---\n');
const SYNC = 'kind: GitRepository\n---\nkind: Kustomization\nspec:\n  path: ./clusters/uni-dev\n';
const workloads: Cluster['workloads'] = {
  'Kustomization/flux-system/flux-system': { frozen: true, suspend: true },
  'Kustomization/flux-system/web': { needs: ['HelmRelease/flux-system/cache'] },
  'HelmRelease/flux-system/cache': { suspend: true },
  'Kustomization/flux-system/leaving': { leaving: true },
};
const READY = ['2 1 1 True old', '2 2 2 False not yet', '2 2 2 True applied'];

/** A run of each that makes all calls that it makes when all goes well. */
const FULL: Record<string, [Script, Options]> = {
  'bootstrap.sh': [
    'bootstrap',
    { cluster: { crds: FLUX, workloads, secrets: { 'flux-system': READ_ONLY } }, outcomes: ['✗ declined', 'ok'] },
  ],
  'install.sh': [
    'install',
    {
      manifests: MANIFESTS,
      env: {
        SYNC: base64(SYNC),
        KUSTOMIZATION: base64('resources: []\n'),
        DIGEST: createHash('sha256').update(MANIFESTS).digest('hex'),
        ROOT_PATH: './clusters/uni-dev',
        VERSION: 'v2.9.4',
      },
    },
  ],
  'uninstall.sh, which keeps': ['uninstall', { cluster: { crds: FLUX, configMaps: { 'flux-cli-bootstrapped': {} } } }],
  'uninstall.sh, which deletes': [
    'uninstall',
    {
      cluster: { crds: FLUX, configMaps: { 'flux-cli-bootstrapped': {} }, workloads, namespaces: ['web'] },
      env: { REMOVAL_POLICY: 'delete' },
    },
  ],
  'ready.sh': [
    'ready',
    {
      cluster: { crds: FLUX, conditions: { fluxinstances: READY, gitrepositories: READY, kustomizations: READY } },
      env: { INSTANCE: 'flux', ROOT: 'flux-system' },
    },
  ],
  'remove-agent.sh': [
    'remove-agent',
    {
      cluster: { crds: FLUX, workloads: { 'HelmRelease/flux-system/agent': { suspend: true } } },
      env: { HELM_RELEASE: 'agent' },
    },
  ],
  'remove-spoke.sh, which keeps': ['remove-spoke', { cluster: { crds: FLUX, workloads } }],
  'remove-spoke.sh, which deletes': [
    'remove-spoke',
    { cluster: { crds: FLUX, workloads }, env: { REMOVAL_POLICY: 'delete' } },
  ],
};

describe('a call of the API that fails once ends nothing', () => {
  const asksServer = (call: string): boolean => call.startsWith('kubectl') && !call.startsWith('kubectl kustomize');
  const withoutTime = (call: string): string => call.replace(/--timeout=\d+s/, '');
  const outcomeOf = ({ code, cluster }: Run): object => ({ code, cluster: { ...cluster, conditions: {} } });

  it.each(Object.keys(FULL))('in %s', async (name) => {
    const [script, options] = FULL[name]!;
    const smooth = await run(script, options);
    expect(smooth.code).toBe(0);
    const calls = [...new Set(smooth.calls.filter(asksServer).map(withoutTime))];
    expect(calls.length).toBeGreaterThan(2);
    const failing = (fails: (call: string) => boolean): Promise<Run> => {
      const failed = new Set<string>();
      const failAt = (said: string): boolean => {
        const call = withoutTime(said);
        if (!asksServer(call) || !fails(call) || failed.has(call)) return false;
        failed.add(call);
        return true;
      };
      return run(script, { ...options, failAt });
    };
    const faults: [string, (call: string) => boolean][] = [
      ...calls.map((call): [string, (each: string) => boolean] => [call, (each) => each === call]),
      ['each of them', () => true],
    ];
    const runs = await Promise.all(faults.map(async ([what, fails]) => [what, outcomeOf(await failing(fails))]));
    expect(Object.fromEntries(runs)).toEqual(Object.fromEntries(runs.map(([call]) => [call, outcomeOf(smooth)])));
  });
});
