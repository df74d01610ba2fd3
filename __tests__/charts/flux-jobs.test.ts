import Ajv from 'ajv';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';

import { readDirectory } from '../../lib/model/manifest/directory';
import { textOf } from '../support/job-script';
import { describeWithRig, findProgram } from '../support/rig';

const CHART = join(__dirname, '../../charts/flux-jobs');

/** The least that each Job needs. */
const BOOTSTRAP = {
  arguments: ['--owner=platform', '--token-auth'],
  attemptSeconds: 180,
  tokenSecret: 'flux-bootstrap',
};
const INSTALL = {
  arguments: ['--version=v2.9.4', '--network-policy=false'],
  version: 'v2.9.4',
  attemptSeconds: 180,
  digest: 'a'.repeat(64),
  sync: 'kind: GitRepository\n',
  kustomization: 'patch: $(RUNTIME_NAMESPACE)\n',
  path: './clusters/uni-dev',
};
const INSTANCE = {
  apiVersion: 'fluxcd.controlplane.io/v1',
  kind: 'FluxInstance',
  metadata: { name: 'flux' },
  spec: { distribution: { version: '2.9.x' } },
};
const GIT_ROOT = {
  arguments: ['--components=source-controller,kustomize-controller'],
  sync: 'kind: GitRepository\n',
  kustomization: 'resources: []\n',
  path: './clusters/uni-dev',
};
const keep = { removalPolicy: 'keep' };
const RELEASES: Record<string, object> = {
  'flux-cli': { bootstrap: BOOTSTRAP, uninstall: keep },
  'flux-cli, which installs': { install: INSTALL, uninstall: keep },
  'flux-instance': { instance: INSTANCE, ready: { root: 'flux-system' } },
  'flux-git-root': { gitRoot: GIT_ROOT },
  'flux-root': { root: { follow: ['flux-system/flux-system', 'shop/flux-system'], patienceSeconds: 60 } },
  'flux-spoke-removal': { removeSpoke: keep },
  'gitlab-agent-removal': { removeAgent: { helmRelease: 'gitlab-agent' } },
};
const releaseOf = (name: string): string => name.replace(/,.*/, '');
const PLACEMENT = {
  imagePullSecrets: ['mirror'],
  nodeSelector: { pool: 'system' },
  tolerations: [{ key: 'system', operator: 'Exists', effect: 'NoSchedule' }],
};

function helm(command: readonly string[], values: object): string {
  return execFileSync(findProgram('helm') ?? 'helm', [...command, CHART, '--namespace', 'flux-system', '-f', '-'], {
    input: JSON.stringify(values),
    encoding: 'utf8',
    stdio: 'pipe',
  });
}
const render = (name: string, more: object = {}): Record<string, any>[] =>
  parseAllDocuments(helm(['template', releaseOf(name)], { ...RELEASES[name], ...more }))
    .filter((document) => document.contents !== null)
    .map((document) => document.toJS() as Record<string, any>);
const find = (objects: Record<string, any>[], kind: string, name: string): Record<string, any> =>
  objects.find((object) => object['kind'] === kind && object['metadata'].name === name) ?? {};
const container = (job: Record<string, any>): Record<string, any> => job['spec'].template.spec.containers[0];

