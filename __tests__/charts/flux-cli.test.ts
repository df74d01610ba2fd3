import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { describeWithRig, findProgram } from '../support/rig';

const CHART = join(__dirname, '../../charts/flux-cli');

/** The least that a bootstrap needs. */
const VALUES = {
  bootstrap: { arguments: ['--owner=platform', '--token-auth'], tokenSecret: { name: 'flux-bootstrap', key: 'token' } },
};

function helm(command: readonly string[], values: object): string {
  return execFileSync(findProgram('helm') ?? 'helm', [...command, CHART, '--namespace', 'flux-system', '-f', '-'], {
    input: JSON.stringify(values),
    encoding: 'utf8',
    stdio: 'pipe',
  });
}
const render = (values: object): Record<string, any>[] =>
  parseAllDocuments(helm(['template', 'flux-cli'], values)).map((document) => document.toJS() as Record<string, any>);
const find = (objects: Record<string, any>[], kind: string, name: string): Record<string, any> =>
  objects.find((object) => object['kind'] === kind && object['metadata'].name === name) ?? {};
const container = (job: Record<string, any>): Record<string, any> => job['spec'].template.spec.containers[0];
const variable = (job: Record<string, any>, name: string): unknown =>
  container(job)['env'].find((entry: { name: string }) => entry.name === name);

function filesOf(folder: string): string[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) =>
      statSync(join(folder, name)).isDirectory() ? filesOf(join(folder, name)) : [join(folder, name)],
    );
}

// Terraform compares the version only: with another content under the same version, clusters keep the old chart.
// After a change: raise the version in Chart.yaml and write it here with the checksum from the message.
const CHECKSUM = { '0.2.1': 'f7c949a6059c0866' };

