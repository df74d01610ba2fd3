// `gitlab-flux push` after a force-push took a deploy off the branch, or the branch was deleted: only GitLab's events
// know of it.
import { type PushTarget } from '../../lib/model/delivery/push-manifest';
import { cloneOf, type Clone } from '../support/clone';
import { GitLabEvents } from '../support/gitlab-events';
import { createProject, type TestProject } from '../support/gitlab-project';
import { manifestOf, runPush } from '../support/push';
import { describeWithRig, startGitLab, type GitLab } from '../support/rig';

describeWithRig(
  'gitlab-flux push after its branch was rewritten or deleted',
  () => {
    let gitlab: GitLab;
    let events: GitLabEvents;
    let project: TestProject;
    let projects = 0;

    beforeAll(async () => {
      gitlab = await startGitLab();
      events = await GitLabEvents.start(gitlab);
    });
    afterAll(() => events.stop());
    beforeEach(async () => {
      events.instead = undefined;
      project = await createProject(gitlab, `rewrites-${++projects}`, { initialize_with_readme: true });
      await project.api('DELETE', '/protected_branches/main');
    });

    type Files = Readonly<Record<string, string>>;
    const target = (rest: Partial<PushTarget> = {}): PushTarget => ({
      ...{ version: 1, url: events.url, project: project.path, branch: 'main', inventory: 'dev-uni-dev' },
      ...rest,
    });
    const pushTo = (rest: Partial<PushTarget>, files: Files, ...args: string[]) => {
      events.requests.length = 0;
      return runPush({ GITLAB_TOKEN: gitlab.token }, '--manifest', manifestOf(target(rest), files), ...args);
    };
    const push = (files: Files, ...args: string[]) => pushTo({}, files, ...args);
    const pushed = async (files: Files, rest: Partial<PushTarget> = {}): Promise<string> => {
      const { code, stderr } = await pushTo(rest, files);
      if (code !== 0) throw new Error(stderr);
      return head(rest.branch);
    };
    const head = (branch = 'main'): string => {
      const git = cloneOf(gitlab, project);
      return git('rev-parse', `origin/${branch}`).trim();
    };
    const asked = (part: string): number => events.requests.filter((each) => each.includes(part)).length;

    /** Somebody resets the branch to an older commit, and may work on from there. */
    const rewind = (to: string, work: (git: Clone) => void = () => undefined): void => {
      const git = cloneOf(gitlab, project);
      git('reset', '--quiet', '--hard', to);
      work(git);
      git('push', '--quiet', '--force', 'origin', 'HEAD:main');
    };
    const commitOf = (git: Clone, title: string): void => {
      git('commit', '--quiet', '--allow-empty', '-m', title);
    };
    const one = { 'a.yaml': '1' };
    const two = { 'a.yaml': '2', 'b.yaml': '2' };
    const rewritten = 'nothing was committed, because the branch was rewritten, and a deploy of dev-uni-dev is lost:';

    test('a deploy that a force-push dropped is not made again: it is named, with the ways on', async () => {
      await pushed(one);
      const id = await pushed(two);
      rewind('HEAD~1', (git) => commitOf(git, 'Work on'));
      for (const args of [[], ['--dry-run'], ['--on-conflict', 'overwrite']]) {
        const { code, stderr } = await push(two, ...args);
        expect(code).toBe(1);
        expect(stderr).toContain(`${rewritten}\n  ${id.slice(0, 11)} dev-uni-dev: create 1 file, update 1 file, by `);
        expect(stderr).toMatch(/\n {2}a push of root took it off the branch, \d{4}-\d\d-\d\dT/);
        expect(stderr).toContain('\n  ~ a.yaml\n');
        expect(stderr).toContain('\n  + b.yaml\n');
        expect(stderr).toContain(`git fetch origin ${id} && git cherry-pick ${id}`);
        expect(stderr).toContain(`GITLAB_FLUX_DEPLOY_OVER=${id.slice(0, 11)} npx cdktf deploy dev-uni-dev`);
      }
      expect(project.messages()[0]).toBe('Work on');
    });

    test('the commit may come back', async () => {
      await pushed(one);
      const id = await pushed(two);
      rewind('HEAD~1', (git) => commitOf(git, 'Work on'));
      const git = cloneOf(gitlab, project);
      git('fetch', '--quiet', 'origin', id);
      git('cherry-pick', id);
      commitOf(git, 'More work');
      git('push', '--quiet', 'origin', 'HEAD:main');
      await pushed({ 'a.yaml': '3' });
      expect(project.file('a.yaml')).toBe('3');
    });

    test('it may be deployed over, by naming it once', async () => {
      await pushed(one);
      const id = await pushed(two);
      rewind('HEAD~1');
      expect((await push(two, '--deploy-over', '0123456789a')).stderr).toContain(rewritten);
      expect(await push(two, '--deploy-over', id.slice(0, 11))).toMatchObject({ code: 0 });
      expect(project.messages()[0]).toContain(`takes note of ${id.slice(0, 11)}`);
      await pushed({ 'a.yaml': '3' });
    });

    test('the fleet may say the same, and is then free to go on, also while the events come late', async () => {
      await pushed(one);
      const id = await pushed(two);
      rewind('HEAD~1');
      const before = JSON.stringify(
        await (await fetch(`${events.url}/api/v4/projects/${encodeURIComponent(project.path)}/events?`)).json(),
      );
      await pushed(one);
      expect(project.messages()[0]).toContain(`takes note of ${id.slice(0, 11)}`);
      events.instead = { status: 200, body: before };
      await pushed({ 'a.yaml': '3' });
      expect(project.file('a.yaml')).toBe('3');
    });

    test('the first deploy, and everything before it', async () => {
      const id = await pushed(one);
      rewind('HEAD~1');
      expect((await push(one)).stderr).toContain(`${rewritten}\n  ${id.slice(0, 11)} `);
      rewind('HEAD', (git) => {
        git('checkout', '--quiet', '--orphan', 'anew');
        commitOf(git, 'Begin anew');
      });
      expect((await push(one)).stderr).toContain(`${rewritten}\n  ${id.slice(0, 11)} `);
    });

    test('who took it off is the first push without it', async () => {
      await pushed(one);
      await pushed(two);
      const git = cloneOf(gitlab, project);
      commitOf(git, 'Work on');
      git('push', '--quiet', 'origin', 'HEAD:main');
      await gitlab.control({ users: [{ username: 'jane', name: 'Jane Doe', admin: true }] });
      const { made } = await gitlab.control({ tokens: [{ user: 'jane', name: 'git', scopes: ['api'] }] });
      const jane = { ...gitlab, token: made.tokens[0].token as string };
      const hers = cloneOf(jane, project);
      hers('push', '--quiet', '--force', 'origin', 'HEAD~2:main');
      commitOf(git, 'More work');
      git('push', '--quiet', '--force', 'origin', 'HEAD~3:main');
      expect((await push(two)).stderr).toContain('\n  a push of jane took it off the branch, ');
    });

    test.each([
      ['of its own', undefined],
      ['that all stacks share', 'Deploy the fleet'],
    ])('others who deploy and push to the branch are none of its business, with a subject %s', async (_, subject) => {
      const message = { subject };
      await pushed(one, { message });
      for (const inventory of ['dev-abc', 'dev-uni-dev-2']) await pushed({ [inventory]: '1' }, { inventory, message });
      const git = cloneOf(gitlab, project);
      commitOf(git, 'dev-uni-dev: a commit of somebody');
      git('push', '--quiet', 'origin', 'HEAD:main');
      git('push', '--quiet', '--force', 'origin', 'HEAD~1:main');
      await pushed({ 'a.yaml': '2' }, { message });
      expect(asked('/events?')).toBe(1);
      expect(asked('/merge_base?')).toBe(0);
    });

    test('a deploy asks once for the events, and for nothing more', async () => {
      await pushed(one);
      await pushed({ 'c.yaml': '1' }, { inventory: 'dev-abc' });
      await pushed(two);
      const more = (part: string): number => asked(part);
      expect(more('/events?')).toBe(1);
      expect(events.requests.filter((each) => /\/(merge_base|commits\/|compare)/.test(each))).toEqual([]);
    });

    test('a rebase that keeps what the stack wrote drops nothing', async () => {
      await pushed(one);
      await pushed(two);
      const git = cloneOf(gitlab, project);
      git('commit', '--quiet', '--amend', '--no-edit', '--author', 'Fleet <fleet@example.com>');
      git('push', '--quiet', '--force', 'origin', 'HEAD:main');
      await pushed({ 'a.yaml': '3' });
    });

    test('a removal asks nobody', async () => {
      await pushed(one);
      await pushed(two);
      rewind('HEAD~1');
      const json = JSON.stringify(target());
      const removal = await runPush({ GITLAB_TOKEN: gitlab.token }, '--remove', '--manifest-json', json);
      expect(removal).toMatchObject({ code: 0 });
      expect(Object.keys(project.files())).toEqual(['README.md']);
    });

    test.each([
      ['an older GitLab', 404, '{"message":"404 Not Found"}', undefined],
      ['a token without the right', 403, '{"message":"403 Forbidden"}', undefined],
      ['a page', 200, '<html></html>', 'GitLab answered 200: something that is not JSON'],
      [
        'events of another shape',
        200,
        '[{},{"push_data":null},{"push_data":{"ref":"main","ref_type":"branch"}}]',
        undefined,
      ],
    ])('%s tells nothing, and the deploy goes on', async (_, status, body, said) => {
      await pushed(one);
      await pushed(two);
      rewind('HEAD~1');
      events.instead = { status, body };
      const { code, stderr } = await push(two);
      expect(code).toBe(0);
      if (said === undefined) expect(stderr).not.toContain('force-push');
      else expect(stderr).toContain(`nobody knows whether a force-push took a deploy off the branch: ${said}`);
    });

    test('a deleted branch to which the stack had deployed is not made anew', async () => {
      const next = { branch: 'next' };
      await pushed(one, next);
      const id = await pushed(two, next);
      const git = cloneOf(gitlab, project);
      git('push', '--quiet', 'origin', '--delete', 'next');
      const refused = await pushTo(next, two);
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain(
        `branch next: nothing was committed, because the branch was deleted, and dev-uni-dev had deployed to it:\n  ${id.slice(0, 11)} dev-uni-dev: create 1 file, update 1 file, by `,
      );
      expect(refused.stderr).toMatch(/\n {2}root deleted the branch, which ended there, \d{4}-\d\d-\d\dT/);
      expect(refused.stderr).toContain(`git fetch origin ${id} && git push origin ${id}:refs/heads/next`);
      expect(refused.stderr).toContain('anew from main');
      expect(refused.stderr).toContain(`GITLAB_FLUX_DEPLOY_OVER=${id.slice(0, 11)} npx cdktf deploy dev-uni-dev`);
      expect(await project.api('GET', '/repository/branches')).toHaveLength(1);

      git('push', '--quiet', 'origin', `${id}:refs/heads/next`);
      await pushed({ 'a.yaml': '3' }, next);
      git('push', '--quiet', 'origin', '--delete', 'next');
      const again = await pushTo(next, two, '--deploy-over', head('main'));
      expect(again.code).toBe(1);
      const [, last] = /DEPLOY_OVER=(\w+)/.exec(again.stderr) ?? [];
      expect(await pushTo(next, two, '--deploy-over', last!)).toMatchObject({ code: 0 });
      expect(await pushTo(next, { 'a.yaml': '4' })).toMatchObject({ code: 0 });
    });

    test('a branch that others deleted, or that the stack had left, is made anew', async () => {
      const next = { branch: 'next' };
      const git = cloneOf(gitlab, project);
      git('push', '--quiet', 'origin', 'HEAD:refs/heads/next');
      git('push', '--quiet', 'origin', '--delete', 'next');
      await pushed(one, next);
      const json = JSON.stringify(target(next));
      await runPush({ GITLAB_TOKEN: gitlab.token }, '--remove', '--manifest-json', json);
      git('push', '--quiet', 'origin', '--delete', 'next');
      expect(await pushTo(next, two)).toMatchObject({ code: 0 });
    });
  },
  ['gitlab'],
);
