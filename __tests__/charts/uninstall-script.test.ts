// The script uninstall.sh of the chart flux-jobs, run by sh with stand-ins for flux and kubectl.
import { type Cluster, type Workload } from '../support/fake-cluster';
import { FLUX, run, type Run, SHELLS, UNBIND } from '../support/job-script';

const installed: Cluster = { configMaps: { 'flux-cli-bootstrapped': {} }, crds: FLUX };
const deletes = ({ log }: Run): string[] => [...log.matchAll(/deleting (\S+)/g)].map(([, object]) => object ?? '');

describe('uninstall.sh', () => {
  it('leaves a Flux alone that this release did not install', async () => {
    const result = await run('uninstall', { cluster: { crds: FLUX } });
    expect(result.code).toBe(0);
    expect(result.log).toContain('never finished a bootstrap');
    expect(result.calls).toEqual([
      'kubectl auth can-i * * --all-namespaces --quiet',
      'kubectl get configmap flux-cli-bootstrapped --ignore-not-found --output=name',
      UNBIND,
    ]);
  });

  it('does not take an API that fails for one without a marker', async () => {
    const result = await run('uninstall', { cluster: { ...installed, broken: ['get configmap'] } });
    expect(result.code).toBe(3);
    expect(result.calls.filter((call) => call.startsWith('flux'))).toEqual([]);
  });

  it('keep: stops the controllers, removes Flux, forgets the marker', async () => {
    const workloads = { 'Kustomization/app/app': {} };
    const result = await run('uninstall', { cluster: { ...installed, workloads } });
    expect(result.code).toBe(0);
    expect(result.cluster).toMatchObject({ configMaps: {}, crds: [], workloads });
    const order = ['delete deployments', 'get pods', 'flux uninstall', 'delete configmap', 'delete clusterrolebinding'];
    const positions = order.map((text) => result.calls.findIndex((call) => call.includes(text)));
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
    expect(positions).not.toContain(-1);
  });

  it('repeats `flux uninstall` when a finalizer came back, and never hangs', async () => {
    const result = await run('uninstall', {
      cluster: { ...installed, finalizerStays: true },
      env: { SECONDS_TO_ACT: '30' },
    });
    expect(result.code).toBe(3);
    expect(result.seconds).toBeLessThan(30 + 12);
    expect(result.calls.filter((call) => call.startsWith('flux uninstall')).length).toBeGreaterThan(1);
    expect(result.log).toContain('customresourcedefinition.apiextensions.k8s.io/kustomizations');
    expect(result.cluster.configMaps).toEqual(installed.configMaps);
    expect(result.calls.at(-1)).toBe(UNBIND);
  });

  it.each(SHELLS)('delete: dependents first, over all kinds and namespaces, the root never (%s)', async (shell) => {
    const workloads: Record<string, Workload> = {
      'Kustomization/flux-system/flux-system': {},
      'Kustomization/db/db': {},
      'Kustomization/app/app': { needs: ['Kustomization/db/db', 'Kustomization/flux-system/flux-system'] },
      'Kustomization/web/web': { needs: ['Kustomization/app/app'], suspend: true },
      'HelmRelease/cache/cache': { suspend: true },
      // Waits for the release, so it goes before it; the other one applied what it checks, so it goes after it.
      'Kustomization/queue/queue': { checks: ['HelmRelease/cache/cache'] },
      'Kustomization/set/set': { checks: ['HelmRelease/set/child'] },
      'HelmRelease/set/child': { needs: ['Kustomization/set/set'] },
    };
    const result = await run('uninstall', {
      shell,
      cluster: { ...installed, workloads, namespaces: ['app', 'db'] },
      env: { REMOVAL_POLICY: 'delete' },
    });
    expect(result.code).toBe(0);
    expect(result.cluster).toMatchObject({
      workloads: { 'Kustomization/flux-system/flux-system': { suspend: true } },
      namespaces: [],
      crds: [],
    });
    expect(Object.keys(result.cluster.workloads ?? {})).toEqual(['Kustomization/flux-system/flux-system']);
    const order = deletes(result);
    const before = (first: string, second: string): void =>
      expect(order.indexOf(first)).toBeLessThan(order.indexOf(second));
    before('Kustomization/web/web', 'Kustomization/app/app');
    before('Kustomization/app/app', 'Kustomization/db/db');
    before('Kustomization/queue/queue', 'HelmRelease/cache/cache');
    before('HelmRelease/set/child', 'Kustomization/set/set');
    before('Kustomization/db/db', 'namespace/db');
    expect(result.calls.find((call) => call.startsWith('kubectl patch'))).toBe(
      'kubectl patch kustomizations.kustomize.toolkit.fluxcd.io flux-system --type=merge --field-manager=flux --patch={"metadata":{"labels":{"flux-cli/suspended-by":"uninstall"}},"spec":{"suspend":true}}',
    );
  });

  it('delete: does not suspend what is leaving already, or it would leave its workloads', async () => {
    const workloads = { 'Kustomization/flux-system/flux-system': {}, 'Kustomization/a/a': { leaving: true } };
    const result = await run('uninstall', {
      cluster: { ...installed, workloads },
      env: { REMOVAL_POLICY: 'delete' },
    });
    expect(result.code).toBe(0);
    expect(result.calls.filter((call) => call.startsWith('kubectl patch'))).toHaveLength(1);
  });

  it('delete: what cannot be resumed is not deleted either', async () => {
    const workloads = { 'Kustomization/app/app': {} };
    const result = await run('uninstall', {
      cluster: { ...installed, workloads, broken: ['patch kustomizations.kustomize.toolkit.fluxcd.io'] },
      env: { REMOVAL_POLICY: 'delete', SECONDS_TO_ACT: '3' },
    });
    expect(result.code).toBe(3);
    expect(result.cluster.workloads).toEqual(workloads);
  });

  it('delete: a cycle of dependencies is named and removed', async () => {
    const workloads = {
      'Kustomization/a/a': { needs: ['Kustomization/b/b'] },
      'Kustomization/b/b': { needs: ['Kustomization/a/a'] },
    };
    const result = await run('uninstall', {
      cluster: { ...installed, workloads },
      env: { REMOVAL_POLICY: 'delete' },
    });
    expect(result.code).toBe(0);
    expect(result.log).toContain('Kustomization/a/a is part of a cycle of dependencies');
    expect(result.cluster.workloads).toEqual({});
  });

  it('delete: names what remains at the deadline and leaves Flux to finish it', async () => {
    const workloads = {
      'Kustomization/app/app': { needs: ['Kustomization/db/db'], stuck: true },
      'Kustomization/db/db': {},
    };
    const result = await run('uninstall', {
      cluster: { ...installed, workloads },
      env: { REMOVAL_POLICY: 'delete', SECONDS_TO_ACT: '4' },
    });
    expect(result.code).toBe(3);
    expect(result.seconds).toBeLessThan(4 + 8);
    expect(result.log).toMatch(
      /what remains:\n +Kustomization\/app\/app \(leaving\): not yet\n +Kustomization\/db\/db \(waits\): not yet\n/,
    );
    expect(result.log).toContain('not all workloads were removed within 4 s');
    expect(result.cluster.workloads?.['Kustomization/app/app']).toMatchObject({ deletionPolicy: 'WaitForTermination' });
    expect(result.calls.filter((call) => call.startsWith('flux'))).toEqual([]);
    expect(result.calls.at(-1)).toBe(UNBIND);
  });

  it('delete: names what holds a namespace', async () => {
    const result = await run('uninstall', {
      cluster: { ...installed, namespaces: ['stuck', 'app'] },
      env: { REMOVAL_POLICY: 'delete', SECONDS_TO_ACT: '20' },
    });
    expect(result.code).toBe(3);
    expect(result.log).toContain(
      'namespace/stuck: Some resources are remaining: configmaps. has 1 resource instances\n    held by ConfigMap a (example.com/held)\n',
    );
    expect(result.calls).toContain('kubectl get configmaps --namespace=stuck --output=go-template');
  });

  it.each(SHELLS)(
    'keep: what somebody takes off its finalizer holds no namespace, and is left alone (%s)',
    async (shell) => {
      const held = {
        'ConfigMap v1 mine': { finalizers: ['kubernetes.io/pvc-protection', 'foregroundDeletion'] },
        'Widget example.com/v1 theirs': { finalizers: ['kubernetes.io/x', 'finalizers.example.com'] },
      };
      const result = await run('uninstall', { shell, cluster: { ...installed, held } });
      expect(result.code).toBe(0);
      expect(Object.keys(result.cluster.held ?? {})).toEqual(['ConfigMap v1 mine']);
      expect(deletes(result)).toEqual(['Widget.v1.example.com']);
      expect(result.calls.findIndex((call) => call.includes('Widget'))).toBeGreaterThan(
        result.calls.findIndex((call) => call.startsWith('flux uninstall')),
      );
    },
  );

  it.each(SHELLS)(
    'keep: names what would hold the namespace, and fails before Terraform waits for it (%s)',
    async (shell) => {
      const held = {
        'ConfigMap v1 a': { finalizers: ['example.com/held', 'kubernetes.io/x'], stuck: true },
        'Widget example.com/v1 b': { finalizers: ['kubernetes.io/x'], leaving: true, stuck: true },
      };
      const cluster = { ...installed, held, silent: ['v1beta1.metrics.k8s.io'] };
      const result = await run('uninstall', { shell, cluster });
      expect(result.code).toBe(3);
      expect(result.seconds).toBeLessThan(200);
      expect(result.log).toContain(
        [
          'the namespace flux-system would stay Terminating:',
          '  APIService v1beta1.metrics.k8s.io does not answer: no endpoints',
          '  held by ConfigMap a (example.com/held) (kubernetes.io/x)',
          '  held by Widget.v1.example.com b (kubernetes.io/x)',
          '',
        ].join('\n'),
      );
      // The next run comes as far as this one.
      expect(result.cluster.configMaps).toEqual(installed.configMaps);
      expect((await run('uninstall', { shell, cluster: { ...result.cluster, held: {}, silent: [] } })).code).toBe(0);
    },
  );

  it('keep: a namespace that stays may hold what it wants', async () => {
    const held = { 'ConfigMap v1 a': { finalizers: ['example.com/held'], stuck: true } };
    const result = await run('uninstall', { cluster: { ...installed, held }, env: { KEEP_NAMESPACE: 'true' } });
    expect(result).toMatchObject({ code: 0, cluster: { held } });
  });
});
