// The scripts of the chart flux-cli, run by sh with stand-ins for flux and kubectl.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  base64,
  type Cluster,
  FILES,
  FLUX,
  READ_ONLY,
  run,
  type Run,
  SHELLS,
  TOKEN,
  UNBIND,
  type Workload,
} from '../support/flux-cli-script';
import { describeWithRig, findProgram } from '../support/rig';

const withSecret: Cluster = { secrets: { 'flux-system': { ...READ_ONLY, 'ca.crt': 'Q0E=' } } };
const attempts = ({ calls }: Run): number => calls.filter((call) => call.startsWith('flux bootstrap')).length;

describeWithRig(
  'shellcheck',
  () => {
    it.each(['bootstrap', 'install', 'uninstall'])('finds nothing in common.sh and %s.sh', (script) => {
      const text = ['common', script].map((name) => readFileSync(join(FILES, `${name}.sh`), 'utf8')).join('\n');
      const shellcheck = findProgram('shellcheck') ?? '';
      expect(execFileSync(shellcheck, ['--shell=sh', '-'], { input: text, encoding: 'utf8' })).toBe('');
    });
  },
  [{ program: 'shellcheck' }],
);

describe('the scripts', () => {
  it.each(['bootstrap', 'uninstall'] as const)('%s.sh gives up when it gets no access', async (script) => {
    const result = await run(script, { cluster: { broken: ['auth can-i'] }, env: { SECONDS_TO_ACT: '1' } });
    expect(result.code).toBe(1);
    expect(result.log).toContain('no access to the Kubernetes API');
    expect(result.calls.filter((call) => call.startsWith('flux'))).toEqual([]);
  });

  it.each(['common', 'bootstrap', 'install', 'uninstall'])(
    '%s.sh holds nothing that Kubernetes would replace',
    (script) => {
      const text = readFileSync(join(FILES, `${script}.sh`), 'utf8');
      expect(text).not.toMatch(/\$\([A-Za-z0-9_.-]+\)/);
      expect(text).not.toContain('$$');
      expect(text).not.toMatch(/set -\w*x/);
    },
  );
});

describe.each(SHELLS)('bootstrap.sh with %s', (shell) => {
  it('bootstraps, records it, puts the Secret back and gives up its rights last', async () => {
    const result = await run('bootstrap', { shell, cluster: withSecret, args: ['--owner=platform', '--token-auth'] });
    expect({ code: result.code, cluster: result.cluster }).toEqual({
      code: 0,
      cluster: expect.objectContaining({
        ...withSecret,
        configMaps: { 'flux-cli-bootstrapped': { namespace: 'flux-system' } },
      }),
    });
    expect(result.calls.filter((call) => call.startsWith('flux '))).toEqual([
      'flux bootstrap gitlab --namespace=flux-system --timeout=20s --owner=platform --token-auth',
      'flux reconcile source git flux-system --namespace=flux-system --timeout=30s',
    ]);
    expect(result.calls.at(-1)).toBe(UNBIND);
  });

  it('restores and gives up its rights when Kubernetes kills the Job', async () => {
    const result = await run('bootstrap', { shell, cluster: withSecret, outcomes: ['hang'], killAfter: 2000 });
    expect(result.code).toBe(143);
    expect(result.seconds).toBeLessThan(8);
    expect(result.cluster.secrets).toEqual(withSecret.secrets);
    expect(result.cluster.configMaps).toEqual({});
    expect(result.calls.at(-1)).toBe(UNBIND);
  });
});

