import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { runProgram } from '../../cli/program';
import { describeWithRig, sharedDirectory, startControlPlane, type ControlPlane, until } from '../support/rig';

const RBAC = 'rbac.authorization.k8s.io';
const MANIFESTS = join(sharedDirectory, 'data/flux-v2.9.4');

/** An object as the root applied it, and as it must outlive the Flux objects. */
function kept(kind: string, name: string, namespace?: string): object {
  const binding = kind.endsWith('Binding');
  return {
    apiVersion: binding ? `${RBAC}/v1` : 'v1',
    kind,
    metadata: {
      name,
      namespace,
      labels: {
        'kustomize.toolkit.fluxcd.io/name': 'flux-system',
        'kustomize.toolkit.fluxcd.io/namespace': 'flux-system',
      },
      annotations: { 'kustomize.toolkit.fluxcd.io/prune': 'disabled' },
    },
    ...(binding ? { roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'view' } } : {}),
  };
}

const kustomization = (name: string, namespace: string): object => ({
  apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
  kind: 'Kustomization',
  metadata: { name, namespace },
  spec: { interval: '1m', prune: true, sourceRef: { kind: 'GitRepository', name: 'flux-system' } },
});

describeWithRig(
  'gitlab-flux leftovers',
  () => {
    let cluster: ControlPlane;

    beforeAll(async () => {
      cluster = await startControlPlane();
    }, 60_000);

    async function leftovers(...args: string[]) {
      const written = { stdout: '', stderr: '' };
      const where = ['--context', 'rig', '--kubeconfig', cluster.kubeconfig];
      const code = await runProgram(['leftovers', ...where, ...args], {
        stdout: { write: (text) => (written.stdout += text) },
        stderr: { write: (text) => (written.stderr += text) },
        environment: {},
      });
      return { code, ...written };
    }
    const apply = (...objects: object[]): Promise<string> =>
      cluster.kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
    const rootKnows = (...ids: string[]): Promise<string> => {
      const entries = ids.map((id) => ({ id, v: 'v1' }));
      const patch = JSON.stringify({ status: { inventory: { entries } } });
      const what = ['kustomization', 'flux-system', '--namespace', 'flux-system'];
      return cluster.kubectl(['patch', ...what, '--subresource=status', '--type=merge', '--patch', patch]);
    };

    test('knows nothing where there is no Flux, unless it is told that it was removed', async () => {
      await apply(kept('Namespace', 'gone'));
      const refused = await leftovers();
      expect(refused).toMatchObject({ code: 1, stdout: '' });
      expect(refused.stderr).toContain('there is no Flux on this cluster');
      expect(await leftovers('--flux-removed')).toEqual({
        code: 0,
        stdout: 'namespace/gone  # applied by flux-system/flux-system\n',
        stderr: '',
      });
    });

    test('lists what no Kustomization names any more, and changes nothing', async () => {
      await cluster
        .kubectl(['apply', '-f', '-'], readFileSync(join(MANIFESTS, 'kustomize-controller.yaml'), 'utf8'))
        .catch(
          // The Deployment goes into a namespace that is not there yet; the definitions of the kinds are what counts.
          () => undefined,
        );
      await cluster.kubectl(['wait', '--for=condition=Established', 'crd/kustomizations.kustomize.toolkit.fluxcd.io']);
      await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'flux-system' } });
      await apply(kustomization('flux-system', 'flux-system'));
      await apply(kept('Namespace', 'here'), kept('Namespace', 'kube-system'));
      const objects = [
        kept('ServiceAccount', 'deployer', 'gone'),
        kept('RoleBinding', 'deployer', 'here'),
        kept('RoleBinding', 'team:admins', 'here'),
        kept('ClusterRoleBinding', 'deployer-gone'),
      ];
      await apply(...objects);
      // Nothing is known about what it applies.
      expect(await leftovers()).toEqual({ code: 0, stdout: '', stderr: 'nothing is left over\n' });
      await rootKnows('_here__Namespace', 'here_team__admins_rbac.authorization.k8s.io_RoleBinding');
      const { stdout } = await leftovers('--json');
      expect(JSON.parse(stdout).leftovers.map(({ object }: any) => object)).toEqual([
        'clusterrolebinding/deployer-gone',
        'namespace/gone',
        'rolebinding/here/deployer',
      ]);
    });

    test('removes what is named, and nothing that holds something or is not listed', async () => {
      await apply({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'web', namespace: 'gone' },
        spec: { ports: [{ port: 80 }] },
      });
      expect((await leftovers()).stdout).toContain(
        'namespace/gone  # applied by flux-system/flux-system, holds Service web',
      );
      expect((await leftovers('--remove', 'namespace/gone')).stderr).toContain('namespace/gone holds Service web');
      expect((await leftovers('--remove', 'namespace/here')).stderr).toContain(
        '--remove: got "namespace/here", want one of',
      );
      // A kind that only this cluster knows.
      await apply({
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: 'widgets.example.com' },
        spec: {
          group: 'example.com',
          scope: 'Namespaced',
          names: { plural: 'widgets', kind: 'Widget' },
          versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
        },
      });
      await cluster.kubectl(['wait', '--for=condition=Established', 'crd/widgets.example.com']);
      await apply({ apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'one', namespace: 'gone' } });
      expect((await leftovers()).stdout).toContain('holds Service web, Widget one');
      const both = ['namespace/gone', 'clusterrolebinding/deployer-gone'];
      const removed = await leftovers('--remove', ...both, '--with-contents', '--json');
      expect(removed).toMatchObject({ code: 0, stdout: expect.stringContaining('"namespace/gone"') });
      expect((await leftovers()).stdout).toBe('rolebinding/here/deployer  # applied by flux-system/flux-system\n');
      expect(await cluster.kubectl(['get', 'namespace', 'gone', '--ignore-not-found'])).toBe('');
      expect(await cluster.kubectl(['get', 'namespace', 'here', '--output=name'])).toBe('namespace/here\n');
    }, 60_000);

    test('never removes a namespace in which Flux still has something to do', async () => {
      await apply(kept('Namespace', 'busy'));
      await apply(kustomization('fluentd', 'busy'));
      expect((await leftovers()).stdout).not.toContain('namespace/busy');
      expect((await leftovers('--remove', 'namespace/busy')).code).toBe(1);
      // After a move to the trigger pipeline, what deploys into a namespace is elsewhere.
      await apply(kept('Namespace', 'filled'));
      expect((await leftovers()).stdout).toContain('namespace/filled');
      await rootKnows('_here__Namespace', 'filled_web__Service');
      expect((await leftovers()).stdout).not.toContain('namespace/filled');
    });

    test('names what holds a namespace that stays Terminating', async () => {
      const held = {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'a', namespace: 'stuck', finalizers: ['example.com/held'] },
      };
      await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'stuck' } });
      await apply(held);
      await cluster.kubectl(['delete', 'namespace', 'stuck', '--wait=false']);
      await until(async () => (await leftovers()).stderr.includes('held by'), 30_000);
      expect((await leftovers()).stderr).toMatch(
        /^namespace\/stuck stays Terminating: .*configmaps\. has 1 resource.*\n {2}held by ConfigMap a \(example.com\/held\)$/m,
      );
      expect(JSON.parse((await leftovers('--json')).stdout).terminating).toMatchObject([
        { namespace: 'stuck', holds: ['ConfigMap a (example.com/held)'] },
      ]);
      await cluster.kubectl([
        'patch',
        'configmap',
        'a',
        '-n',
        'stuck',
        '--type=merge',
        '--patch={"metadata":{"finalizers":null}}',
      ]);
    }, 60_000);

    test('says what kubectl says', async () => {
      const { code, stderr } = await leftovers('--context', 'nowhere');
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringMatching(/^error: kubectl get namespaces: .*nowhere/),
      });
    });
  },
  ['kubernetes'],
);
