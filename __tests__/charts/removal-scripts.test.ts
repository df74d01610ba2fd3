// The scripts of the chart flux-jobs that take single things off a Flux, and the one that waits for Flux.
import { type Cluster, type Workload } from '../support/fake-cluster';
import { FLUX, run, type Run } from '../support/job-script';

const deleted = ({ calls }: Run): string[] =>
  calls.flatMap((call) => /^kubectl delete (?:kustom|helm)\S+ (\S+)/.exec(call)?.[1] ?? []);

describe('remove-agent.sh', () => {
  const remove = (cluster: Cluster): Promise<Run> =>
    run('remove-agent', { cluster: { crds: FLUX, ...cluster }, env: { HELM_RELEASE: 'agent', SECONDS_TO_ACT: '20' } });

  it('resumes the release, so that it leaves with what it installed', async () => {
    const result = await remove({ workloads: { 'HelmRelease/flux-system/agent': { suspend: true } } });
    expect(result).toMatchObject({ code: 0, cluster: { workloads: {}, abandoned: [] } });
    expect(result.log).toBe('remove-agent: the agent is uninstalled\n');
  });

  it('finds nothing to do without the release, and without Flux', async () => {
    expect((await remove({})).log).toContain('the agent is uninstalled');
    expect((await remove({ crds: [] })).log).toContain('there is no Flux any more, and so no HelmRelease');
  });

  it('names the release that stays', async () => {
    const result = await remove({ workloads: { 'HelmRelease/flux-system/agent': { stuck: true } } });
    expect(result.code).toBe(3);
    expect(result.log).toContain('Flux did not uninstall HelmRelease flux-system/agent within 20 s');
  });
});

describe('remove-spoke.sh', () => {
  const roots = { 'Kustomization/shop/flux-system': {}, 'Kustomization/shop/flux-system-namespaces': {} };
  const remove = (workloads: Record<string, Workload>, policy = 'delete'): Promise<Run> =>
    run('remove-spoke', {
      cluster: { crds: FLUX, workloads: { ...roots, ...workloads } },
      env: { NAMESPACE: 'shop', REMOVAL_POLICY: policy, SECONDS_TO_ACT: '20' },
    });

  it('stops the roots, then takes dependents first, and leaves other spokes alone', async () => {
    const result = await remove({
      'Kustomization/shop/db': {},
      'HelmRelease/shop/cache': { suspend: true, needs: ['Kustomization/shop/db'] },
      'Kustomization/shop/web': { checks: ['HelmRelease/shop/cache'] },
      'Kustomization/other/web': {},
    });
    expect(result.code).toBe(0);
    expect(deleted(result)).toEqual(['web', 'cache', 'db']);
    expect(result.cluster.abandoned).toEqual([]);
    const stopped = { suspend: true, deletionPolicy: 'Orphan' };
    expect(result.cluster.workloads).toEqual({
      'Kustomization/shop/flux-system': stopped,
      'Kustomization/shop/flux-system-namespaces': stopped,
      'Kustomization/other/web': {},
    });
  });

  it('keeps what was deployed, also when they wait for each other', async () => {
    const result = await remove(
      {
        'Kustomization/shop/a': { needs: ['HelmRelease/shop/b'] },
        'HelmRelease/shop/b': { needs: ['Kustomization/shop/a'] },
      },
      'keep',
    );
    expect(result).toMatchObject({ code: 0, cluster: { abandoned: ['HelmRelease/shop/b', 'Kustomization/shop/a'] } });
    expect(result.log).toContain('the spoke shop is off the hub, what was deployed to it: keep');
  });

  it('names what stays and says the way on', async () => {
    const result = await remove({
      'Kustomization/shop/db': {},
      'Kustomization/shop/web': { stuck: true, needs: ['Kustomization/shop/db'] },
    });
    expect(result.code).toBe(3);
    expect(result.log).toMatch(
      /what remains in the namespace shop:\n +Kustomization\/shop\/web \(leaving\): not yet\n +Kustomization\/shop\/db \(waits\): not yet\n/,
    );
    expect(result.log).toContain('not removed within 20 s. If it cannot be reached any more: deploy it with');
  });
});

describe('ready.sh', () => {
  const wait = (conditions: Cluster['conditions']): Promise<Run> =>
    run('ready', {
      cluster: { crds: FLUX, conditions },
      env: { INSTANCE: 'flux', ROOT: 'flux-system', SECONDS_TO_ACT: '20' },
    });
  const ready = ['1 1 1 True fine'];

  it('waits for the present generation of each', async () => {
    const result = await wait({
      fluxinstances: ['2 0 1 True old', '2 0 2 True new'],
      gitrepositories: ['1 1 0 True stored'],
      kustomizations: ['2 1 1 True old', '2 2 2 Unknown applying', '2 2 2 True Applied revision: main'],
    });
    expect(result.code).toBe(0);
    expect(result.log).toContain('flux-system: Applied revision: main');
  });

  it('says at the deadline what is not ready', async () => {
    const result = await wait({
      fluxinstances: ready,
      gitrepositories: ['1 1 1 False no access'],
      kustomizations: ready,
    });
    expect(result.code).toBe(3);
    expect(result.log).toContain(
      'Flux was not ready within 20 s. gitrepositories.source.toolkit.fluxcd.io flux-system: no access',
    );
  });
});
