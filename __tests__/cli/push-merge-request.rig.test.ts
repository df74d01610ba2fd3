import { type PushMergeRequest, type PushTarget } from '../../lib/model/delivery/push-manifest';
import { type TestProject, withProject } from '../support/gitlab-project';
import { manifestOf, runPush } from '../support/push';
import { describeWithRig, type GitLab } from '../support/rig';

describeWithRig(
  'gitlab-flux push, by merge request',
  () => {
    let gitlab: GitLab;
    let project: TestProject;
    withProject('proposed', (...given) => ([gitlab, project] = given));
    let developer: string;

    beforeEach(async () => {
      const day = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
      const token = { name: 'fleet', scopes: ['api'], access_level: 30, expires_at: day };
      developer = (await project.api('POST', '/access_tokens', token)).token;
    });

    const inventory = '.gitlab/gitops/dev-uni-dev.json';
    const source = 'gitlab-flux/main/dev-uni-dev';
    const target = (mergeRequest: Partial<PushMergeRequest> = {}): PushTarget => ({
      version: 1,
      url: gitlab.url,
      project: project.path,
      branch: 'main',
      inventory: 'dev-uni-dev',
      mergeRequest: { sourceBranch: source, ...mergeRequest },
    });
    const push = (files: Readonly<Record<string, string>>, settings?: Partial<PushMergeRequest>, ...args: string[]) =>
      runPush({ GITLAB_TOKEN: developer }, '--manifest', manifestOf(target(settings), files), ...args);
    const requests = (): Promise<any[]> => project.api('GET', '/merge_requests?state=all');
    const merge = (iid: number): Promise<any> => project.api('PUT', `/merge_requests/${iid}/merge`);
    const own = (branch?: string): string[] =>
      Object.keys(project.files(branch)).filter((path) => path !== 'README.md');

    test('opens one as a Developer, fails until it is merged, and then finds the files', async () => {
      const first = await push({ 'a.yaml': '1' });
      expect(first.code).toBe(1);
      expect(first.stderr).toContain(
        `branch main: !1 holds the files and waits for its merge: ${gitlab.url}/${project.path}/-/merge_requests/1`,
      );
      expect(first.stderr).toContain('Merge it, then deploy again.');
      expect(own()).toEqual([]);
      expect(own(source)).toEqual([inventory, 'a.yaml']);
      const [request] = await requests();
      expect(request).toMatchObject({
        title: 'dev-uni-dev: create 1 file',
        source_branch: source,
        target_branch: 'main',
        force_remove_source_branch: true,
      });
      expect(request.description).toContain('```diff\n+ a.yaml\n```');
      await merge(1);
      const second = await push({ 'a.yaml': '1' });
      expect(second).toMatchObject({ code: 0, stderr: expect.stringContaining('nothing to commit') });
      expect(own()).toEqual([inventory, 'a.yaml']);
      expect(await requests()).toHaveLength(1);
    });

    test('brings the open one up to date, on top of what reviewers added; repeating changes nothing', async () => {
      await push({ 'a.yaml': '1' }, { title: 'Deploy dev', labels: ['fleet', 'dev'] });
      await project.commit([{ action: 'create', file_path: 'notes.md', content: 'by a reviewer' }], source);
      await push({ 'a.yaml': '2', 'b.yaml': '1' }, { title: 'Deploy dev', labels: ['fleet', 'dev'] });
      expect(project.files(source)).toMatchObject({ 'a.yaml': '2', 'b.yaml': '1', 'notes.md': 'by a reviewer' });
      const before = (await gitlab.control())['stats'].commits;
      await push({ 'a.yaml': '2', 'b.yaml': '1' }, { title: 'Deploy dev', labels: ['fleet', 'dev'] });
      expect((await gitlab.control())['stats'].commits).toBe(before);
      const [request, ...others] = await requests();
      expect(others).toEqual([]);
      expect(request).toMatchObject({ title: 'Deploy dev', labels: ['fleet', 'dev'] });
      expect(request.description).toContain('+ a.yaml\n+ b.yaml');
    });

    test('waits for the merge', async () => {
      const merged = (async () => {
        while ((await requests()).length === 0) await new Promise((done) => setTimeout(done, 50));
        await merge(1);
      })();
      const result = await push({ 'a.yaml': '1' }, { wait: '1m' }, '--json');
      await merged;
      expect(result.code).toBe(0);
      expect(JSON.parse(result.stdout)).toMatchObject({
        changed: true,
        mergeRequest: { iid: 1, state: 'merged', url: expect.stringContaining('/merge_requests/1') },
      });
    });

    test("is content with an open one on request ('opened')", async () => {
      const result = await push({ 'a.yaml': '1' }, { ready: 'opened' });
      expect(result).toMatchObject({ code: 0, stderr: expect.stringContaining('create 1 file: !1, opened: http') });
    });

    test('starts anew after a merge, whatever is left of the branch', async () => {
      await push({ 'a.yaml': '1' });
      await merge(1);
      await project.api('POST', `/repository/branches?branch=${encodeURIComponent(source)}&ref=main`);
      await project.commit([{ action: 'create', file_path: 'left.md', content: 'over' }], source);
      await push({ 'a.yaml': '1', 'b.yaml': '1' });
      expect(own(source)).toEqual([inventory, 'a.yaml', 'b.yaml']);
      expect((await requests()).map(({ iid, state }) => [iid, state])).toEqual([
        [2, 'opened'],
        [1, 'merged'],
      ]);
    });

    test('closes the open one when the branch holds what is wanted by then', async () => {
      await push({ 'a.yaml': '1' });
      await merge(1);
      await push({ 'a.yaml': '2' });
      const back = await push({ 'a.yaml': '1' });
      expect(back).toMatchObject({ code: 0, stderr: expect.stringContaining('closing !2') });
      expect((await requests())[0]).toMatchObject({ iid: 2, state: 'closed' });
      expect(await project.api('GET', `/repository/branches/${encodeURIComponent(source)}`)).toMatchObject({
        message: expect.stringContaining('404'),
      });
    });

    test('names what others changed on the branch, and in the merge request', async () => {
      await push({ 'a.yaml': '1' });
      await project.commit([{ action: 'update', file_path: 'a.yaml', content: 'by a reviewer' }], source);
      expect((await push({ 'a.yaml': '2' })).stderr).toContain(`branch ${source}: nothing was committed`);
      await project.commit([{ action: 'create', file_path: 'b.yaml', content: 'theirs' }]);
      const refused = await push({ 'a.yaml': '1', 'b.yaml': 'ours' });
      expect(refused.stderr).toContain('branch main: nothing was committed');
      expect(refused.stderr).toContain('b.yaml exists and was not written by dev-uni-dev');
    });

    test('removes the files by one too', async () => {
      await push({ 'a.yaml': '1' });
      await merge(1);
      const env = { GITLAB_TOKEN: developer, GITLAB_FLUX_MANIFEST: JSON.stringify(target()) };
      expect(await runPush(env, '--remove')).toMatchObject({ code: 1, stderr: expect.stringContaining('!2 holds') });
      await merge(2);
      expect(await runPush(env, '--remove')).toMatchObject({ code: 0 });
      expect(own()).toEqual([]);
    });

    test.each([
      ['the commit', { method: 'POST', pathRegex: 'repository/commits', status: 503 }],
      ['the merge request', { method: 'POST', pathRegex: 'merge_requests', status: 502, phase: 'after' }],
    ])('when the answer about %s is lost, there is still one', async (_, fault) => {
      await gitlab.control({ fail: [fault] });
      await push({ 'a.yaml': '1' });
      expect(await requests()).toHaveLength(1);
      expect(own(source)).toEqual([inventory, 'a.yaml']);
    });

    test('a dry run says what would change, and opens nothing', async () => {
      const dry = await push({ 'a.yaml': '1' }, {}, '--dry-run', '--json');
      expect(JSON.parse(dry.stdout)).toMatchObject({ changed: true, commit: null, created: 1 });
      expect(await requests()).toEqual([]);
    });
  },
  ['gitlab'],
);
