// The chart with the real flux CLI and controllers against the GitLab stand-in: bootstrap, and both ways to remove it.
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { stringify } from 'yaml';

import { type SecureGitLab, startSecureGitLab } from '../../e2e/support/secure-gitlab';
import {
  type ControlPlane,
  type Kubelet,
  describeWithRig,
  findProgram,
  startControlPlane,
  startKubelet,
  until,
} from '../support/rig';

const CHART = join(__dirname, '../../charts/flux-jobs');
const PROGRAMS = ['flux', 'helm', 'source-controller', 'kustomize-controller'];
/** Without it HelmReleases are objects that nobody acts upon; the order of their removal is the same. */
const helmController = findProgram('helm-controller') !== undefined;
/** A finalizer that nobody removes but the test. */
const FINALIZER = 'example.com/held';
const RELEASE = '--patch={"metadata":{"finalizers":null}}';
const SUSPEND = '--patch={"spec":{"suspend":true}}';
const READY =
  'go-template={{range .items}}{{.metadata.name}}{{range .status.conditions}}{{if eq .type "Ready"}} {{.status}}{{end}}{{end}}{{"\\n"}}{{end}}';

const object = (kind: string, name: string, namespace?: string, more: object = {}, apiVersion = 'v1'): object => ({
  apiVersion,
  kind,
  metadata: { name, ...(namespace === undefined ? {} : { namespace }), ...(more as { metadata?: object }).metadata },
  ...Object.fromEntries(Object.entries(more).filter(([key]) => key !== 'metadata')),
});
const RBAC = 'rbac.authorization.k8s.io/v1';
const stays = { metadata: { annotations: { 'kustomize.toolkit.fluxcd.io/prune': 'disabled' } } };

/** A component as the layouts have it: what must outlive the Flux objects is not pruned. */
function component(name: string, spec: object, objects: readonly object[]): Record<string, string> {
  const yaml = (documents: readonly object[]): string => documents.map((document) => stringify(document)).join('---\n');
  return {
    [`clusters/a/${name}/${name}-namespace.yaml`]: yaml([
      object('Namespace', name, undefined, stays),
      object('ServiceAccount', name, name, stays),
      object(
        'ClusterRoleBinding',
        `${name}-deployer`,
        undefined,
        {
          ...stays,
          roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
          subjects: [{ kind: 'ServiceAccount', name, namespace: name }],
        },
        RBAC,
      ),
    ]),
    [`clusters/a/${name}/${name}-kustomization.yaml`]: yaml([
      object(
        'Kustomization',
        name,
        name,
        {
          spec: {
            interval: '10m',
            retryInterval: '2s',
            path: `./systems/${name}`,
            prune: true,
            wait: true,
            serviceAccountName: name,
            sourceRef: { kind: 'GitRepository', name: 'flux-system', namespace: 'flux-system' },
            ...spec,
          },
        },
        'kustomize.toolkit.fluxcd.io/v1',
      ),
    ]),
    [`systems/${name}/objects.yaml`]: yaml(objects),
  };
}

const FILES: Record<string, string> = {
  // As FluxBootstrap writes them before the Job runs: patches, and a seed for flux to fill.
  'clusters/a/flux-system/gotk-sync.yaml': '# flux bootstrap fills this file\n',
  'clusters/a/flux-system/kustomization.yaml': stringify({
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: ['gotk-components.yaml', 'gotk-sync.yaml'],
    patches: [
      {
        target: { kind: 'Deployment', name: '(kustomize|helm)-controller' },
        patch: '- op: add\n  path: /spec/template/spec/containers/0/args/-\n  value: --requeue-dependency=2s\n',
      },
    ],
  }),
  ...component('db', {}, [
    object('ServiceAccount', 'db-server', 'db'),
    object('ClusterRole', 'db-reader', undefined, { rules: [] }, RBAC),
    object('ConfigMap', 'db-address', 'shared'),
    object('ConfigMap', 'db-volume', 'db', { metadata: { finalizers: [FINALIZER] } }),
  ]),
  ...component('app', { dependsOn: [{ name: 'db', namespace: 'db' }] }, [object('ConfigMap', 'app', 'app')]),
  ...component('web', { dependsOn: [{ name: 'app', namespace: 'app' }] }, [object('ConfigMap', 'web', 'web')]),
  // Two releases of one chart, in the root's care.
  'clusters/a/cache/cache.yaml': [
    object('Namespace', 'cache', undefined, stays),
    release('cache', {}),
    release('cache-proxy', { dependsOn: [{ name: 'cache' }] }),
  ]
    .map((document) => stringify(document))
    .join('---\n'),
  'charts/cache/Chart.yaml': stringify({ apiVersion: 'v2', name: 'cache', version: '1.0.0' }),
  'charts/cache/templates/configmap.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-settings\n',
};

