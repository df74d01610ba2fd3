// `gitlab-flux push` after somebody rewrote, with git or in GitLab, what it had delivered.
import { type PushTarget } from '../../lib/model/delivery/push-manifest';
import { cloneOf } from '../support/clone';
import { type TestProject, withProject } from '../support/gitlab-project';
import { manifestOf, runPush } from '../support/push';
import { describeWithRig, type GitLab } from '../support/rig';

describeWithRig(
  'gitlab-flux push after others changed its history',
  () => {
    let gitlab: GitLab;
    let project: TestProject;
    withProject('history', (...given) => ([gitlab, project] = given));

    type Files = Readonly<Record<string, string>>;
    const inventory = '.gitlab/gitops/dev-uni-dev.json';
    const target = (rest: Partial<PushTarget> = {}): PushTarget => ({
      ...{ version: 1, url: gitlab.url, project: project.path, branch: 'main', inventory: 'dev-uni-dev' },
      ...rest,
    });
    const pushTo = (rest: Partial<PushTarget>, files: Files, ...args: string[]) =>
      runPush({ GITLAB_TOKEN: gitlab.token }, '--manifest', manifestOf(target(rest), files), ...args);
    const push = (files: Files, ...args: string[]) => pushTo({}, files, ...args);
    const pushed = async (files: Files): Promise<void> => {
      const { code, stderr } = await push(files);
      if (code !== 0) throw new Error(stderr);
    };
    const refusal = (did: 'changed' | 'deleted'): string =>
      `nothing was committed, because somebody else ${did} ${inventory}, where dev-uni-dev keeps what it wrote`;

    const clone = () => cloneOf(gitlab, project);
    const revert = (...commits: string[]): string => {
      const git = clone();
      git('revert', '--no-edit', ...commits);
      git('push', '--quiet', 'origin', 'HEAD:main');
      return git('rev-parse', 'HEAD').trim();
    };
    const one = { 'a.yaml': '1' };
    const two = { 'a.yaml': '2', 'b.yaml': '2' };

    test('a revert is not undone: it is named, with the two ways on', async () => {
      await pushed(one);
      await pushed(two);
      const id = revert('HEAD');
      expect(project.file('a.yaml')).toBe('1');
      const before = project.messages();
      for (const args of [[], ['--dry-run'], ['--on-conflict', 'overwrite']]) {
        const refused = await push(two, ...args);
        expect(refused.code).toBe(1);
        expect(refused.stderr).toContain(`${refusal('changed')}:\n  ${id.slice(0, 11)} Revert "dev-uni-dev: `);
        expect(refused.stderr).toMatch(/by Jane Doe, \d{4}-\d\d-\d\dT/);
        expect(refused.stderr).toContain('\n  ~ a.yaml\n');
        expect(refused.stderr).toContain('\n  + b.yaml\n');
        expect(refused.stderr).toContain(`GITLAB_FLUX_DEPLOY_OVER=${id.slice(0, 11)} npx cdktf deploy dev-uni-dev`);
      }
      expect(project.messages()).toEqual(before);
    });

    test('the fleet may say the same, and is then free to go on', async () => {
      await pushed(one);
      await pushed(two);
      const id = revert('HEAD');
      const same = await push(one);
      expect(same).toMatchObject({
        code: 0,
        stderr: expect.stringContaining('update the inventory: commit') as string,
      });
      expect(project.messages()[0]).toBe(
        `dev-uni-dev: update the inventory\n\ntakes note of ${id.slice(0, 11)}\n\nGitLab-Flux-Stack: dev-uni-dev`,
      );
      expect((await push(one)).stderr).toContain('nothing to commit');
      await pushed({ 'a.yaml': '3' });
      expect(project.file('a.yaml')).toBe('3');
    });

    test('it may be deployed over, by naming it once', async () => {
      await pushed(one);
      await pushed(two);
      const id = revert('HEAD');
      const manifest = manifestOf(target(), two);
      const as = (commits: string) =>
        runPush({ GITLAB_TOKEN: gitlab.token, GITLAB_FLUX_DEPLOY_OVER: commits }, '--manifest', manifest);
      expect(await as('0123456789a')).toMatchObject({ code: 1 });
      expect(await as('main')).toMatchObject({ code: 2, stderr: expect.stringContaining('Want digests') as string });
      expect(await as(`0123456789a,${id.slice(0, 11)}`)).toMatchObject({ code: 0 });
      expect(project.file('a.yaml')).toBe('2');
      const next = revert('HEAD');
      expect(await as(id.slice(0, 11))).toMatchObject({ code: 1 });
      expect(await push(two, '--deploy-over', next)).toMatchObject({ code: 0 });
    });

    test('a revert of the first deploy, and of several, is one too; a revert of that revert is the deploy again', async () => {
      await pushed(one);
      revert('HEAD');
      expect((await push(two)).stderr).toContain(refusal('deleted'));
      revert('HEAD');
      await pushed(one);
      await pushed(two);
      await pushed({ 'a.yaml': '3' });
      revert('HEAD', 'HEAD~1');
      expect((await push({ 'a.yaml': '4' })).stderr).toContain(refusal('changed'));
    });

    test('a revert in GitLab, of a merge request, is one', async () => {
      await pushed(one);
      const request = { mergeRequest: { sourceBranch: 'gitlab-flux/main/dev-uni-dev' } };
      await pushTo(request, two);
      await project.api('PUT', '/merge_requests/1/merge');
      const git = clone();
      git('revert', '--no-edit', '-m', '1', 'HEAD');
      git('push', '--quiet', 'origin', 'HEAD:main');
      expect((await pushTo(request, two)).stderr).toContain(refusal('changed'));
      expect((await project.api('GET', '/merge_requests?state=opened')) as unknown[]).toEqual([]);
    });

    test('a deleted inventory is named, and how it comes back', async () => {
      await pushed(one);
      const git = clone();
      git('rm', '--quiet', inventory);
      git('commit', '--quiet', '-m', 'Tidy up \u001b[31m');
      git('push', '--quiet', 'origin', 'HEAD:main');
      const id = git('rev-parse', 'HEAD').trim();
      const refused = await push(two);
      expect(refused.stderr).toContain(`${refusal('deleted')}:\n  ${id.slice(0, 11)} Tidy up  [31m, by Jane Doe, `);
      expect(refused.stderr).toContain(`git revert ${id.slice(0, 11)}`);
      expect(refused.stderr).toContain('\n  ! a.yaml\n');
      const removal = await runPush(
        { GITLAB_TOKEN: gitlab.token },
        '--remove',
        '--manifest-json',
        JSON.stringify(target()),
      );
      expect(removal.code).toBe(0);
      expect(removal.stderr).toContain(
        `${id.slice(0, 11)} deleted ${inventory}: what is left of the stack is not known`,
      );
      // What the fleet wants is there, so it is the stack's again.
      await pushed(one);
      await pushed(two);
    });

    test('what was removed may come again, and a removal asks nobody', async () => {
      await pushed(one);
      await pushed(two);
      revert('HEAD');
      const removal = await runPush(
        { GITLAB_TOKEN: gitlab.token },
        '--remove',
        '--manifest-json',
        JSON.stringify(target()),
      );
      expect(removal).toMatchObject({ code: 0 });
      expect(Object.keys(project.files())).toEqual(['README.md']);
      await pushed(two);
    });

    test('a branch that is gone is said, and a removal from it removes nothing', async () => {
      await pushed(one);
      const next = { branch: 'next' };
      const made = await pushTo(next, two);
      expect(made.stderr).toContain('there is no such branch; it starts from main');
      await project.api('DELETE', '/repository/branches/next');
      const json = JSON.stringify(target(next));
      const removal = await runPush({ GITLAB_TOKEN: gitlab.token }, '--remove', '--manifest-json', json);
      expect(removal).toMatchObject({
        code: 0,
        stderr: expect.stringContaining('there is no such branch, so nothing is removed') as string,
      });
      expect(await project.api('GET', '/repository/branches')).toHaveLength(1);
      const proposal = await pushTo({ ...next, mergeRequest: { sourceBranch: 'proposal' } }, two);
      expect(proposal.stderr).toContain('branch next: there is no such branch; a merge request needs one');
      expect(proposal.stderr).toContain('If it was deleted, restore it; if it is new, make it, from main');
    });

    describe.each(['merge', 'rebase_merge', 'ff'])('a merge request, merged by the method %s', (method) => {
      test.each([false, true])(
        'is the own work of the stack (squashed: %s), also after the way has changed',
        async (squash) => {
          await project.api('PUT', '', { merge_method: method });
          const request = { mergeRequest: { sourceBranch: 'gitlab-flux/main/dev-uni-dev' } };
          for (const [index, files] of [one, two].entries()) {
            expect((await pushTo(request, files)).stderr).toContain(`!${index + 1} holds the files`);
            const merged = await project.api('PUT', `/merge_requests/${index + 1}/merge`, { squash });
            expect(merged).toMatchObject({ state: 'merged' });
          }
          expect(await pushTo(request, two)).toMatchObject({ code: 0 });
          expect((await pushTo(request, { 'a.yaml': '3' })).stderr).toContain('!3 holds the files');
          await pushed({ 'a.yaml': '4' });
          expect(project.file('a.yaml')).toBe('4');
        },
      );
    });

    test('what others merge, rebase or cherry-pick around it is none of its business', async () => {
      await pushed(one);
      const git = clone();
      git('switch', '--quiet', '-c', 'work');
      git('commit', '--quiet', '--allow-empty', '-m', 'Work');
      await pushed(two);
      git('fetch', '--quiet');
      git('merge', '--quiet', '--no-edit', 'origin/main');
      git('push', '--quiet', 'origin', 'HEAD:main');
      await pushed({ 'a.yaml': '3' });
    });
  },
  ['gitlab'],
);
