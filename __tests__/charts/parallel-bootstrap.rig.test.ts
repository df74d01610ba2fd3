// Clusters that are bootstrapped into one branch at the same moment, each on an API server of its own, with the real
// flux CLI and controllers. CLUSTERS says how many.
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { type SecureGitLab, startSecureGitLab } from '../../e2e/support/secure-gitlab';
import {
  type ControlPlane,
  describeWithRig,
  findProgram,
  type Kubelet,
  startControlPlane,
  startKubelet,
} from '../support/rig';

const CHART = process.env['CHART'] ?? join(__dirname, '../../charts/flux-jobs');
const CLUSTERS = Number(process.env['CLUSTERS'] ?? 2);
const PROGRAMS = ['flux', 'source-controller', 'kustomize-controller'];

describeWithRig(
  'clusters that are bootstrapped at the same time',
  () => {
    let gitlab: SecureGitLab;
    let readOnly: string;
    const names = Array.from({ length: CLUSTERS }, (_, index) => `c${index + 1}`);
    const clusters: Record<string, { readonly cluster: ControlPlane; readonly kubelet: Kubelet }> = {};

    const request = async (path: string, body: object): Promise<any> => {
      const headers = { 'content-type': 'application/json', 'private-token': gitlab.token };
      const response = await fetch(`${gitlab.api}/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return response.json();
    };
    const bootstrap = async (name: string): Promise<number> => {
      const { cluster } = clusters[name]!;
      const values = {
        deadlineSeconds: 900,
        bootstrap: {
          arguments: [
            `--hostname=${new URL(gitlab.secureUrl).host}`,
            '--owner=platform',
            '--repository=fleet',
            '--branch=main',
            `--path=clusters/${name}`,
            '--components=source-controller,kustomize-controller',
            '--token-auth',
          ],
          attemptSeconds: 180,
          tokenSecret: 'flux-bootstrap',
          restoreSecret: 'flux-system',
          certificateAuthority: { kind: 'Secret', name: 'gitlab-ca', key: 'ca.crt' },
        },
        uninstall: { removalPolicy: 'keep' },
      };
      const started = Date.now();
      const set = Object.entries(values).flatMap(([key, value]) => ['--set-json', `${key}=${JSON.stringify(value)}`]);
      const where = ['--kubeconfig', cluster.kubeconfig, '--namespace', 'flux-system', '--timeout', '1000s'];
      await promisify(execFile)(findProgram('helm')!, ['upgrade', '--install', 'flux-cli', CHART, ...where, ...set]);
      return (Date.now() - started) / 1000;
    };
    const log = (name: string): string => {
      const { directory } = clusters[name]!.kubelet;
      const file = readdirSync(directory).find((each) => /^flux-cli-bootstrap.*\.log$/.test(each))!;
      return readFileSync(join(directory, file), 'utf8');
    };

    beforeAll(async () => {
      gitlab = await startSecureGitLab();
      const group = await request('groups', { name: 'platform', path: 'platform' });
      const project = { name: 'fleet', path: 'fleet', namespace_id: group.id, initialize_with_readme: true };
      const { id } = await request('projects', project);
      const deployToken = { name: 'flux', username: 'flux-reads', scopes: ['read_repository'] };
      readOnly = (await request(`projects/${id}/deploy_tokens`, deployToken)).token;
      for (const name of names) {
        const cluster = await startControlPlane();
        clusters[name] = { cluster, kubelet: startKubelet(cluster) };
        await cluster.kubectl(['create', 'namespace', 'flux-system']);
        const secret = (secretName: string, ...data: string[]): Promise<string> =>
          cluster.kubectl(['-n', 'flux-system', 'create', 'secret', 'generic', secretName, ...data]);
        await secret('flux-bootstrap', `--from-literal=token=${gitlab.token}`);
        await secret('gitlab-ca', `--from-file=ca.crt=${gitlab.certificateFile}`);
        await secret('flux-system', '--from-literal=username=flux-reads', `--from-literal=password=${readOnly}`);
      }
    }, 600_000);

    it('are all ready, and none waits for a commit that is no longer the last one', async () => {
      const seconds = await Promise.all(names.map(bootstrap));
      const attempts = names.map((name) => log(name).split('trying again').length);
      process.stderr.write(`seconds: ${seconds.map(Math.round).join(' ')}, attempts: ${attempts.join(' ')}\n`);
      for (const name of names) {
        const { cluster } = clusters[name]!;
        const root = ['-n', 'flux-system', 'get', 'kustomization', 'flux-system', '-o'];
        const path = await cluster.kubectl([...root, 'jsonpath={.spec.path} {.status.lastAppliedRevision}']);
        expect(path).toMatch(new RegExp(`^\\./clusters/${name} main@sha1:`));
        expect(log(name)).not.toContain('health check failure');
        const secret = ['-n', 'flux-system', 'get', 'secret', 'flux-system', '-o'];
        expect(await cluster.kubectl([...secret, 'go-template={{base64decode .data.password}}'])).toBe(readOnly);
      }
    }, 1_200_000);
  },
  ['kubernetes', 'gitlab', ...PROGRAMS.map((program) => ({ program }))],
);