test('the chart asks the cluster nothing while it is rendered', () => {
  for (const { content } of readDirectory('chart', 'directory', CHART)) {
    expect(content.toString()).not.toMatch(/\{\{[^}]*\blookup\b/);
  }
});

describe('the schema', () => {
  const defaults = parse(readFileSync(join(CHART, 'values.yaml'), 'utf8'));
  const isValid = new Ajv({ strict: false }).compile(
    JSON.parse(readFileSync(join(CHART, 'values.schema.json'), 'utf8')),
  );

  test.each(Object.keys(RELEASES))('takes the values of %s', (name) => {
    const good = { ...defaults, ...RELEASES[name], ...PLACEMENT, image: `mirror:5000/cli:v2@sha256:${'a'.repeat(64)}` };
    expect(isValid(good)).toBe(true);
  });

  const bootstrap = (more: object): object => ({ bootstrap: { ...BOOTSTRAP, ...more } });
  test.each<[string, object]>([
    ['no image', { image: 'A B' }],
    ['a Secret without name', { imagePullSecrets: [''] }],
    ['a label that is a number', { nodeSelector: { a: 1 } }],
    ['an unknown effect', { tolerations: [{ effect: 'None' }] }],
    ['an unknown key', { affinity: {} }],
    ['a deadline that leaves no time', { deadlineSeconds: 60 }],
    ['two ways to install', { bootstrap: BOOTSTRAP, install: INSTALL }],
    ['an instance to wait for that is not there', { ready: { root: 'flux-system' } }],
    ['no token', { bootstrap: { ...BOOTSTRAP, tokenSecret: undefined } }],
    ['an unknown key inside', bootstrap({ argument: [] })],
    ['an argument that is no flag', bootstrap({ arguments: ['gitlab'] })],
    ['a flag and its value apart', bootstrap({ arguments: ['--owner', 'platform'] })],
    ['a flag of the chart', bootstrap({ arguments: ['--namespace=other'] })],
    ['a flag that takes a secret', bootstrap({ arguments: ['--registry-creds=user:password'] })],
    ['a variable of the container', bootstrap({ arguments: ['--commit-message-appendix=$(GITLAB_TOKEN)'] })],
    ['half a CA', bootstrap({ certificateAuthority: { name: 'ca' } })],
    ['a CA of another kind', bootstrap({ certificateAuthority: { kind: 'File', name: 'ca', key: 'x' } })],
    ['no digest', { install: { ...INSTALL, digest: '' } }],
    ['an unknown removal policy', { uninstall: { removalPolicy: 'orphan' } }],
  ])('refuses %s', (_, wrong) => {
    expect(isValid({ ...defaults, ...wrong })).toBe(false);
  });
});

describeWithRig(
  'the chart flux-jobs with helm',
  () => {
    test.each(Object.keys(RELEASES))('passes helm lint as %s', (name) => {
      expect(helm(['lint', '--strict'], { ...RELEASES[name], ...PLACEMENT })).toContain('0 chart(s) failed');
    });

    test('is refused by helm with wrong values', () => {
      expect(() => render('flux-spoke-removal', { affinity: {} })).toThrow(
        /values don't meet the specifications of the schema/,
      );
    });

    // Releases that were installed with an older chart have these: what has another name would be left behind.
    test.each([
      [
        'flux-cli',
        [
          ['ServiceAccount/flux-cli', 'post-install,post-upgrade,pre-delete', '-2'],
          ['ClusterRoleBinding/flux-system-flux-cli', 'post-install,post-upgrade,pre-delete', '-1'],
          ['Job/flux-cli-bootstrap', 'post-install,post-upgrade', '0'],
          ['Job/flux-cli-uninstall', 'pre-delete', '0'],
        ],
      ],
      [
        'flux-instance',
        [
          ['FluxInstance/flux'],
          ['ServiceAccount/flux-instance-ready', 'post-install,post-upgrade', '-2'],
          ['Role/flux-instance-ready', 'post-install,post-upgrade', '-2'],
          ['RoleBinding/flux-instance-ready', 'post-install,post-upgrade', '-1'],
          ['Job/flux-instance-ready', 'post-install,post-upgrade', '0'],
        ],
      ],
      [
        'flux-git-root',
        [
          ['ServiceAccount/flux-git-root', 'post-install,post-upgrade', '-2'],
          ['Role/flux-git-root', 'post-install,post-upgrade', '-2'],
          ['RoleBinding/flux-git-root', 'post-install,post-upgrade', '-1'],
          ['Job/flux-git-root', 'post-install,post-upgrade', '0'],
        ],
      ],
      ...['flux-spoke-removal', 'gitlab-agent-removal'].map((name): [string, string[][]] => [
        name,
        [
          [`ServiceAccount/${name}`, 'pre-delete', '-2'],
          [`Role/${name}`, 'pre-delete', '-2'],
          [`RoleBinding/${name}`, 'pre-delete', '-1'],
          [`Job/${name}`, 'pre-delete', '0'],
        ],
      ]),
    ] as [string, string[][]][])('as %s it has these hooks, and rights before Jobs', (name, expected) => {
      const objects = render(name).map(({ kind, metadata: { name: own, annotations = {} } }) => [
        `${kind}/${own}`,
        ...['hook', 'hook-weight'].map((key) => annotations[`helm.sh/${key}`]).filter((each) => each !== undefined),
      ]);
      expect(objects).toEqual(expect.arrayContaining(expected));
      expect(objects).toHaveLength(expected.length);
      for (const { kind, metadata } of render(name)) {
        if (kind === 'FluxInstance') continue;
        expect(metadata.annotations['helm.sh/hook-delete-policy']).toBe('before-hook-creation,hook-succeeded');
        expect(metadata.namespace).toBe(kind === 'ClusterRoleBinding' ? undefined : 'flux-system');
      }
    });

    test('renders a Job that Pod Security takes as restricted', () => {
      const job = find(render('flux-cli'), 'Job', 'flux-cli-bootstrap');
      expect(job['spec']).toMatchObject({
        backoffLimit: 2,
        podFailurePolicy: { rules: [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [3] } }] },
        activeDeadlineSeconds: 900,
      });
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
      expect((args as string[]).slice(1)).toEqual(['flux-cli-bootstrap', '--owner=platform', '--token-auth']);
    });

    const COMMON = [
      { name: 'HOME', value: '/tmp' },
      { name: 'NAMESPACE', value: 'flux-system' },
      { name: 'SECONDS_TO_ACT', value: '840' },
    ];
    const ADMIN = [
      { name: 'BINDING', value: 'flux-system-flux-cli' },
      { name: 'MARKER', value: 'flux-cli-bootstrapped' },
    ];
    test.each<[string, string, string, object[]]>([
      [
        'flux-cli',
        'flux-cli-bootstrap',
        'bootstrap',
        [
          ...ADMIN,
          { name: 'GITLAB_TOKEN', valueFrom: { secretKeyRef: { name: 'flux-bootstrap', key: 'token' } } },
          { name: 'RESTORE_SECRET', value: '' },
          { name: 'BACKUP_SECRET', value: 'flux-cli-saved-credentials' },
          { name: 'SECONDS_PER_ATTEMPT', value: '180' },
        ],
      ],
      [
        'flux-cli, which installs',
        'flux-cli-bootstrap',
        'install',
        [
          ...ADMIN,
          { name: 'SYNC', value: Buffer.from(INSTALL.sync).toString('base64') },
          { name: 'KUSTOMIZATION', value: Buffer.from(INSTALL.kustomization).toString('base64') },
          { name: 'DIGEST', value: INSTALL.digest },
          { name: 'ROOT_PATH', value: INSTALL.path },
          { name: 'VERSION', value: 'v2.9.4' },
          { name: 'SECONDS_PER_ATTEMPT', value: '180' },
        ],
      ],
      ['flux-cli', 'flux-cli-uninstall', 'uninstall', [...ADMIN, { name: 'REMOVAL_POLICY', value: 'keep' }]],
      [
        'flux-instance',
        'flux-instance-ready',
        'ready',
        [
          { name: 'INSTANCE', value: 'flux' },
          { name: 'ROOT', value: 'flux-system' },
        ],
      ],
      [
        'flux-git-root',
        'flux-git-root',
        'git-root',
        [
          { name: 'SYNC', value: Buffer.from(GIT_ROOT.sync).toString('base64') },
          { name: 'KUSTOMIZATION', value: Buffer.from(GIT_ROOT.kustomization).toString('base64') },
          { name: 'ROOT_PATH', value: './clusters/uni-dev' },
          { name: 'INSTALL_ARGUMENTS', value: '--components=source-controller,kustomize-controller' },
        ],
      ],
      [
        'flux-root',
        'flux-root',
        'root',
        [
          { name: 'ROOTS', value: 'flux-system/flux-system shop/flux-system' },
          { name: 'SECONDS_OF_PATIENCE', value: '60' },
        ],
      ],
      ['flux-spoke-removal', 'flux-spoke-removal', 'remove-spoke', [{ name: 'REMOVAL_POLICY', value: 'keep' }]],
      [
        'gitlab-agent-removal',
        'gitlab-agent-removal',
        'remove-agent',
        [{ name: 'HELM_RELEASE', value: 'gitlab-agent' }],
      ],
    ])('as %s it runs in the Job %s the script %s.sh', (name, job, script, env) => {
      const objects = render(name);
      const { args, env: given } = container(find(objects, 'Job', job));
      expect((args as string[])[0]?.trim()).toBe(textOf(script).trim());
      expect(given).toEqual([...COMMON, ...env]);
      if (script !== 'bootstrap') expect(JSON.stringify(given)).not.toContain('secretKeyRef');
    });

    test('waits for the roots of several namespaces with rights in each', () => {
      const objects = render('flux-root');
      const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`);
      expect(names.sort()).toEqual([
        'Job flux-system/flux-root',
        'Role flux-system/flux-root',
        'Role shop/flux-system-flux-root',
        'RoleBinding flux-system/flux-root',
        'RoleBinding shop/flux-system-flux-root',
        'ServiceAccount flux-system/flux-root',
      ]);
    });

    test('binds cluster-admin for the flux CLI only', () => {
      for (const name of Object.keys(RELEASES)) {
        const kinds = render(name).map(({ kind, roleRef }) => (kind.endsWith('Binding') ? roleRef.name : ''));
        expect(kinds.includes('cluster-admin')).toBe(name.startsWith('flux-cli'));
      }
    });

    test('takes every value', () => {
      const objects = render('flux-cli', {
        ...PLACEMENT,
        image: 'mirror:5000/flux-cli:v2.9.5',
        deadlineSeconds: 1200000,
        resources: { limits: { memory: '1Gi' } },
        bootstrap: {
          ...BOOTSTRAP,
          restoreSecret: 'flux-system',
          certificateAuthority: { kind: 'ConfigMap', name: 'ca', key: 'ca.crt' },
        },
        uninstall: { removalPolicy: 'delete', keepNamespace: true },
      });
      const [bootstrap, uninstall] = ['bootstrap', 'uninstall'].map((each) => find(objects, 'Job', `flux-cli-${each}`));
      expect(container(bootstrap!)['env']).toEqual(
        expect.arrayContaining([
          { name: 'RESTORE_SECRET', value: 'flux-system' },
          { name: 'CERTIFICATE_AUTHORITY', valueFrom: { configMapKeyRef: { name: 'ca', key: 'ca.crt' } } },
        ]),
      );
      expect(container(uninstall!)['env']).toContainEqual({ name: 'REMOVAL_POLICY', value: 'delete' });
      expect(container(uninstall!)['env']).toContainEqual({ name: 'KEEP_NAMESPACE', value: 'true' });
      for (const job of [bootstrap!, uninstall!]) {
        expect(job['spec'].activeDeadlineSeconds).toBe(1200000);
        expect(container(job)).toMatchObject({
          image: 'mirror:5000/flux-cli:v2.9.5',
          resources: { limits: { cpu: '1', memory: '1Gi' } },
        });
        expect(job['spec'].template.spec).toMatchObject({
          imagePullSecrets: [{ name: 'mirror' }],
          nodeSelector: { 'kubernetes.io/os': 'linux', pool: 'system' },
          tolerations: PLACEMENT.tolerations,
        });
      }
    });
  },
  [{ program: 'helm' }],
);
