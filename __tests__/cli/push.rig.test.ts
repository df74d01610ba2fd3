import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { push as pushTo } from '../../cli/push/push';
import { gitBlobId } from '../../lib/model/delivery/blob';
import { type PushTarget } from '../../lib/model/delivery/push-manifest';
import { createProject, type TestProject, withProject } from '../support/gitlab-project';
import { manifestOf, runPush, type TestFile } from '../support/push';
import { describeWithRig, type GitLab } from '../support/rig';

describeWithRig(
  'gitlab-flux push',
  () => {
    let gitlab: GitLab;
    let project: TestProject;
    withProject('fleet', (...given) => ([gitlab, project] = given));
    let env: Record<string, string>;

    beforeEach(() => {
      env = { GITLAB_TOKEN: gitlab.token };
    });

    const target = (rest: Partial<PushTarget> = {}): PushTarget => ({
      version: 1,
      url: gitlab.url,
      project: project.path,
      branch: 'main',
      inventory: 'dev-uni-dev',
      ...rest,
    });
    const push = (files: Readonly<Record<string, string | TestFile>>, ...args: string[]) =>
      runPush(env, '--manifest', manifestOf(target(), files), ...args);
    const commits = async (): Promise<number> => (await gitlab.control())['stats'].commits;
    const own = (): string[] => Object.keys(project.files()).filter((path) => path !== 'README.md');
    const inventory = '.gitlab/gitops/dev-uni-dev.json';

    test('creates, updates, deletes and changes modes in one commit each; a second push makes none', async () => {
      const binary = Buffer.from([0, 255, 128, 10]);
      const first = await push({
        'clusters/uni-dev/a.yaml': 'a: ${x} ü\n',
        'clusters/uni-dev/b.yaml': 'b\n',
        'systems/run.sh': { content: '#!/bin/sh\n', executable: true },
        'systems/chart.tgz': { content: binary },
      });
      expect(first).toMatchObject({ code: 0, stdout: '' });
      expect(first.stderr).toContain('create 4 files: commit ');
      expect(project.files()['clusters/uni-dev/a.yaml']).toBe('a: ${x} ü\n');
      expect(project.modes()).toMatchObject({ 'systems/run.sh': '100755', 'systems/chart.tgz': '100644' });
      const chart = await project.api('GET', '/repository/files/systems%2Fchart%2Etgz?ref=main');
      expect(Buffer.from(chart.content, 'base64')).toEqual(binary);
      expect(project.messages()[0]).toBe(
        'dev-uni-dev: create 4 files\n\n+ clusters/uni-dev/a.yaml\n+ clusters/uni-dev/b.yaml\n+ systems/chart.tgz\n+ systems/run.sh\n\nGitLab-Flux-Stack: dev-uni-dev',
      );

      const files = {
        'clusters/uni-dev/a.yaml': 'a: 2\n',
        'systems/run.sh': '#!/bin/sh\n',
        'systems/chart.tgz': { content: binary },
      };
      const before = await commits();
      const dry = await push(files, '--dry-run', '--json');
      expect(JSON.parse(dry.stdout)).toEqual({
        changed: true,
        commit: null,
        created: 0,
        updated: 2,
        deleted: 1,
        files: { 'clusters/uni-dev/b.yaml': '-', 'clusters/uni-dev/a.yaml': '~', 'systems/run.sh': '~' },
        kept: [],
      });
      expect(await commits()).toBe(before);
      expect(await push(files)).toMatchObject({ code: 0 });
      expect(await commits()).toBe(before + 1);
      expect(own()).toEqual([inventory, 'clusters/uni-dev/a.yaml', 'systems/chart.tgz', 'systems/run.sh']);
      expect(project.modes()['systems/run.sh']).toBe('100644');

      const again = await push(files);
      expect(again.stderr).toMatch(/nothing to commit\n$/);
      expect(await commits()).toBe(before + 1);
    });

    test('makes the first commit of an empty project, and a missing branch from the default one', async () => {
      project = await createProject(gitlab, 'empty');
      expect(await push({ 'a.yaml': 'a' })).toMatchObject({ code: 0 });
      expect(Object.keys(project.files())).toEqual([inventory, 'a.yaml']);
      const manifest = manifestOf(target({ branch: 'next' }), { 'a.yaml': 'b' });
      expect(await runPush(env, '--manifest', manifest)).toMatchObject({ code: 0 });
      expect(project.files('next')['a.yaml']).toBe('b');
      expect(project.files()['a.yaml']).toBe('a');
    });

    test('names what others changed and commits nothing, or overwrites it on request', async () => {
      await push({ 'a.yaml': '1', 'b/c.yaml': '1' });
      await project.commit([
        { action: 'update', file_path: 'b/c.yaml', content: 'edited' },
        { action: 'create', file_path: 'd/e.yaml', content: 'theirs' },
      ]);
      const files = { 'a.yaml': '2', 'b/c.yaml': '2', 'd/e.yaml': 'ours' };
      const before = await commits();
      const refused = await push(files);
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain(`${project.path} at ${gitlab.url}, branch main: nothing was committed`);
      expect(refused.stderr).toContain('b/c.yaml was changed since dev-uni-dev wrote it');
      expect(refused.stderr).toContain('d/e.yaml exists and was not written by dev-uni-dev');
      expect(refused.stderr).not.toContain('a.yaml was');
      expect((await push(files, '--on-conflict', 'adopt')).stderr).toContain('b/c.yaml was changed since');
      expect(JSON.parse((await push(files, '--json')).stdout)).toEqual({
        problems: [{ message: expect.stringContaining('b/c.yaml') }],
      });
      expect(await commits()).toBe(before);
      expect(await push(files, '--on-conflict', 'overwrite')).toMatchObject({ code: 0 });
      expect(project.files()).toMatchObject(files);
    });

    test('adopts what others changed on request, until both have changed', async () => {
      await push({ 'a.yaml': '1' });
      await project.commit([
        { action: 'update', file_path: 'a.yaml', content: 'edited' },
        { action: 'create', file_path: 'b.yaml', content: 'theirs' },
      ]);
      const files = { 'a.yaml': '1', 'b.yaml': 'ours', 'c.yaml': '1' };
      const adopted = await push(files, '--on-conflict', 'adopt');
      expect(adopted).toMatchObject({ code: 0, stderr: expect.stringContaining('= b.yaml, as somebody else') });
      expect(project.files()).toMatchObject({ 'a.yaml': 'edited', 'b.yaml': 'theirs', 'c.yaml': '1' });
      const again = await push(files, '--on-conflict', 'adopt', '--json');
      expect(JSON.parse(again.stdout)).toMatchObject({ changed: false, kept: ['a.yaml', 'b.yaml'] });
      const both = await push({ ...files, 'a.yaml': '2' }, '--on-conflict', 'adopt');
      expect(both).toMatchObject({ code: 1, stderr: expect.stringContaining('a.yaml was changed since') });
    });

    test('two programs with a stack of one name notice each other', async () => {
      const as = (owner: string) => ({ ...env, GITLAB_FLUX_OWNER: owner });
      await runPush(as('state-1'), '--manifest', manifestOf(target(), { 'a.yaml': '1' }));
      const other = manifestOf(target(), { 'b.yaml': '1' });
      const refused = await runPush(as('state-2'), '--manifest', other);
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain(`${inventory} belongs to another Terraform state (state-1)`);
      const removal = { ...as('state-2'), GITLAB_FLUX_MANIFEST: JSON.stringify(target()) };
      expect(await runPush(removal, '--remove')).toMatchObject({ code: 1 });
      expect(own()).toEqual([inventory, 'a.yaml']);
      // Without an owner it is a person, who is believed; then the files are as the other state wants them.
      expect(await runPush(env, '--manifest', other)).toMatchObject({ code: 0 });
      expect(project.files()[inventory]).toContain('"owner": "state-1"');
      expect(await runPush(as('state-2'), '--manifest', other)).toMatchObject({ code: 0 });
      expect(project.files()[inventory]).toContain('"owner": "state-2"');
    });

    test('says who the author is, and tells GitLab to run no pipeline', async () => {
      const author = { name: 'Fleet', email: 'fleet@example.com' };
      const message = { subject: 'Deploy dev', skipCi: true };
      const manifest = manifestOf(target({ author, message }), { 'a.yaml': 'a' });
      expect(await runPush(env, '--manifest', manifest)).toMatchObject({ code: 0 });
      expect(project.messages()[0]).toBe('Deploy dev\n\n+ a.yaml\n\n[skip ci]\n\nGitLab-Flux-Stack: dev-uni-dev');
      const [commit] = await project.api('GET', '/repository/commits?ref_name=main');
      expect(commit).toMatchObject({ author_name: 'Fleet', author_email: 'fleet@example.com' });
    });

    test('a seed is created once and then belongs to others', async () => {
      const seed = { 'clusters/c/gotk-sync.yaml': { content: '# seed\n', policy: 'seed' as const } };
      await push(seed);
      await project.commit([{ action: 'update', file_path: 'clusters/c/gotk-sync.yaml', content: 'flux' }]);
      const again = await push({ ...seed, 'x.yaml': 'x' });
      expect(again.code).toBe(0);
      expect(project.files()['clusters/c/gotk-sync.yaml']).toBe('flux');
    });

    test('--remove takes away what the stack wrote in one commit, from the manifest or from its text alone', async () => {
      await push({ 'a.yaml': '1', 'b/c.yaml': '1', s: { content: 's', policy: 'seed' } });
      await project.commit([{ action: 'update', file_path: 's', content: 'theirs now' }]);
      const before = await commits();
      const removal = await runPush({ ...env, GITLAB_FLUX_MANIFEST: JSON.stringify(target()) }, '--remove');
      expect(removal).toMatchObject({ code: 0 });
      expect(await commits()).toBe(before + 1);
      expect(own()).toEqual([]);
      const again = await runPush(env, '--remove', '--manifest', manifestOf(target(), {}));
      expect(again.stderr).toContain('nothing to commit');
      expect(await commits()).toBe(before + 1);
    });

    test('--remove has nothing to do where the branch is gone', async () => {
      project = await createProject(gitlab, 'none');
      const removal = await runPush({ ...env, GITLAB_FLUX_MANIFEST: JSON.stringify(target()) }, '--remove');
      expect(removal).toMatchObject({ code: 0 });
    });

    describe('repeats what may succeed later', () => {
      const refresh = { message: '9:Could not update refs/heads/main. Please refresh and try again..' };
      const fault = (rest: object) =>
        gitlab.control({ fail: [{ pathRegex: 'repository/commits', method: 'POST', ...rest }] });

      test.each([
        ['a race for the branch', { status: 400, body: refresh, times: 3 }],
        ['429', { status: 429 }],
        ['503', { status: 503, body: '<html>busy</html>', times: 2 }],
        ['a dropped connection', { drop: true }],
      ])('%s', async (_, settings) => {
        await fault(settings);
        const before = await commits();
        const result = await push({ 'a.yaml': 'a' });
        expect(result).toMatchObject({ code: 0 });
        expect(result.stderr).toContain('trying again in');
        expect(await commits()).toBe(before + 1);
      });

      test.each([
        ['cut off', { drop: true, phase: 'after' }],
        ['502', { status: 502, phase: 'after' }],
      ])('an answer that is lost (%s) makes no second commit', async (_, settings) => {
        await fault(settings);
        const before = await commits();
        expect(await push({ 'a.yaml': 'a' })).toMatchObject({ code: 0 });
        expect(await commits()).toBe(before + 1);
        expect(own()).toEqual([inventory, 'a.yaml']);
      });

      test('a busy GitLab while reading, as long as Retry-After says', async () => {
        await gitlab.control({ fail: [{ method: 'GET', status: 429, headers: { 'Retry-After': '1' }, times: 2 }] });
        const start = Date.now();
        expect(await push({ 'a.yaml': 'a' })).toMatchObject({ code: 0 });
        expect(Date.now() - start).toBeGreaterThan(2000);
      });

      test('not for ever', async () => {
        await fault({ status: 503, times: 1000 });
        const result = await push({ 'a.yaml': 'a' }, '--retry-for', '1s');
        expect(result.code).toBe(1);
        expect(result.stderr).toContain('branch main: GitLab answered 503');
      });

      test('not what GitLab refuses for another reason', async () => {
        await fault({ status: 400, body: { message: 'Commit message is too long' }, times: 1000 });
        const result = await push({ 'a.yaml': 'a' });
        expect(result).toMatchObject({ code: 1 });
        expect(result.stderr).toContain('GitLab answered 400: Commit message is too long');
        expect(
          gitlab.requests().filter((each) => each['fault'] && each['path'].includes(encodeURIComponent(project.path))),
        ).toHaveLength(1);
      });
    });

    test('stacks that push at once all succeed, and none is lost', async () => {
      await gitlab.control({ casDelayMs: 100 });
      const stacks = ['dev-a', 'dev-b', 'dev-c', 'dev-d'];
      const results = await Promise.all(
        stacks.map((stack) => {
          const content = Buffer.from(stack);
          return pushTo({
            target: target({ inventory: stack }),
            wanted: [
              { path: `clusters/${stack}/x.yaml`, blob: gitBlobId(content), executable: false, policy: 'managed' },
            ],
            contentOf: () => content,
            token: gitlab.token,
            backoff: { limit: 60_000 },
          });
        }),
      );
      expect(new Set(results.map(({ commit }) => commit)).size).toBe(4);
      for (const stack of stacks) {
        expect(project.files()[`clusters/${stack}/x.yaml`]).toBe(stack);
        expect(project.files()[`.gitlab/gitops/${stack}.json`]).toContain(`clusters/${stack}/x.yaml`);
      }
      expect(gitlab.requests().some(({ status, route }) => status === 400 && String(route).startsWith('POST'))).toBe(
        true,
      );
    });

    test('two pushes of one stack at once: the inventory is a compare-and-swap', async () => {
      await push({ 'a.yaml': '0' });
      await gitlab.control({ casDelayMs: 200 });
      const results = await Promise.all(
        ['b.yaml', 'c.yaml'].map((path) =>
          pushTo({
            target: target(),
            wanted: [{ path, blob: gitBlobId(path), executable: false, policy: 'managed' }],
            contentOf: () => Buffer.from(path),
            token: gitlab.token,
            backoff: { limit: 60_000 },
          }),
        ),
      );
      expect(results).toHaveLength(2);
      // The later one won, and nothing of the other is left that no inventory knows.
      const left = own().filter((path) => path !== inventory);
      expect(left).toHaveLength(1);
      expect(project.files()[inventory]).toContain(left[0]);
    });

    test('reads only the directories that matter, also where a directory is large', async () => {
      await project.commit(
        Array.from({ length: 1000 }, (_, i) => ({
          action: 'create',
          file_path: `clusters/flux-common/c${i}-n.yaml`,
          content: `${i}`,
        })),
      );
      await push({
        'clusters/flux-common/c999-n.yaml': '999',
        'clusters/flux-common/uni-n.yaml': 'n',
        'clusters/uni/x/a.yaml': 'a',
      });
      expect(project.file('clusters/flux-common/uni-n.yaml')).toBe('n');
      expect(project.file('clusters/flux-common/c999-n.yaml')).toBe('999');
      const reads = gitlab
        .requests()
        .filter(({ path }) => String(path).includes(`${encodeURIComponent(project.path)}/repository/tree`));
      expect(reads.length).toBeLessThanOrEqual(4);
    });

    describe('says what is wrong', () => {
      test.each([
        ['no token', { GITLAB_TOKEN: '' }, 'error: GITLAB_TOKEN is not set: a push needs a token with scope api'],
        ['only a job token', { GITLAB_TOKEN: '', CI_JOB_TOKEN: 'x' }, 'CI_JOB_TOKEN is not enough'],
        [
          'a broken token',
          { GITLAB_TOKEN: 'glpat-canary\nx' },
          'error: GITLAB_TOKEN is no token: it holds spaces or control',
        ],
        ['an invalid token', { GITLAB_TOKEN: 'glpat-canary' }, 'GITLAB_TOKEN is not valid'],
      ])('%s', async (_, given, message) => {
        const result = await runPush(given, '--manifest', manifestOf(target(), { 'a.yaml': 'a' }));
        expect(result.code).toBe(1);
        expect(result.stderr).toContain(message);
        expect(result.stderr + result.stdout).not.toContain('canary');
      });

      test('a project that is not there', async () => {
        const result = await runPush(
          env,
          '--manifest',
          manifestOf(target({ project: 'platform/nowhere' }), { a: 'a' }),
        );
        expect(result.stderr).toMatch(
          /platform\/nowhere at .*, branch main: GitLab answered 404.*\nThere is no such project/,
        );
      });

      test('a protected branch', async () => {
        const { token } = await project.api('POST', '/access_tokens', {
          name: 'dev',
          scopes: ['api'],
          access_level: 30,
          expires_at: new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10),
        });
        const result = await runPush({ GITLAB_TOKEN: token }, '--manifest', manifestOf(target(), { a: 'a' }));
        expect(result.stderr).toContain('The branch is protected');
      });

      test('a GitLab that is not there', async () => {
        const manifest = manifestOf(target({ url: 'http://127.0.0.1:1' }), { a: 'a' });
        const result = await runPush(env, '--manifest', manifest, '--retry-for', '0s');
        expect(result.stderr).toMatch(/GitLab did not answer: .*(ECONNREFUSED|bad port)/);
      });

      test('a tree that is not the one of the manifest', async () => {
        const manifest = manifestOf(target(), { 'a.yaml': 'a' });
        writeFileSync(join(dirname(manifest), 'tree/a.yaml'), 'changed');
        expect((await runPush(env, '--manifest', manifest)).stderr).toContain('a.yaml: content: got');
      });

      test('an inventory that is broken', async () => {
        await project.commit([{ action: 'create', file_path: inventory, content: '<<<<<<<' }]);
        expect((await push({ 'a.yaml': 'a' })).stderr).toContain(`${inventory}: got "<<<<<<<", want a JSON object`);
      });
    });

    test('never shows the token', async () => {
      await gitlab.control({ fail: [{ method: 'POST', status: 400, body: { message: `you sent ${gitlab.token}` } }] });
      const result = await push({ 'a.yaml': 'a' }, '--json');
      expect(result.stdout + result.stderr).toContain('you sent [token]');
      expect(result.stdout + result.stderr).not.toContain(gitlab.token);
    });
  },
  ['gitlab'],
);

test('the command loads neither CDKTF nor the GitLab client', () => {
  const source = readFileSync(require.resolve('../../cli/push/register-push'), 'utf8');
  expect(source).not.toMatch(/from '(cdktf|@gitbeaker)/);
  jest.isolateModules(() => {
    jest.doMock('cdktf', () => {
      throw new Error('cdktf was loaded');
    });
    jest.doMock('@gitbeaker/rest', () => {
      throw new Error('gitbeaker was loaded');
    });
    expect(() => jest.requireActual('../../cli/push/register-push')).not.toThrow();
  });
});
