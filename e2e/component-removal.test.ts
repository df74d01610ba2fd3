// A component leaves the cluster by leaving the fleet.
import { runProgram } from '../cli/program';
import { eventually, list, read, untilReady } from './support/cluster-state';
import { clusterRole, component, configMap, deployment } from './support/components';
import { describeEndToEnd } from './support/describe';
import { deploy } from './support/fleet';
import { startWorld, type World } from './support/world';

const FINALIZER = 'example.com/held';

describeEndToEnd('removal of a component', () => {
  let world: World;
  const held = configMap('volume');
  const elsewhere = configMap('address');
  const kept = component('kept', [configMap('settings')]);
  const removed = component(
    'removed',
    [
      deployment('workload'),
      clusterRole('removed-reader'),
      { ...held, metadata: { ...held.metadata, ...{ finalizers: [FINALIZER] } } },
      { ...elsewhere, metadata: { ...elsewhere.metadata, namespace: 'shared' } },
    ],
    { serviceAccount: { name: 'removed-deployer', clusterWide: true } },
  );
  /** What is in the namespace that Kubernetes did not put there itself. */
  const contents = (): Promise<readonly string[]> =>
    list(
      world.cluster,
      'all,configmaps,secrets,serviceaccounts,roles,rolebindings,kustomizations,gitrepositories',
      '--namespace=removed',
      '--field-selector=metadata.name!=default,metadata.name!=kube-root-ca.crt',
    );

  beforeAll(async () => {
    world = await startWorld();
    await world.cluster.kubectl(['create', 'namespace', 'shared']);
  }, 120_000);

  test('leaves nothing but its namespace and its account', async () => {
    await deploy(world, { components: [kept, removed] });
    await untilReady(world.cluster, 'kept', 'removed');
    expect(await read(world.cluster, 'configmap', 'address', 'shared')).toBeDefined();
    expect(await read(world.cluster, 'clusterrole', 'removed-reader')).toBeDefined();

    const { cluster, repository } = await deploy(world, { components: [kept] });
    await eventually(async () => {
      expect(await read(world.cluster, 'clusterrole', 'removed-reader')).toBeUndefined();
      expect(await contents()).toEqual(['ConfigMap/volume', 'ServiceAccount/removed-deployer']);
    });
    const patch = '--patch={"metadata":{"finalizers":null}}';
    await world.cluster.kubectl(['patch', 'configmap', 'volume', '--namespace=removed', '--type=merge', patch]);
    await eventually(async () => expect(await contents()).toEqual(['ServiceAccount/removed-deployer']));
    expect(await read(world.cluster, 'configmap', 'address', 'shared')).toBeUndefined();
    expect((await read(world.cluster, 'namespace', 'removed'))?.['status'].phase).toBe('Active');
    const bindings = await list(world.cluster, 'clusterroles,clusterrolebindings');
    expect(bindings.filter((name) => name.includes('removed'))).toEqual([
      'ClusterRoleBinding/removed-deployer-removed',
    ]);
    expect(Object.keys(world.project.files()).filter((path) => path.includes('removed'))).toEqual([]);
    await untilReady(world.cluster, 'flux-system', 'kept');
    await repository.planNothing();
    await cluster.planNothing();
  });

  test('and gitlab-flux removes what was left over', async () => {
    const leftovers = async (...args: string[]) => {
      let stdout = '';
      const where = ['--context', 'rig', '--kubeconfig', world.cluster.kubeconfig, '--json'];
      const code = await runProgram(['leftovers', ...where, ...args], {
        stdout: { write: (text) => (stdout += text) },
        stderr: { write: () => true },
        environment: {},
      });
      return { code, ...JSON.parse(stdout) };
    };
    const appliedBy = 'flux-system/flux-system';
    const objects = ['clusterrolebinding/removed-deployer-removed', 'namespace/removed'];
    const expected = objects.map((object) => ({ object, appliedBy, contents: [] }));
    expect(await leftovers()).toEqual({ code: 0, leftovers: expected, terminating: [] });
    expect(await leftovers('--remove', ...objects)).toEqual({ code: 0, removed: objects });
    expect(await leftovers()).toEqual({ code: 0, leftovers: [], terminating: [] });
    expect(await read(world.cluster, 'namespace', 'removed')).toBeUndefined();
    await untilReady(world.cluster, 'flux-system', 'kept');
  });
});
