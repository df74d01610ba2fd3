// The script bootstrap.sh of the chart flux-jobs, run by sh with stand-ins for flux and kubectl.
import { type Cluster } from '../support/fake-cluster';
import { base64, FLUX, READ_ONLY, run, type Run, SHELLS, TOKEN, UNBIND } from '../support/job-script';

const withSecret: Cluster = { secrets: { 'flux-system': { ...READ_ONLY, 'ca.crt': 'Q0E=' } } };
const attempts = ({ calls }: Run): number => calls.filter((call) => call.startsWith('flux bootstrap')).length;

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
    const killAt = (call: string): boolean => call.startsWith('flux bootstrap');
    const result = await run('bootstrap', { shell, cluster: withSecret, outcomes: ['hang'], killAt });
    expect(result.code).toBe(3);
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
    expect(flux).toEqual(['bootstrap', 'bootstrap', 'bootstrap', 'reconcile']);
  });

  it('ends before its deadline, restores, and leaves no marker', async () => {
    const result = await run('bootstrap', {
      cluster: withSecret,
      outcomes: ['✗ context deadline exceeded'],
      env: { SECONDS_TO_ACT: '5' },
    });
    expect(result.code).toBe(3);
    expect(attempts(result)).toBeGreaterThan(1);
    expect(result.seconds).toBeLessThan(5 + 8);
    expect(result.log).toContain('no attempt succeeded within 5 s');
    expect(result.cluster).toMatchObject({ secrets: withSecret.secrets, configMaps: {} });
    expect(result.calls.at(-1)).toBe(UNBIND);
  });

  it('does not let flux wait for its own commit, which need not be the last one', async () => {
    const flux = { controllers: { 'source-controller': 'v2.9.3' } };
    const result = await run('bootstrap', { cluster: { ...withSecret, crds: FLUX, flux }, outcomes: ['wait'] });
    expect([result.code, attempts(result)]).toEqual([0, 1]);
    expect(result.log).toContain('waiting for GitRepository');
    expect(result.log).not.toContain('Terminated');
    expect(result.log).toContain('applied main@sha1:2');
    expect(result.calls).toContainEqual(expect.stringMatching(/^kubectl rollout status deployment.apps.source-contr/));
    expect(result.cluster).toMatchObject({ ...withSecret, configMaps: { 'flux-cli-bootstrapped': {} } });
    expect(result.seconds).toBeLessThan(20);
  });

  it('says what Flux says when it does not apply what it has read', async () => {
    const cluster = { ...withSecret, crds: FLUX, flux: { stuck: true } };
    const result = await run('bootstrap', { cluster, outcomes: ['wait'], env: { SECONDS_TO_ACT: '60' } });
    expect(result.code).toBe(3);
    expect(result.log).toContain('Flux has read main@sha1:2 from Git, and applied nothing of it:\nnot yet\n');
    expect(result.cluster).toMatchObject({ secrets: withSecret.secrets, configMaps: {} });
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
    '✗ failed to get Git repository "https://x/a/b": provider error: multiple errors occurred: \n- GET https://x/api/v4/projects/a%2Fb: 401 {message: 401 Unauthorized}',
    '✗ failed to get Git repository "https://x/a/b": provider error: Get "https://x/api/v4/projects/a": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    '✗ unknown flag: --foo',
    '✗ invalid argument "loud" for "--log-level" flag: unsupported log level',
    '✗ failed to push manifests: failed to push to remote: authorization failed: You are not allowed to upload code.',
    '✗ sync path configuration ("./b") would overwrite path ("./a") of existing Kustomization',
    '? Are you sure you want to override the Helm installation? Y/N\n\u001b[?25h✗ ^D',
  ])('does not try again: %s', async (outcome) => {
    const result = await run('bootstrap', { cluster: withSecret, outcomes: [outcome, 'ok'] });
    expect([result.code, attempts(result)]).toEqual([3, 1]);
    expect(result.log).toContain('another attempt cannot heal this error');
    expect(result.cluster).toMatchObject({ secrets: withSecret.secrets, configMaps: {} });
  });

  it.each([
    '✗ failed to push manifests: failed to push to remote: command error on refs/heads/main: pre-receive hook declined',
    "✗ bootstrap failed with 1 health check failure(s): [error while waiting for GitRepository to be ready: 'unable to list remote: authentication required']",
    '► 401 Unauthorized\n✗ context deadline exceeded',
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
    expect([result.code, attempts(result)]).toEqual([3, 0]);
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