test('the version of the chart stands for its content', () => {
  const hash = createHash('sha256');
  for (const file of filesOf(CHART))
    hash
      .update(`${relative(CHART, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  const { version } = parse(readFileSync(join(CHART, 'Chart.yaml'), 'utf8')) as { version: string };
  expect({ [version]: hash.digest('hex').slice(0, 16) }).toEqual(CHECKSUM);
});

test('the chart asks the cluster nothing while it is rendered', () => {
  for (const file of filesOf(CHART)) expect(readFileSync(file, 'utf8')).not.toMatch(/\{\{[^}]*\blookup\b/);
});

describeWithRig(
  'the chart flux-cli',
  () => {
    it('passes helm lint', () => {
      expect(helm(['lint', '--strict'], VALUES)).toContain('0 chart(s) failed');
    });

    it('consists of hooks only, whose rights come before the Jobs', () => {
      const hooks = render(VALUES).map(({ kind, metadata: { name, annotations } }) => [
        `${kind}/${name}`,
        annotations['helm.sh/hook'],
        annotations['helm.sh/hook-weight'],
        annotations['helm.sh/hook-delete-policy'],
      ]);
      const policy = 'before-hook-creation,hook-succeeded';
      expect(hooks).toEqual([
        ['ServiceAccount/flux-cli', 'post-install,post-upgrade,pre-delete', '-2', policy],
        ['ClusterRoleBinding/flux-system-flux-cli', 'post-install,post-upgrade,pre-delete', '-1', policy],
        ['Job/flux-cli-bootstrap', 'post-install,post-upgrade', '0', policy],
        ['Job/flux-cli-uninstall', 'pre-delete', '0', policy],
      ]);
    });

    it('renders the Job of the bootstrap', () => {
      const job = find(render(VALUES), 'Job', 'flux-cli-bootstrap');
      expect(job['spec']).toMatchObject({ backoffLimit: 0, activeDeadlineSeconds: 900 });
      const { containers, ...pod } = job['spec'].template.spec;
      expect(pod).toEqual({
        restartPolicy: 'Never',
        terminationGracePeriodSeconds: 60,
        serviceAccountName: 'flux-cli',
        automountServiceAccountToken: true,
        enableServiceLinks: false,
        nodeSelector: { 'kubernetes.io/os': 'linux' },
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 65534,
          runAsGroup: 65534,
          seccompProfile: { type: 'RuntimeDefault' },
        },
        volumes: [{ name: 'tmp', emptyDir: { sizeLimit: '1Gi' } }],
      });
      expect(containers).toHaveLength(1);
      const { args, env, ...rest } = container(job);
      expect(rest).toEqual({
        name: 'flux',
        image: 'ghcr.io/fluxcd/flux-cli:v2.9.4',
        imagePullPolicy: 'IfNotPresent',
        terminationMessagePolicy: 'FallbackToLogsOnError',
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { cpu: '1', memory: '512Mi' } },
        command: ['/bin/sh', '-eu', '-c'],
        volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
      });
      const scripts = ['common', 'bootstrap'].map((name) => readFileSync(join(CHART, `files/${name}.sh`), 'utf8'));
      expect((args as string[])[0]?.trim()).toBe(scripts.join('\n').trim());
      expect((args as string[]).slice(1)).toEqual(['flux-cli-bootstrap', '--owner=platform', '--token-auth']);
      expect(env).toEqual([
        { name: 'HOME', value: '/tmp' },
        { name: 'TMPDIR', value: '/tmp' },
        { name: 'NAMESPACE', value: 'flux-system' },
        { name: 'BINDING', value: 'flux-system-flux-cli' },
        { name: 'MARKER', value: 'flux-cli-bootstrapped' },
        { name: 'SECONDS_TO_ACT', value: '840' },
        { name: 'GITLAB_TOKEN', valueFrom: { secretKeyRef: { name: 'flux-bootstrap', key: 'token' } } },
        { name: 'RESTORE_SECRET', value: '' },
        { name: 'BACKUP_SECRET', value: 'flux-cli-saved-credentials' },
        { name: 'SECONDS_PER_ATTEMPT', value: '180' },
      ]);
    });

    it('renders a Job without a token where Git has the files of Flux', () => {
      const install = {
        arguments: ['--version=v2.9.4', '--network-policy=false'],
        digest: 'a'.repeat(64),
        sync: 'kind: GitRepository\n',
        kustomization: 'patch: $(RUNTIME_NAMESPACE)\n',
        path: './clusters/uni-dev',
      };
      const objects = render({ mode: 'install', install });
      expect(JSON.stringify(objects)).not.toMatch(/TOKEN|secretKeyRef/);
      const { args, env } = container(find(objects, 'Job', 'flux-cli-bootstrap'));
      const scripts = ['common', 'install'].map((name) => readFileSync(join(CHART, `files/${name}.sh`), 'utf8'));
      expect((args as string[])[0]?.trim()).toBe(scripts.join('\n').trim());
      expect((args as string[]).slice(1)).toEqual(['flux-cli-bootstrap', ...install.arguments]);
      expect((env as unknown[]).slice(6)).toEqual([
        { name: 'SYNC', value: Buffer.from(install.sync).toString('base64') },
        { name: 'KUSTOMIZATION', value: Buffer.from(install.kustomization).toString('base64') },
        { name: 'DIGEST', value: install.digest },
        { name: 'ROOT_PATH', value: install.path },
        { name: 'VERSION', value: 'v2.9.4' },
        { name: 'SECONDS_PER_ATTEMPT', value: '180' },
      ]);
      expect(() => render({ mode: 'install', install: { ...install, digest: '' } })).toThrow(
        /specifications of the schema/,
      );
      expect(() => render({ mode: 'install' })).toThrow(/specifications of the schema/);
      expect(() => render({ ...VALUES, mode: 'other' })).toThrow(/specifications of the schema/);
    });

    it('takes every value', () => {
      const objects = render({
        image: {
          repository: 'mirror.example.com:5000/fluxcd/flux-cli',
          tag: 'v2.9.5',
          digest: `sha256:${'a'.repeat(64)}`,
          pullSecrets: ['mirror'],
        },
        bootstrap: {
          ...VALUES.bootstrap,
          restoreSecret: 'flux-system',
          certificateAuthority: { kind: 'ConfigMap', name: 'ca', key: 'ca.crt' },
          deadlineSeconds: 1200000,
          revision: 'r2',
        },
        uninstall: { removalPolicy: 'delete', deadlineSeconds: 1800 },
        job: {
          resources: { limits: { memory: '1Gi' } },
          nodeSelector: { pool: 'system' },
          tolerations: [{ key: 'system', operator: 'Exists' }],
          labels: { team: 'platform', 'app.kubernetes.io/name': 'mine' },
          annotations: { 'sidecar.istio.io/inject': 'false' },
        },
      });
      const bootstrap = find(objects, 'Job', 'flux-cli-bootstrap');
      const uninstall = find(objects, 'Job', 'flux-cli-uninstall');
      expect(bootstrap['metadata']).toMatchObject({
        annotations: { 'flux-cli/revision': 'r2', 'sidecar.istio.io/inject': 'false' },
        labels: { team: 'platform', 'app.kubernetes.io/name': 'flux-cli' },
      });
      expect(bootstrap['spec'].activeDeadlineSeconds).toBe(1200000);
      expect(variable(bootstrap, 'RESTORE_SECRET')).toEqual({ name: 'RESTORE_SECRET', value: 'flux-system' });
      expect(variable(bootstrap, 'CERTIFICATE_AUTHORITY')).toEqual({
        name: 'CERTIFICATE_AUTHORITY',
        valueFrom: { configMapKeyRef: { name: 'ca', key: 'ca.crt' } },
      });
      expect(variable(uninstall, 'REMOVAL_POLICY')).toEqual({ name: 'REMOVAL_POLICY', value: 'delete' });
      expect(variable(uninstall, 'SECONDS_TO_ACT')).toEqual({ name: 'SECONDS_TO_ACT', value: '1740' });
      for (const job of [bootstrap, uninstall]) {
        expect(container(job)['image']).toBe(`mirror.example.com:5000/fluxcd/flux-cli:v2.9.5@sha256:${'a'.repeat(64)}`);
        expect(container(job)['resources'].limits).toEqual({ cpu: '1', memory: '1Gi' });
        expect(job['spec'].template).toMatchObject({
          metadata: { labels: { team: 'platform' }, annotations: { 'sidecar.istio.io/inject': 'false' } },
          spec: {
            imagePullSecrets: [{ name: 'mirror' }],
            nodeSelector: { 'kubernetes.io/os': 'linux', pool: 'system' },
            tolerations: [{ key: 'system', operator: 'Exists' }],
          },
        });
      }
    });

    const bootstrap = (more: object): object => ({ bootstrap: { ...VALUES.bootstrap, ...more } });
    it.each<[string, object]>([
      ['no token', {}],
      ['an unknown key', { ...VALUES, flux: {} }],
      ['an unknown key inside', bootstrap({ argument: [] })],
      ['an argument that is no flag', bootstrap({ arguments: ['gitlab'] })],
      ['a flag and its value apart', bootstrap({ arguments: ['--owner', 'platform'] })],
      ['a flag of the chart', bootstrap({ arguments: ['--namespace=other'] })],
      ['a flag that takes a secret', bootstrap({ arguments: ['--registry-creds=user:password'] })],
      ['a variable of the container', bootstrap({ arguments: ['--commit-message-appendix=$(GITLAB_TOKEN)'] })],
      ['half a CA', bootstrap({ certificateAuthority: { name: 'ca' } })],
      ['a CA of another kind', bootstrap({ certificateAuthority: { kind: 'File', name: 'ca', key: 'x' } })],
      ['a deadline that leaves no time', bootstrap({ deadlineSeconds: 60 })],
      ['an unknown removal policy', { ...VALUES, uninstall: { removalPolicy: 'orphan' } }],
      ['an image with a tag', { ...VALUES, image: { repository: 'ghcr.io/fluxcd/flux-cli:v2.9.4' } }],
      ['a digest without algorithm', { ...VALUES, image: { digest: 'abc' } }],
      ['a label that is a number', { ...VALUES, job: { labels: { a: 1 } } }],
    ])('refuses %s', (_, values) => {
      expect(() => helm(['template', 'flux-cli'], values)).toThrow(
        /values don't meet the specifications of the schema/,
      );
    });
  },
  [{ program: 'helm' }],
);