describe('bootstrap.sh', () => {
  it('tries again while other writers push', async () => {
    const push = '✗ failed to push manifests: non-fast-forward update: refs/heads/main';
    const result = await run('bootstrap', { cluster: withSecret, outcomes: [push, push, 'ok'] });
    expect([result.code, attempts(result)]).toEqual([0, 3]);
    expect(result.log).toContain('trying again');
    const flux = result.calls.filter((call) => call.startsWith('flux')).map((call) => call.split(' ')[1]);
    expect(flux).toEqual(['bootstrap', 'reconcile', 'bootstrap', 'reconcile', 'bootstrap', 'reconcile']);
  });

  it('ends before its deadline, restores, and leaves no marker', async () => {
    const result = await run('bootstrap', {
      cluster: withSecret,
      outcomes: ['✗ context deadline exceeded'],
      env: { SECONDS_TO_ACT: '5' },
    });
    expect(result.code).toBe(1);
    expect(attempts(result)).toBeGreaterThan(1);
    expect(result.seconds).toBeLessThan(5 + 8);
    expect(result.log).toContain('no attempt succeeded within 5 s');
    expect(result.cluster).toMatchObject({ secrets: withSecret.secrets, configMaps: {} });
    expect(result.calls.at(-1)).toBe(UNBIND);
  });

  it('cuts off an attempt that hangs', async () => {
    const result = await run('bootstrap', {
      cluster: withSecret,
      outcomes: ['hang', 'ok'],
      env: { SECONDS_PER_ATTEMPT: '-8' },
    });
    expect([result.code, attempts(result)]).toEqual([0, 2]);
  });

  // Word for word what flux 2.9.4 says.
  it.each([
    '✗ failed to get Git repository "https://x/a/b": provider error: multiple errors occurred: \\n- GET https://x/api/v4/projects/a%%2Fb: 401 {message: 401 Unauthorized}',
    '✗ failed to get Git repository "https://x/a/b": provider error: Get "https://x/api/v4/projects/a": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    '✗ unknown flag: --foo',
    '✗ invalid argument "loud" for "--log-level" flag: unsupported log level',
    '✗ failed to push manifests: failed to push to remote: authorization failed: You are not allowed to upload code.',
    '✗ sync path configuration ("./b") would overwrite path ("./a") of existing Kustomization',
    '? Are you sure you want to override the Helm installation? Y/N\\n\\033[?25h✗ ^D',
  ])('does not try again: %s', async (outcome) => {
    const result = await run('bootstrap', { cluster: withSecret, outcomes: [outcome, 'ok'] });
    expect([result.code, attempts(result)]).toEqual([1, 1]);
    expect(result.log).toContain('another attempt cannot heal this error');
    expect(result.cluster).toMatchObject({ secrets: withSecret.secrets, configMaps: {} });
  });

  it.each([
    '✗ failed to push manifests: failed to push to remote: command error on refs/heads/main: pre-receive hook declined',
    "✗ bootstrap failed with 1 health check failure(s): [error while waiting for GitRepository to be ready: 'unable to list remote: authentication required']",
    '► 401 Unauthorized\\n✗ context deadline exceeded',
  ])('tries again: %s', async (outcome) => {
    const result = await run('bootstrap', { cluster: withSecret, outcomes: [outcome, 'ok'] });
    expect([result.code, attempts(result)]).toEqual([0, 2]);
  });

  it('repairs what a run left that was killed without notice', async () => {
    const secrets = {
      'flux-system': { username: base64('git'), password: base64(TOKEN) },
      'flux-cli-saved-credentials': READ_ONLY,
    };
    const result = await run('bootstrap', { cluster: { secrets } });
    expect(result.code).toBe(0);
    expect(result.cluster.secrets).toEqual({ 'flux-system': READ_ONLY });
  });

  it('prefers what Terraform wrote to an old copy', async () => {
    const rotated = { username: base64('deploy'), password: base64('gldt-new') };
    const secrets = { 'flux-system': rotated, 'flux-cli-saved-credentials': READ_ONLY };
    const result = await run('bootstrap', { cluster: { secrets } });
    expect(result.cluster.secrets).toEqual({ 'flux-system': rotated });
  });

  it.each([
    ['holds the token of the bootstrap', { 'flux-system': { password: base64(TOKEN) } }],
    ['must hold the credentials', { other: READ_ONLY }],
  ])('refuses a Secret that %s', async (message, secrets) => {
    const result = await run('bootstrap', { cluster: { secrets } });
    expect([result.code, attempts(result)]).toEqual([1, 0]);
    expect(result.calls.at(-1)).toBe(UNBIND);
    if (message.startsWith('holds')) expect(result.log).toContain(message);
  });

  it('leaves the Secret alone when none is to be restored', async () => {
    const result = await run('bootstrap', { cluster: withSecret, env: { RESTORE_SECRET: '' } });
    expect(result.code).toBe(0);
    expect(result.cluster.secrets?.['flux-system']?.['password']).toBe(base64(TOKEN));
  });

  it('resumes what an uninstall suspended that did not end', async () => {
    const workloads = {
      'Kustomization/flux-system/flux-system': { suspend: true, frozen: true },
      'Kustomization/app/app': { suspend: true },
    };
    const result = await run('bootstrap', { cluster: { ...withSecret, workloads, crds: FLUX } });
    expect(result.code).toBe(0);
    expect(result.cluster.workloads).toEqual({
      'Kustomization/flux-system/flux-system': { suspend: false, frozen: false },
      'Kustomization/app/app': { suspend: true },
    });
  });

  it('passes the CA as a file', async () => {
    const result = await run('bootstrap', { cluster: withSecret, env: { CERTIFICATE_AUTHORITY: 'PEM' } });
    expect(result.calls.find((call) => call.startsWith('flux bootstrap'))).toMatch(/--ca-file=\S+\/home\/ca\.crt$/);
  });

  it('prints no secret', async () => {
    const result = await run('bootstrap', { cluster: withSecret, outcomes: ['✗ unknown flag: --foo'] });
    for (const secret of [TOKEN, 'gldt-may-read']) {
      expect(result.log + result.calls.join('\n')).not.toContain(secret);
      expect(result.log + result.calls.join('\n')).not.toContain(base64(secret));
    }
  });
});

