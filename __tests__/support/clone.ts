import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import { type TestProject } from './gitlab-project';
import { temporaryDirectory, type GitLab } from './rig';

/** Runs git in a clone. */
export type Clone = (...args: string[]) => string;

/** A clone of a project, in which Jane Doe works with git; `push` brings her work to GitLab. */
export function cloneOf(gitlab: GitLab, project: TestProject): Clone {
  const directory = join(temporaryDirectory('clone'), 'clone');
  const jane = ['-c', 'user.name=Jane Doe', '-c', 'user.email=jane@example.com'];
  const git = (...args: string[]): string =>
    execFileSync('git', [...jane, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const address = gitlab.url.replace('//', `//root:${gitlab.token}@`);
  git('clone', '--quiet', `${address}/${project.path}.git`, directory);
  return (...args) => git('-C', directory, ...args);
}
