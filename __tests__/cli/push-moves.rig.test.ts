// `gitlab-flux push` and Flux objects that move: it sees what Flux would delete before anything is committed.
import { type PushMergeRequest, type PushTarget } from '../../lib/model/delivery/push-manifest';
import { type TestProject, withProject } from '../support/gitlab-project';
import { manifestOf, runPush } from '../support/push';
import { describeWithRig, type GitLab } from '../support/rig';

type Files = Readonly<Record<string, string>>;

/** A component of the cluster `uni-dev` in the namespace `apps`. */
const component = (name: string, namespace: string, spec = ''): Files => ({
  [`clusters/uni-dev/${name}/${name}-git-repository.yaml`]: `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: ${name}, namespace: ${namespace} }
spec: { url: https://gitlab.example.com/platform/fleet.git }
`,
  [`clusters/uni-dev/${name}/${name}-kustomization.yaml`]: `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: ${name}, namespace: ${namespace} }
spec: { prune: true, path: ./systems/${name}/overlays/uni-dev, sourceRef: { kind: GitRepository, name: ${name} }${spec} }
`,
  [`systems/${name}/overlays/uni-dev/kustomization.yaml`]: 'resources: [../../base]\n',
});
const base = (name: string): Files => ({
  [`systems/${name}/base/kustomization.yaml`]: 'resources: [deployment.yaml]\n',
  [`systems/${name}/base/deployment.yaml`]: 'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: app }\n',
});

describeWithRig(
  'gitlab-flux push of Flux objects that move',
  () => {
    let gitlab: GitLab;
    let project: TestProject;
    withProject('moves', (...given) => ([gitlab, project] = given));

    const push = (inventory: string, files: Files, mergeRequest?: PushMergeRequest) => {
      const { url } = gitlab;
      const target: PushTarget = { version: 1, url, project: project.path, branch: 'main', inventory, mergeRequest };
      return runPush({ GITLAB_TOKEN: gitlab.token }, '--manifest', manifestOf(target, files));
    };
    const pushed = async (inventory: string, files: Files): Promise<void> => {
      const { code, stderr } = await push(inventory, files);
      if (code !== 0) throw new Error(stderr);
    };

    test('refuses another namespace until the objects are suspended, also in a merge request', async () => {
      await pushed('dev-uni-dev', component('app', 'apps'));
      const before = project.files();
      const refused = await push('dev-uni-dev', component('app', 'others'));
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain(
        'cluster "uni-dev": suspend: got "Kustomization apps/app goes, Kustomization others/app comes", want a deploy',
      );
      const proposed = await push('dev-uni-dev', component('app', 'others'), { sourceBranch: 'moves' });
      expect(proposed).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('Kustomization apps/app goes') as string,
      });
      expect(project.files()).toEqual(before);

      await pushed('dev-uni-dev', component('app', 'apps', ', suspend: true'));
      await pushed('dev-uni-dev', component('app', 'others'));
      expect(project.file('clusters/uni-dev/app/app-kustomization.yaml')).toContain('namespace: others');
    });

    test('knows a renamed component by its base, also when another stack has deleted that', async () => {
      await pushed('repository', base('app'));
      await pushed('dev-uni-dev', { ...component('app', 'apps'), ...component('other', 'others') });
      await pushed('repository', base('shop'));
      const renamed = { ...component('shop', 'apps'), ...component('other', 'others') };
      expect(await push('dev-uni-dev', renamed)).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('Kustomization apps/app goes, Kustomization apps/shop comes') as string,
      });
      await pushed('dev-uni-dev', component('other', 'others'));
      await pushed('dev-uni-dev', renamed);
      expect(Object.keys(project.files()).filter((path) => path.includes('/app/'))).toEqual([]);
    });

    test('lets a component take the place of another one that deploys something else', async () => {
      await pushed('repository', base('app'));
      await pushed('dev-uni-dev', component('app', 'apps'));
      await pushed('dev-uni-dev', component('shop', 'apps'));
      await pushed('dev-uni-dev', {});
    });
  },
  ['gitlab'],
);
