import { execFileSync } from 'node:child_process';

import { type GitLab, startGitLab } from './rig';

/** A project on the GitLab stand-in, and what its Git holds. */
export interface TestProject {
  /** Full path. */
  readonly path: string;
  /** All files of the branch: path to mode, blob and text. */
  readonly files: (branch?: string) => Readonly<Record<string, string>>;
  /** Text of one file of `main`. */
  readonly file: (path: string) => string;
  /** Modes of the files. */
  readonly modes: () => Readonly<Record<string, string>>;
  /** Messages of the branch's commits, the newest first. */
  readonly messages: () => readonly string[];
  /** What the newest commits of `main` did to files: `A`, `M` or `D`, and the path. */
  readonly changes: (commits: number) => readonly string[];
  /** Commits to it through the API, as somebody else. */
  readonly commit: (actions: readonly Record<string, unknown>[], branch?: string) => Promise<void>;
  /** Calls the API. */
  readonly api: (method: string, path: string, body?: unknown) => Promise<any>;
}

/**
 * Gives each test of a block a project of its own, which has a README, on one GitLab without faults.
 *
 * @param name - with which the names of the projects begin
 * @param use - what the block does with them before each test
 */
export function withProject(name: string, use: (gitlab: GitLab, project: TestProject) => void): void {
  let gitlab: GitLab;
  let projects = 0;
  beforeAll(async () => {
    gitlab = await startGitLab();
  });
  beforeEach(async () => {
    await gitlab.control({ reset: true });
    use(gitlab, await createProject(gitlab, `${name}-${++projects}`, { initialize_with_readme: true }));
  });
}

/**
 * Makes a project `platform/<name>`.
 *
 * @param gitlab - the stand-in
 * @param name - of the project
 * @param settings - more of GitLab's settings, such as `initialize_with_readme`
 */
export async function createProject(
  gitlab: GitLab,
  name: string,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<TestProject> {
  const api = async (method: string, path: string, body?: unknown): Promise<any> => {
    const headers = { authorization: `Bearer ${gitlab.token}`, 'content-type': 'application/json' };
    const response = await fetch(`${gitlab.api}${path}`, { method, headers, body: JSON.stringify(body) });
    const text = await response.text();
    if (!response.ok && response.status !== 404) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  let group = await api('GET', '/groups/platform');
  if (group.id === undefined) group = await api('POST', '/groups', { name: 'platform', path: 'platform' });
  const project = await api('POST', '/projects', { name, path: name, namespace_id: group.id, ...settings });
  const git = (...args: string[]): string =>
    execFileSync('git', ['--git-dir', `${gitlab.directory}/repositories/${project.id}.git`, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  const list = (branch: string): string[][] =>
    git('ls-tree', '-r', '-z', branch)
      .split('\0')
      .filter((line) => line !== '')
      .map((line) => line.split(/[ \t]/));
  return {
    path: `platform/${name}`,
    files: (branch = 'main') =>
      Object.fromEntries(list(branch).map(([, , blob, path]) => [path!, git('cat-file', 'blob', blob!)])),
    file: (path) => git('show', `main:${path}`),
    modes: () => Object.fromEntries(list('main').map(([mode, , , path]) => [path!, mode!])),
    messages: () =>
      git('log', '-z', '--format=%B', 'main')
        .split('\0')
        .map((message) => message.trim()),
    changes: (commits) =>
      commits === 0
        ? []
        : git('log', `-${commits}`, '--format=', '--name-status', '--no-renames', 'main')
            .split('\n')
            .filter((line) => line !== '')
            .map((line) => line.replace('\t', ' ')),
    commit: async (actions, branch = 'main') => {
      await api('POST', `/projects/${project.id}/repository/commits`, { branch, commit_message: 'somebody', actions });
    },
    api: (method, path, body) => api(method, `/projects/${project.id}${path}`, body),
  };
}
