// The script of the trigger `pipeline`: against real Git and a real API server, with the rights that it has.
import { execFileSync } from 'node:child_process';

import { applyChangedScript } from '../../lib/model/pipeline/apply-changed/apply-changed-script';
import { commonFile, componentYaml, type JobOptions, PipelineCluster, Repository } from '../support/pipeline-world';
import { describeWithRig, findProgram, freePorts, until } from '../support/rig';

describeWithRig(
  'shellcheck',
  () => {
    it('has nothing to say about the script', () => {
      const shellcheck = findProgram('shellcheck') ?? '';
      expect(execFileSync(shellcheck, ['-'], { input: applyChangedScript(), encoding: 'utf8' })).toBe('');
    });
  },
  [{ program: 'shellcheck' }],
);

const both = (...components: readonly string[]): readonly string[] => [
  ...components.map((name) => `GitRepository/${name}`),
  ...components.map((name) => `Kustomization/${name}`),
];
const app = commonFile('uni', 'app');
const store = commonFile('uni', 'store');

describeWithRig('the script that applies what changed', () => {
  let cluster: PipelineCluster;
  let kubeconfig: string;
  let repository: Repository;

  beforeAll(async () => {
    cluster = await PipelineCluster.start();
    kubeconfig = await cluster.kubeconfig(['app', 'store', 'other']);
    await cluster.bootstrap();
  });
  beforeEach(async () => {
    await cluster.clear();
    repository = new Repository();
    await repository.start();
  });

  const run = (commit: string, options: JobOptions = {}, name = 'uni') =>
    repository.runJob(name, commit, { kubeconfig, ...options });
  const pathOf = async (name: string) => (await cluster.get('Kustomization', name)).spec.path;
  /** Pushes, and runs the job of that push. */
  const deploy = async (files: Record<string, string | undefined>, options: JobOptions = {}) => {
    const commit = await repository.push(files);
    return { commit, ...(await run(commit, options)) };
  };

  it('applies everything at first, and then what changed', async () => {
    const first = await deploy({ [app]: componentYaml('uni', 'app'), [store]: componentYaml('uni', 'store') });
    expect(first).toMatchObject({
      code: 0,
      log: `uni: no commit is recorded on the cluster: applying all of ${first.commit}
namespace/app serverside-applied
namespace/store serverside-applied
gitrepository.source.toolkit.fluxcd.io/app serverside-applied
kustomization.kustomize.toolkit.fluxcd.io/app serverside-applied
gitrepository.source.toolkit.fluxcd.io/store serverside-applied
kustomization.kustomize.toolkit.fluxcd.io/store serverside-applied
gitrepository.source.toolkit.fluxcd.io/app annotated
gitrepository.source.toolkit.fluxcd.io/store annotated
uni: has ${first.commit} now
`,
    });
    expect(await cluster.objects()).toEqual(both('app', 'store'));
    expect(await cluster.recorded()).toBe(first.commit);
    const { uid } = (await cluster.get('Kustomization', 'flux-system')).metadata;
    expect((await cluster.get('ConfigMap', 'gitlab-flux-applied')).metadata.ownerReferences).toMatchObject([{ uid }]);
    const [{ manager }] = (await cluster.get('GitRepository', 'app')).metadata.managedFields;
    expect(manager).toBe('gitlab-flux-pipeline');

    const second = await deploy({ [app]: componentYaml('uni', 'app', './other') });
    expect(second).toMatchObject({
      code: 0,
      log: `uni: applying what changed from ${first.commit} to ${second.commit}
namespace/app serverside-applied
gitrepository.source.toolkit.fluxcd.io/app serverside-applied
kustomization.kustomize.toolkit.fluxcd.io/app serverside-applied
uni: has ${second.commit} now
`,
    });
    expect(await pathOf('app')).toBe('./other');

    const third = await deploy({ 'README.md': 'nothing for the cluster' });
    expect(third).toMatchObject({ code: 0, log: expect.not.stringContaining('serverside-applied') as string });
    expect(await cluster.recorded()).toBe(third.commit);
    expect(await run(third.commit)).toEqual({
      code: 0,
      log: `uni: the cluster already has ${third.commit}: nothing to do\n`,
    });
    expect(await run(first.commit)).toEqual({
      code: 0,
      log: `uni: the cluster already has ${third.commit}: nothing to do\n`,
    });
    expect(await pathOf('app')).toBe('./other');
  });

  it('deletes nothing when objects move to another file', async () => {
    const [namespace = '', ...objects] = componentYaml('uni', 'app').split(/^(?=---)/m);
    await deploy({ [app]: componentYaml('uni', 'app'), [store]: componentYaml('uni', 'store') });
    const uid = (await cluster.get('Kustomization', 'app')).metadata.uid;

    const renamed = await deploy({
      [app]: undefined,
      'clusters/flux-common/anything.yaml': componentYaml('uni', 'app'),
    });
    expect(renamed).toMatchObject({ code: 0, log: expect.not.stringContaining('deleted') as string });
    const files = {
      'clusters/flux-common/anything.yaml': namespace,
      [store]: componentYaml('uni', 'store') + objects.join(''),
    };
    expect(await deploy(files)).toMatchObject({ code: 0, log: expect.not.stringContaining('deleted') as string });
    expect((await cluster.get('Kustomization', 'app')).metadata.uid).toBe(uid);
  });

  it('deletes what left Git: first what deploys, and when that is gone its source, but no Namespace', async () => {
    const [namespace = '', source = ''] = componentYaml('uni', 'store').split(/^(?=---)/m);
    await deploy({ [app]: componentYaml('uni', 'app'), [store]: componentYaml('uni', 'store') });
    // One object of a file that stays.
    const { log } = await deploy({ [store]: namespace + source });
    expect(log).toContain('kustomization.kustomize.toolkit.fluxcd.io "store" deleted');
    expect(await cluster.objects()).toEqual(['GitRepository/app', 'GitRepository/store', 'Kustomization/app']);

    await cluster.finalize('app', ['example.com/still-deleting-workloads']);
    const commit = await repository.push({ [app]: undefined, [store]: undefined });
    const job = run(commit);
    await until(
      async () => (await cluster.get('Kustomization', 'app')).metadata.deletionTimestamp !== undefined,
      60_000,
    );
    expect(await cluster.objects()).toEqual(['GitRepository/app', 'GitRepository/store', 'Kustomization/app']);
    await cluster.finalize('app', []);
    expect(await job).toMatchObject({ code: 0 });
    expect(await cluster.objects()).toEqual([]);
    for (const name of ['app', 'store']) {
      expect(await cluster.api.get({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })).toBeDefined();
    }
  });

  it('applies nothing of another cluster, whatever the files are called', async () => {
    const files = {
      [app]: componentYaml('uni-dev', 'app'),
      [commonFile('uni', 'dev-app')]: componentYaml('uni-dev', 'dev-app'),
      [commonFile('uni-dev', 'store')]: componentYaml('uni', 'store'),
    };
    expect(await deploy(files)).toMatchObject({ code: 0 });
    expect(await cluster.objects()).toEqual(both('store'));
  });

  it('applies the rest and deletes nothing when something cannot be applied, and does it all when it can', async () => {
    const first = await deploy({ [app]: componentYaml('uni', 'app'), [store]: componentYaml('uni', 'store') });
    const broken = await deploy({
      [app]: undefined,
      [store]: componentYaml('uni', 'store', './next'),
      [commonFile('uni', 'wrong')]: 'kind: [not\nmetadata: {labels: {gitlab-flux/cluster: uni}}',
    });
    expect(broken.code).toBe(1);
    expect(broken.log).toContain('error parsing clusters/flux-common/uni-wrong.yaml');
    expect(broken.log).toContain('uni: failed: not everything could be applied; nothing was deleted or recorded');
    expect(await pathOf('store')).toBe('./next');
    expect(await cluster.objects()).toEqual(both('app', 'store'));
    expect(await cluster.recorded()).toBe(first.commit);

    const denied = await deploy({
      [commonFile('uni', 'wrong')]: componentYaml('uni', 'wrong'),
      [store]: componentYaml('uni', 'store', './denied'),
    });
    expect(denied.code).toBe(1);
    expect(denied.log).toContain('namespaces "wrong" is forbidden');
    expect(await pathOf('store')).toBe('./denied');

    await cluster.kubeconfig(['app', 'store', 'wrong']);
    expect(await run(denied.commit)).toMatchObject({ code: 0 });
    expect(await cluster.objects()).toEqual(both('store', 'wrong'));
  });

  it('applies all of the branch after history was rewritten, and leaves what it did not apply', async () => {
    const base = await repository.push({ [app]: componentYaml('uni', 'app') });
    const gone = await deploy({ [store]: componentYaml('uni', 'store') });
    await cluster.apply([
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'of-somebody', namespace: 'flux-system' } },
    ]);
    await repository.reset(base);
    const next = await repository.push({ [app]: componentYaml('uni', 'app', './next') }, '--force');
    const { code, log } = await run(next);
    expect({ code, first: log.split('\n')[0] }).toEqual({
      code: 0,
      first: `uni: ${gone.commit}, which the cluster has, is no longer on main: applying all of ${next}`,
    });
    expect(await cluster.objects()).toEqual(both('app'));
    expect(await cluster.get('ConfigMap', 'of-somebody')).toBeDefined();
  });

  it('does not turn the cluster back for a commit that is no longer on the branch', async () => {
    const base = await repository.push({ [app]: componentYaml('uni', 'app') });
    await run(base);
    const gone = await repository.push({ [store]: componentYaml('uni', 'store') });
    await repository.tag('kept', gone);
    await repository.reset(base);
    await repository.push({ 'README.md': 'other' }, '--force');
    expect(await run(gone)).toEqual({ code: 0, log: `uni: ${gone} is no longer on main: nothing to do\n` });
  });

  it('deletes no more than it may, and nothing when no file is for the cluster', async () => {
    await deploy({ [app]: componentYaml('uni', 'app'), [store]: componentYaml('uni', 'store') });
    const few = await deploy({ [app]: undefined }, { env: { FLUX_MAX_DELETES: '1' } });
    expect(few.code).toBe(1);
    expect(few.log).toContain(
      '2 objects would be deleted, more than 1: run it with FLUX_MAX_DELETES=2 if that is right',
    );
    expect(await deploy({}, { env: { FLUX_MAX_DELETES: 'all' } })).toEqual({
      code: 1,
      commit: expect.any(String) as string,
      log: "uni: failed: FLUX_MAX_DELETES has to be a number, not 'all'\n",
    });
    await cluster.forget();
    const none = await deploy({ [store]: undefined });
    expect(none.code).toBe(1);
    expect(none.log).toContain('no file in clusters/flux-common is for it: they are not deleted');
    expect(await cluster.objects()).toEqual(both('app', 'store'));
  });

  it('deletes nothing for a namesake in another namespace', async () => {
    const elsewhere = componentYaml('uni', 'app').replaceAll('namespace: flux-system', 'namespace: elsewhere');
    await cluster.applyText(componentYaml('uni', 'app'));
    await cluster.record(await repository.push({ 'clusters/flux-common/elsewhere.yaml': elsewhere }));
    expect(await deploy({ 'clusters/flux-common/elsewhere.yaml': undefined })).toMatchObject({ code: 0 });
    expect(await cluster.objects()).toEqual(both('app'));
  });

  it('asks Flux to fetch the sources of what changed below systems', async () => {
    const requested = async (name: string) => (await cluster.get('GitRepository', name)).metadata.annotations;
    const first = await repository.push({ [app]: componentYaml('uni', 'app'), [store]: componentYaml('uni', 'store') });
    await cluster.applyText(componentYaml('uni', 'app') + componentYaml('uni', 'store'));
    await cluster.record(first);
    const { log } = await deploy({
      'systems/app/base/a.yaml': 'a: 1',
      'systems/store/overlays/uni-dev/a.yaml': 'a: 1',
      'systems/unknown/a.yaml': 'a: 1',
    });
    expect(log).not.toContain('serverside-applied');
    expect(await requested('app')).toMatchObject({ 'reconcile.fluxcd.io/requestedAt': expect.any(String) as string });
    expect(await requested('store')).toBeUndefined();
  });

  it('reads 1,000 files but applies the one that changed', async () => {
    const names = Array.from({ length: 999 }, (_, index) => `c${index}`);
    const many = Object.fromEntries(names.map((name) => [commonFile('uni', name), componentYaml('uni', name)]));
    await cluster.record(await repository.push({ ...many, [app]: componentYaml('uni', 'app') }));
    const { code, log } = await deploy({
      [app]: componentYaml('uni', 'app', './next'),
      [commonFile('uni', 'c0')]: undefined,
    });
    expect({ code, applied: log.match(/serverside-applied/g)?.length }).toEqual({ code: 0, applied: 3 });
    expect(await cluster.objects()).toEqual(both('app'));
  });

  it('does nothing where it has no access, or where there is no Flux, or no answer', async () => {
    const commit = await repository.push({ [app]: componentYaml('uni', 'app') });
    expect(await run(commit, { kubeconfig: '' })).toEqual({
      code: 78,
      log: 'uni: skipped: GitLab CI has no credential for this cluster\n',
    });
    const nobody = await run(commit, { kubeconfig: await cluster.kubeconfigWithoutRights() });
    expect(nobody.code).toBe(1);
    expect(nobody.log).toMatch(/kustomizations.kustomize.toolkit.fluxcd.io "flux-system" is forbidden/);
    const elsewhere = await run(commit, { kubeconfig: await cluster.kubeconfigFor(await freePorts()) });
    expect(elsewhere.code).toBe(1);
    expect(elsewhere.log).toMatch(/was refused[^]*uni: failed: the cluster cannot be read; nothing was changed/);
    await cluster.remove('Kustomization', 'flux-system');
    const early = await run(commit);
    await cluster.bootstrap();
    expect(early).toEqual({
      code: 1,
      log: expect.stringContaining('uni: failed: Flux is not there after 1 s; run this job again when it is') as string,
    });
  });

  it('applies everything the next time when somebody else applied at the same time', async () => {
    const first = await deploy({ [app]: componentYaml('uni', 'app'), [store]: componentYaml('uni', 'store') });
    await cluster.finalize('app', ['example.com/still-deleting-workloads']);
    const commit = await repository.push({ [app]: undefined });
    const job = run(commit);
    await until(
      async () => (await cluster.get('Kustomization', 'app')).metadata.deletionTimestamp !== undefined,
      60_000,
    );
    await cluster.record(first.commit);
    await cluster.finalize('app', []);
    const { code, log } = await job;
    expect({ code, recorded: await cluster.recorded() }).toEqual({ code: 1, recorded: undefined });
    expect(log).toContain('the commit could not be recorded; the next run applies everything');
  });

  it('shows what a merge request would change, with and without access', async () => {
    const base = (await deploy({ [app]: componentYaml('uni', 'app'), [store]: componentYaml('uni', 'store') })).commit;
    const commit = await repository.push({ [app]: componentYaml('uni', 'app', './next'), [store]: undefined });
    const env = { CI_MERGE_REQUEST_DIFF_BASE_SHA: base };
    const objects = `uni: what would be applied (+) and deleted (-):
  + GitRepository.source.toolkit.fluxcd.io app
  + Kustomization.kustomize.toolkit.fluxcd.io app
  + Namespace app
  - GitRepository.source.toolkit.fluxcd.io store
  - Kustomization.kustomize.toolkit.fluxcd.io store
`;
    expect(await run(commit, { command: 'diff', kubeconfig: '', env })).toEqual({
      code: 78,
      log: `${objects}uni: no comparison with the cluster: there is no credential here\n`,
    });
    const { code, log } = await run(commit, { command: 'diff', env });
    expect(code).toBe(0);
    expect(log.startsWith(objects)).toBe(true);
    expect(log.match(/^[-+] .*/gm)).toEqual(expect.arrayContaining(['-  path: ./systems/app', '+  path: ./next']));
    expect(await pathOf('app')).toBe('./systems/app');
  });
});