function release(name: string, spec: object): object {
  const sourceRef = { kind: 'GitRepository', name: 'flux-system', namespace: 'flux-system' };
  const chart = { spec: { chart: './charts/cache', sourceRef } };
  return object(
    'HelmRelease',
    name,
    'cache',
    { spec: { interval: '10m', chart, ...spec } },
    'helm.toolkit.fluxcd.io/v2',
  );
}

describeWithRig(
  'the chart flux-jobs with the real flux',
  () => {
    let cluster: ControlPlane;
    let gitlab: SecureGitLab;
    let kubelet: Kubelet;
    let set: string[];

    const kubectl = (...args: string[]): Promise<string> => cluster.kubectl(args);
    const helm = async (...args: string[]): Promise<string> => {
      const kubeconfig = ['--kubeconfig', cluster.kubeconfig, '--namespace', 'flux-system'];
      return (await promisify(execFile)(findProgram('helm') ?? 'helm', [...args, ...kubeconfig])).stdout;
    };
    const deploy = (removalPolicy: string, deadlineSeconds: number): Promise<string> =>
      helm(
        'upgrade',
        '--install',
        'flux-cli',
        CHART,
        '--timeout',
        '200s',
        ...set,
        '--set-json',
        `uninstall=${JSON.stringify({ removalPolicy })}`,
        '--set-json',
        `deadlineSeconds=${deadlineSeconds}`,
      );
    const request = async (path: string, body: object): Promise<any> => {
      const headers = { 'content-type': 'application/json', 'private-token': gitlab.token };
      const response = await fetch(`${gitlab.api}/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return response.json();
    };
    const exists = async (...args: string[]): Promise<boolean> =>
      (await kubectl('get', ...args, '--ignore-not-found', '--output', 'name')) !== '';
    const log = (pod: string): string =>
      readdirSync(kubelet.directory)
        .filter((name) => name.startsWith(pod) && name.endsWith('.log'))
        .map((name) => readFileSync(join(kubelet.directory, name), 'utf8'))
        .join('\n');
    const ready = async (): Promise<void> => {
      for (const kind of helmController ? ['kustomization', 'helmrelease'] : ['kustomization']) {
        const list = ['get', `${kind}s`, '--all-namespaces', '--output', READY];
        // The last to become ready depend on all others of their kind.
        const last = kind === 'kustomization' ? 'web True' : 'cache-proxy True';
        await until(async () => (await kubectl(...list)).split('\n').includes(last), 120_000, kubelet.output);
      }
    };
    /** Another writer of the branch, for a while: a commit each second. */
    const push = async (seconds: number): Promise<void> => {
      for (let second = 0; second < seconds; second++) {
        const actions = [{ action: second === 0 ? 'create' : 'update', file_path: 'notes.txt', content: `${second}` }];
        await request('projects/1/repository/commits', { branch: 'main', commit_message: 'Note', actions });
        await sleep(1000);
      }
    };
    const password = (): Promise<string> =>
      kubectl('-n', 'flux-system', 'get', 'secret', 'flux-system', '-o', 'go-template={{base64decode .data.password}}');

    let readOnly: string;
    beforeAll(async () => {
      gitlab = await startSecureGitLab();
      const group = await request('groups', { name: 'platform', path: 'platform' });
      const project = await request('projects', {
        name: 'fleet',
        path: 'fleet',
        namespace_id: group.id,
        initialize_with_readme: true,
      });
      const actions = Object.entries(FILES).map(([file_path, content]) => ({ action: 'create', file_path, content }));
      await request(`projects/${project.id}/repository/commits`, {
        branch: 'main',
        commit_message: 'Add components',
        actions,
      });
      const deployToken = await request(`projects/${project.id}/deploy_tokens`, {
        name: 'flux',
        username: 'flux-reads',
        scopes: ['read_repository'],
      });
      readOnly = deployToken.token;

      cluster = await startControlPlane();
      kubelet = startKubelet(cluster);
      await kubectl('create', 'namespace', 'flux-system');
      await kubectl('label', 'namespace', 'flux-system', 'pod-security.kubernetes.io/enforce=restricted');
      await kubectl('create', 'namespace', 'shared');
      const secret = (name: string, ...data: string[]): Promise<string> =>
        kubectl('-n', 'flux-system', 'create', 'secret', 'generic', name, ...data);
      await secret('flux-bootstrap', `--from-literal=token=${gitlab.token}`);
      await secret('gitlab-ca', `--from-file=ca.crt=${gitlab.certificateFile}`);
      await secret('flux-system', '--from-literal=username=flux-reads', `--from-literal=password=${readOnly}`);
      const bootstrap = {
        arguments: [
          `--hostname=${new URL(gitlab.secureUrl).host}`,
          '--owner=platform',
          '--repository=fleet',
          '--branch=main',
          '--path=clusters/a',
          '--token-auth',
        ],
        tokenSecret: 'flux-bootstrap',
        restoreSecret: 'flux-system',
        certificateAuthority: { kind: 'Secret', name: 'gitlab-ca', key: 'ca.crt' },
        attemptSeconds: 20,
      };
      set = ['--set-json', `bootstrap=${JSON.stringify(bootstrap)}`];
    }, 120_000);
    it('bootstraps; Flux reads Git with the credentials that may only read', async () => {
      await deploy('keep', 180);
      await ready();
      expect(await password()).toBe(readOnly);
      expect(await exists('clusterrolebindings', '--selector=app.kubernetes.io/instance=flux-cli')).toBe(false);
      const reads = gitlab.requests().filter(({ kind, status }) => kind === 'git' && status === 200);
      expect(reads.at(-1)?.['actor']).toBe('flux');
      expect(log('flux-cli-bootstrap')).toContain('put back the credentials');
      expect(log('flux-cli-bootstrap')).not.toContain(gitlab.token);
    });

    it('keep: removes Flux, and nothing that it deployed', async () => {
      await helm('uninstall', 'flux-cli', '--timeout', '200s');
      expect(await exists('crd', '--selector=app.kubernetes.io/part-of=flux')).toBe(false);
      expect(await exists('deployments,pods', '-n', 'flux-system', '--selector=app.kubernetes.io/part-of=flux')).toBe(
        false,
      );
      expect(await exists('clusterrole', 'db-reader')).toBe(true);
      expect(await exists('clusterrolebinding', 'db-deployer')).toBe(true);
      expect(await exists('configmap', 'db-volume', '-n', 'db')).toBe(true);
      expect(await exists('configmap', 'cache-settings', '-n', 'cache')).toBe(helmController);
      expect(await exists('configmap', 'db-address', '-n', 'shared')).toBe(true);
      expect(await exists('configmap', 'web', '-n', 'web')).toBe(true);
      expect(
        await kubectl('get', 'configmap', 'web', '-n', 'web', '-o', 'jsonpath={.metadata.deletionTimestamp}'),
      ).toBe('');
    });

    it('bootstraps again over what it kept, while somebody else pushes', async () => {
      await Promise.all([push(12), deploy('delete', 120)]);
      await ready();
      // Whether the push of flux or that of the other comes first is chance.
      expect(log('flux-cli-bootstrap')).toContain('flux has done its part');
      expect(await password()).toBe(readOnly);
      await kubectl('patch', 'kustomization', 'web', '-n', 'web', '--type=merge', SUSPEND);
      await kubectl('patch', 'helmrelease', 'cache', '-n', 'cache', '--type=merge', SUSPEND);
    });

    it('delete: names at the deadline what is held, and does not hang', async () => {
      const started = Date.now();
      await expect(helm('uninstall', 'flux-cli', '--timeout', '200s')).rejects.toThrow();
      expect(Date.now() - started).toBeLessThan(110_000);
      const said = log('flux-cli-uninstall');
      const order = (kind: string): (string | undefined)[] =>
        [...said.matchAll(new RegExp(`deleting ${kind}/\\S+/(\\S+)`, 'g'))].map(([, name]) => name);
      expect(order('Kustomization')).toEqual(['web', 'app', 'db']);
      expect(order('HelmRelease')).toEqual(['cache-proxy', 'cache']);
      expect(said).toMatch(
        /what remains:\n +Kustomization\/db\/db \(leaving\).*\n +waits for ConfigMap db\/db-volume\n/,
      );
      expect(await exists('configmap', 'cache-settings', '-n', 'cache')).toBe(false);
      expect(await exists('configmap', 'web', '-n', 'web')).toBe(false);
      expect(await exists('clusterrolebindings', '--selector=app.kubernetes.io/instance=flux-cli')).toBe(false);
    });

    it('delete: leaves nothing when it is run again', async () => {
      await kubectl('patch', 'configmap', 'db-volume', '-n', 'db', '--type=merge', RELEASE);
      await helm('uninstall', 'flux-cli', '--timeout', '200s');
      for (const name of ['db', 'app', 'web', 'cache']) expect(await exists('namespace', name)).toBe(false);
      expect(await exists('namespace', 'flux-system')).toBe(true);
      expect(await exists('configmap', 'db-address', '-n', 'shared')).toBe(false);
      expect(await exists('clusterrole', 'db-reader')).toBe(false);
      expect(await exists('clusterrolebinding', 'db-deployer')).toBe(false);
      expect(await exists('crd', '--selector=app.kubernetes.io/part-of=flux')).toBe(false);
      expect(await exists('clusterroles,clusterrolebindings', '--selector=app.kubernetes.io/part-of=flux')).toBe(false);
      await kubectl('delete', 'namespace', 'flux-system', '--timeout=60s');
    });
  },
  ['kubernetes', 'gitlab', ...PROGRAMS.map((program) => ({ program }))],
);