const installed: Cluster = { configMaps: { 'flux-cli-bootstrapped': {} }, crds: FLUX };
const deletes = ({ log }: Run): string[] => [...log.matchAll(/deleting (\S+)/g)].map(([, object]) => object ?? '');

describe('uninstall.sh', () => {
  it('leaves a Flux alone that this release did not install', async () => {
    const result = await run('uninstall', { cluster: { crds: FLUX } });
    expect(result.code).toBe(0);
    expect(result.log).toContain('never finished a bootstrap');
    expect(result.calls).toEqual([
      'kubectl auth can-i * * --all-namespaces --quiet',
      'kubectl get configmap flux-cli-bootstrapped --ignore-not-found --output=name',
      UNBIND,
    ]);
  });

  it('does not take an API that fails for one without a marker', async () => {
    const result = await run('uninstall', { cluster: { ...installed, broken: ['get configmap'] } });
    expect(result.code).toBe(1);
    expect(result.calls.filter((call) => call.startsWith('flux'))).toEqual([]);
  });

  it('keep: stops the controllers, removes Flux, forgets the marker', async () => {
    const workloads = { 'Kustomization/app/app': {} };
    const result = await run('uninstall', { cluster: { ...installed, workloads } });
    expect(result.code).toBe(0);
    expect(result.cluster).toMatchObject({ configMaps: {}, crds: [], workloads });
    const order = ['delete deployments', 'get pods', 'flux uninstall', 'delete configmap', 'delete clusterrolebinding'];
    const positions = order.map((text) => result.calls.findIndex((call) => call.includes(text)));
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
    expect(positions).not.toContain(-1);
  });

  it('repeats `flux uninstall` when a finalizer came back, and never hangs', async () => {
    const result = await run('uninstall', {
      cluster: { ...installed, finalizerStays: true },
      env: { SECONDS_TO_ACT: '9' },
    });
    expect(result.code).toBe(1);
    expect(result.seconds).toBeLessThan(9 + 12);
    expect(result.calls.filter((call) => call.startsWith('flux uninstall')).length).toBeGreaterThan(1);
    expect(result.log).toContain('customresourcedefinition.apiextensions.k8s.io/kustomizations');
    expect(result.cluster.configMaps).toEqual(installed.configMaps);
    expect(result.calls.at(-1)).toBe(UNBIND);
  }, 40_000);

  it.each(SHELLS)(
    'delete: dependents first, over all kinds and namespaces, the root never (%s)',
    async (shell) => {
      const workloads: Record<string, Workload> = {
        'Kustomization/flux-system/flux-system': {},
        'Kustomization/db/db': {},
        'Kustomization/app/app': { needs: ['Kustomization/db/db', 'Kustomization/flux-system/flux-system'] },
        'Kustomization/web/web': { needs: ['Kustomization/app/app'], suspend: true },
        'HelmRelease/cache/cache': { suspend: true },
        // Waits for the release, so it goes before it; the other one applied what it checks, so it goes after it.
        'Kustomization/queue/queue': { checks: ['HelmRelease/cache/cache'] },
        'Kustomization/set/set': { checks: ['HelmRelease/set/child'] },
        'HelmRelease/set/child': { needs: ['Kustomization/set/set'] },
      };
      const result = await run('uninstall', {
        shell,
        cluster: { ...installed, workloads, namespaces: ['app', 'db'] },
        env: { REMOVAL_POLICY: 'delete' },
      });
      expect(result.code).toBe(0);
      expect(result.cluster).toMatchObject({
        workloads: { 'Kustomization/flux-system/flux-system': { suspend: true } },
        namespaces: [],
        crds: [],
      });
      expect(Object.keys(result.cluster.workloads ?? {})).toEqual(['Kustomization/flux-system/flux-system']);
      const order = deletes(result);
      const before = (first: string, second: string): void =>
        expect(order.indexOf(first)).toBeLessThan(order.indexOf(second));
      before('Kustomization/web/web', 'Kustomization/app/app');
      before('Kustomization/app/app', 'Kustomization/db/db');
      before('Kustomization/queue/queue', 'HelmRelease/cache/cache');
      before('HelmRelease/set/child', 'Kustomization/set/set');
      before('Kustomization/db/db', 'namespace/db');
      expect(result.calls.find((call) => call.startsWith('kubectl patch'))).toBe(
        'kubectl patch kustomizations.kustomize.toolkit.fluxcd.io flux-system --type=merge --field-manager=flux --patch={"metadata":{"labels":{"flux-cli/suspended-by":"uninstall"}},"spec":{"suspend":true}}',
      );
    },
    60_000,
  );

  it('delete: does not suspend what is leaving already, or it would leave its workloads', async () => {
    const workloads = { 'Kustomization/flux-system/flux-system': {}, 'Kustomization/a/a': { leaving: true } };
    const result = await run('uninstall', {
      cluster: { ...installed, workloads },
      env: { REMOVAL_POLICY: 'delete' },
    });
    expect(result.code).toBe(0);
    expect(result.calls.filter((call) => call.startsWith('kubectl patch'))).toHaveLength(1);
  });

  it('delete: what cannot be resumed is not deleted either', async () => {
    const workloads = { 'Kustomization/app/app': {} };
    const result = await run('uninstall', {
      cluster: { ...installed, workloads, broken: ['patch kustomizations.kustomize.toolkit.fluxcd.io'] },
      env: { REMOVAL_POLICY: 'delete', SECONDS_TO_ACT: '3' },
    });
    expect(result.code).toBe(1);
    expect(result.cluster.workloads).toEqual(workloads);
  });

  it('delete: a cycle of dependencies is named and removed', async () => {
    const workloads = {
      'Kustomization/a/a': { needs: ['Kustomization/b/b'] },
      'Kustomization/b/b': { needs: ['Kustomization/a/a'] },
    };
    const result = await run('uninstall', {
      cluster: { ...installed, workloads },
      env: { REMOVAL_POLICY: 'delete' },
    });
    expect(result.code).toBe(0);
    expect(result.log).toContain('Kustomization/a/a is part of a cycle of dependencies');
    expect(result.cluster.workloads).toEqual({});
  });

  it('delete: names what remains at the deadline and leaves Flux to finish it', async () => {
    const workloads = {
      'Kustomization/app/app': { needs: ['Kustomization/db/db'], stuck: true },
      'Kustomization/db/db': {},
    };
    const result = await run('uninstall', {
      cluster: { ...installed, workloads },
      env: { REMOVAL_POLICY: 'delete', SECONDS_TO_ACT: '4' },
    });
    expect(result.code).toBe(1);
    expect(result.seconds).toBeLessThan(4 + 8);
    expect(result.log).toMatch(
      /what remains:\n +Kustomization\/app\/app \(leaving\): not yet\n +Kustomization\/db\/db \(waits\): not yet\n/,
    );
    expect(result.log).toContain('not all workloads were removed within 4 s');
    expect(result.cluster.workloads?.['Kustomization/app/app']).toMatchObject({ deletionPolicy: 'WaitForTermination' });
    expect(result.calls.filter((call) => call.startsWith('flux'))).toEqual([]);
    expect(result.calls.at(-1)).toBe(UNBIND);
  });
});
