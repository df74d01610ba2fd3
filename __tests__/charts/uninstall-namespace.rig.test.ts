// What uninstall.sh says of its namespace, with a real API server, which lets a namespace go or not.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { textOf } from '../support/job-script';
import { type ControlPlane, describeWithRig, findProgram, startControlPlane, until } from '../support/rig';

const TERMINATING = 'jsonpath={.status.phase} {.status.conditions[?(@.status=="True")].reason}';

/** A kind with an object of it, whose finalizer nobody takes off, and an API whose server is gone. */
const KIND = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    names: { kind: 'Widget', plural: 'widgets' },
    scope: 'Namespaced',
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
  },
};
const held = (namespace: string): object => ({
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  metadata: { name: 'held', namespace, finalizers: ['finalizers.example.com'] },
});
const API = {
  apiVersion: 'apiregistration.k8s.io/v1',
  kind: 'APIService',
  metadata: { name: 'v1beta1.metrics.k8s.io' },
  spec: {
    group: 'metrics.k8s.io',
    version: 'v1beta1',
    groupPriorityMinimum: 100,
    versionPriority: 100,
    insecureSkipTLSVerify: true,
    service: { name: 'metrics-server', namespace: 'kube-system' },
  },
};

describeWithRig(
  'uninstall.sh, before its namespace goes',
  () => {
    let cluster: ControlPlane;

    const apply = (...items: object[]): Promise<string> =>
      cluster.kubectl(['apply', '--filename=-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    const kubectl = (...args: string[]): Promise<string> => cluster.kubectl(args);
    const uninstall = (env: Readonly<Record<string, string>> = {}): Promise<{ code: number; log: string }> => {
      const home = mkdtempSync(join(tmpdir(), 'uninstall-'));
      const all = {
        PATH: `${join(findProgram('flux')!, '..')}:${process.env['PATH']}`,
        ...{ KUBECONFIG: cluster.kubeconfig, HOME: home, NAMESPACE: 'flux-system', SECONDS_TO_ACT: '20' },
        ...{ BINDING: 'flux-system-flux-cli', MARKER: 'flux-cli-bootstrapped', REMOVAL_POLICY: 'keep', ...env },
      };
      return new Promise((done) => {
        execFile('/bin/sh', ['-eu', '-c', textOf('uninstall'), 'uninstall'], { env: all }, (error, out, err) => {
          rmSync(home, { recursive: true, force: true });
          done({ code: error === null ? 0 : Number(error.code ?? -1), log: out + err });
        });
      });
    };
    const mark = (): Promise<string> =>
      apply(
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'flux-cli-bootstrapped', namespace: 'flux-system' } },
        ...['flux-system', 'other'].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
      );

    beforeAll(async () => {
      cluster = await startControlPlane();
      await apply(KIND);
      await kubectl('wait', '--for=condition=Established', 'crd/widgets.example.com');
      await kubectl('create', 'namespace', 'flux-system');
      // As in a Pod of the namespace.
      await kubectl('config', 'set-context', '--current', '--namespace=flux-system');
      await mark();
    }, 120_000);

    test('an object and an API that would hold it are named, and hold it indeed', async () => {
      await apply(held('flux-system'), held('other'), API);
      const { code, log } = await uninstall();
      expect(code).toBe(3);
      expect(log).toContain('deleting Widget.v1.example.com held, which has a finalizer');
      expect(log).toMatch(
        /the namespace flux-system would stay Terminating:\n {2}APIService v1beta1\.metrics\.k8s\.io does not answer: .*metrics-server.*\n {2}held by Widget\.v1\.example\.com held \(finalizers\.example\.com\)\n/,
      );
      expect(await kubectl('get', 'widgets', '--namespace=other', '--output=name')).toBe('widget.example.com/held\n');
      await kubectl('delete', 'namespace', 'other', '--wait=false');
      await until(
        async () => (await kubectl('get', 'namespace', 'other', `--output=${TERMINATING}`)).includes('DiscoveryFailed'),
        60_000,
      );
      await kubectl('delete', 'apiservices', 'v1beta1.metrics.k8s.io');
    });

    test('a namespace that stays may hold it', async () => {
      expect(await uninstall({ KEEP_NAMESPACE: 'true' })).toMatchObject({ code: 0 });
      await mark();
    });

    test('what somebody lets go is no matter, and the namespace goes', async () => {
      setTimeout(() => {
        void kubectl(
          'patch',
          'widget',
          'held',
          '--namespace=flux-system',
          '--type=merge',
          '--patch={"metadata":{"finalizers":null}}',
        );
      }, 4_000);
      expect(await uninstall({ SECONDS_TO_ACT: '60' })).toMatchObject({ code: 0 });
      await kubectl('delete', 'namespace', 'flux-system', '--timeout=60s');
    });
  },
  ['kubernetes', { program: 'flux' }],
);
