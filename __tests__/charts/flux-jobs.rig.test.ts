// The chart on a real API server that enforces Pod Security 'restricted', with a stand-in for the flux CLI.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import {
  type ControlPlane,
  type Kubelet,
  describeWithRig,
  findProgram,
  rig,
  startControlPlane,
  startKubelet,
  temporaryDirectory,
} from '../support/rig';

const CHART = join(__dirname, '../../charts/flux-jobs');
const NAMESPACE = `
apiVersion: v1
kind: Namespace
metadata:
  name: flux-system
  labels:
    pod-security.kubernetes.io/enforce: restricted
---
apiVersion: v1
kind: Secret
metadata:
  name: flux-bootstrap
  namespace: flux-system
stringData:
  token: glpat-may-push
---
apiVersion: v1
kind: Secret
metadata:
  name: flux-system
  namespace: flux-system
stringData:
  username: deploy
  password: gldt-may-read
`;
// Writes the token into the Secret, as --token-auth does, then does what the file `outcome` says.
const FLUX = (folder: string): string => `#!/bin/sh
echo "$*" >>${folder}/calls
if [ "$1" = bootstrap ]; then
  kubectl --namespace=flux-system patch secret flux-system --patch='{"stringData":{"username":"git","password":"'"$GITLAB_TOKEN"'"}}'
  case "$(cat ${folder}/outcome)" in
    fail) echo "✗ unknown flag: --oops" >&2; exit 1 ;;
    # As when there is no memory: nothing has the time to clean up.
    die) echo ok >${folder}/outcome; kill -9 "$(ps -o ppid= -p "$PPID" | tr -d ' ')"; exit 1 ;;
  esac
fi
`;

describeWithRig('the chart flux-jobs with a stand-in for flux', () => {
  let cluster: ControlPlane;
  let kubelet: Kubelet;
  let folder: string;

  const helm = async (...args: string[]): Promise<string> => {
    const kubeconfig = ['--kubeconfig', cluster.kubeconfig, '--namespace', 'flux-system'];
    return (await promisify(execFile)(findProgram('helm') ?? 'helm', [...args, ...kubeconfig])).stdout;
  };
  const deploy = (outcome: string, revision: string): Promise<string> => {
    writeFileSync(join(folder, 'outcome'), outcome);
    const values = {
      bootstrap: {
        arguments: ['--owner=platform', '--commit-message-appendix=it\'s "quoted"'],
        attemptSeconds: 180,
        tokenSecret: 'flux-bootstrap',
        restoreSecret: 'flux-system',
      },
      uninstall: { removalPolicy: 'keep' },
      revision,
    };
    const json = Object.entries(values).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
    const set = json.flatMap((entry) => ['--set-json', entry]);
    return helm('upgrade', '--install', 'flux-cli', CHART, '--timeout', '60s', ...set);
  };
  const names = async (...args: string[]): Promise<string[]> =>
    (await cluster.kubectl(['--namespace', 'flux-system', 'get', ...args, '--output', 'name']))
      .split('\n')
      .filter(Boolean);
  const hooks = (): Promise<string[]> =>
    names('jobs,serviceaccounts,clusterrolebindings', '--selector', 'app.kubernetes.io/instance=flux-cli');
  const password = async (): Promise<string> =>
    cluster.kubectl([
      '-n',
      'flux-system',
      'get',
      'secret',
      'flux-system',
      '-o',
      'go-template={{base64decode .data.password}}',
    ]);
  const calls = (): string[] => readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');
  const logs = (): string =>
    readdirSync(kubelet.directory)
      .filter((name) => name.endsWith('.log'))
      .map((name) => readFileSync(join(kubelet.directory, name), 'utf8'))
      .join('\n');

  beforeAll(async () => {
    folder = temporaryDirectory('flux-cli');
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    for (const name of ['etcd', 'kube-apiserver', 'kube-controller-manager', 'helm']) {
      symlinkSync(join(rig.bin, name), join(bin, name));
    }

    writeFileSync(join(bin, 'flux'), FLUX(folder), { mode: 0o755 });
    cluster = await startControlPlane();
    kubelet = startKubelet(cluster, { RIG_BIN: bin });
    await cluster.kubectl(['apply', '--filename', '-'], NAMESPACE);
  }, 120_000);

  it('a failed install gives up the rights, restores the Secret, and keeps the Job for its log', async () => {
    await expect(deploy('fail', '1')).rejects.toThrow(/PodFailurePolicy|timed out|failed/);
    expect((await hooks()).filter((name) => !name.startsWith('serviceaccount/'))).toEqual([
      'job.batch/flux-cli-bootstrap',
    ]);
    expect(await password()).toBe('gldt-may-read');
    expect(await names('configmap', '--ignore-not-found', 'flux-cli-bootstrapped')).toEqual([]);
    expect(logs()).toContain('another attempt cannot heal this error');
    expect(logs()).not.toMatch(/glpat-may-push|gldt-may-read/);
  });

  it('uninstalling it then leaves a Flux alone', async () => {
    await helm('uninstall', 'flux-cli', '--timeout', '60s');
    expect(calls().filter((call) => call.startsWith('uninstall'))).toEqual([]);
    expect(logs()).toContain('never finished a bootstrap');
  });

  it('a second install succeeds after another failure, and leaves no right behind', async () => {
    await expect(deploy('fail', '1')).rejects.toThrow();
    await deploy('ok', '1');
    expect(await hooks()).toEqual([]);
    expect(await password()).toBe('gldt-may-read');
    expect(await names('configmap', 'flux-cli-bootstrapped')).toEqual(['configmap/flux-cli-bootstrapped']);
    expect(await names('secret', '--ignore-not-found', 'flux-cli-saved-credentials')).toEqual([]);
    expect(calls().slice(-2)).toEqual([
      `bootstrap gitlab --namespace=flux-system --timeout=180s --owner=platform --commit-message-appendix=it's "quoted"`,
      'reconcile source git flux-system --namespace=flux-system --timeout=30s',
    ]);
  });

  it('an upgrade bootstraps again; one that fails forgets nothing', async () => {
    const before = calls().length;
    await deploy('ok', '2');
    expect(calls().length).toBe(before + 2);
    await expect(deploy('fail', '3')).rejects.toThrow();
    expect(await names('clusterrolebindings', '--selector', 'app.kubernetes.io/instance=flux-cli')).toEqual([]);
    expect(await names('configmap', 'flux-cli-bootstrapped')).toEqual(['configmap/flux-cli-bootstrapped']);
  });

  it('a Job that is killed without notice is made good by another Pod of it', async () => {
    await deploy('die', '4');
    expect(logs()).toContain('an earlier run was cut off: putting back the credentials that it saved');
    expect(await password()).toBe('gldt-may-read');
    expect(await names('secret', '--ignore-not-found', 'flux-cli-saved-credentials')).toEqual([]);
    expect(await hooks()).toEqual([]);
  });

  it('uninstalls', async () => {
    await helm('uninstall', 'flux-cli', '--timeout', '60s');
    expect(calls().at(-1)).toBe('uninstall --silent --keep-namespace --namespace=flux-system');
    expect((await hooks()).filter((name) => !name.startsWith('job.batch/flux-cli-bootstrap'))).toEqual([]);
    expect(await names('configmap', '--ignore-not-found', 'flux-cli-bootstrapped')).toEqual([]);
  });

  it('had its Pods admitted', () => {
    expect(existsSync(kubelet.directory)).toBe(true);
    expect(kubelet.output()).not.toContain('not run');
  });
});
