import { push, type PushProps } from '../../cli/push/push';
import { gitBlobId } from '../../lib/model/delivery/blob';
import { type TestProject, withProject } from '../support/gitlab-project';
import { describeWithRig, type GitLab } from '../support/rig';

describeWithRig(
  'a push that is larger than GitLab takes',
  () => {
    let gitlab: GitLab;
    let project: TestProject;
    withProject('parts', (...given) => ([gitlab, project] = given));

    const inventory = '.gitlab/gitops/dev-uni-dev.json';
    const own = (): string[] => Object.keys(project.files()).filter((path) => path !== 'README.md');
    const subjects = (): string[] => project.messages().map((message) => message.split('\n')[0]!);
    const written = (): string[] => Object.keys(JSON.parse(project.file(inventory)).files);
    const content = (text: string): string => text.repeat(1000);
    const run = (files: Readonly<Record<string, string>>, rest: Partial<PushProps> = {}) =>
      push({
        target: { version: 1, url: gitlab.url, project: project.path, branch: 'main', inventory: 'dev-uni-dev' },
        wanted: Object.entries(files).map(([path, text]) => ({
          path,
          blob: gitBlobId(text),
          executable: false,
          policy: 'managed',
        })),
        contentOf: (path) => Buffer.from(files[path]!),
        token: gitlab.token,
        backoff: { limit: 60_000 },
        payloadLimit: 2000,
        ...rest,
      });
    const three = { 'a.yaml': content('a'), 'b.yaml': content('b'), 'c.yaml': content('c') };

    test('is made in several commits, and only the last one runs a pipeline', async () => {
      await run(three);
      expect(subjects().slice(0, 3)).toEqual([
        'dev-uni-dev: create 1 file (3 of 3)',
        'dev-uni-dev: create 1 file (2 of 3)',
        'dev-uni-dev: create 1 file (1 of 3)',
      ]);
      expect(project.messages().map((message) => message.includes('[skip ci]'))).toEqual([
        ...[false, true, true],
        ...[false, false],
      ]);
      expect(own()).toEqual([inventory, ...Object.keys(three)]);
      expect(written()).toEqual(Object.keys(three));
      expect(await run(three)).toMatchObject({ changed: false });
    });

    test('when the second of three commits fails, the next push completes it, also with other files', async () => {
      const fetch = globalThis.fetch;
      let commits = 0;
      const refusing = jest.spyOn(globalThis, 'fetch').mockImplementation((url, init) => {
        const refused = init?.method === 'POST' && ++commits > 1;
        return refused ? Promise.resolve(new Response('{"message":"no"}', { status: 400 })) : fetch(url, init);
      });
      await expect(run(three)).rejects.toThrow('GitLab answered 400: no');
      refusing.mockRestore();
      expect(own()).toEqual([inventory, 'a.yaml']);
      expect(written()).toEqual(['a.yaml']);
      const other = { 'b.yaml': content('x'), 'd.yaml': content('d') };
      await run(other, { payloadLimit: undefined });
      expect(project.messages()[0]).toBe(
        'dev-uni-dev: create 2 files, delete 1 file\n\n- a.yaml\n+ b.yaml\n+ d.yaml\n\nGitLab-Flux-Stack: dev-uni-dev',
      );
      expect(own()).toEqual([inventory, 'b.yaml', 'd.yaml']);
      expect(project.file('b.yaml')).toBe(other['b.yaml']);
    });

    test('is divided when a proxy refuses its size', async () => {
      await gitlab.control({ fail: [{ method: 'POST', pathRegex: 'repository/commits', status: 413 }] });
      await run(three, { payloadLimit: undefined });
      expect(subjects()[0]).toMatch(/\(\d of \d\)$/);
      expect(written()).toEqual(Object.keys(three));
    });

    test('one file that is larger than what is taken is an error that says so', async () => {
      await gitlab.control({ fail: [{ method: 'POST', pathRegex: 'repository/commits', status: 413, times: 1000 }] });
      await expect(run({ 'a.yaml': content('a') })).rejects.toThrow('larger than GitLab or a proxy before it takes');
    });
  },
  ['gitlab'],
);
