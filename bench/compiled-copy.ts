import { execFileSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..');
// Below node_modules, so that the copy finds its dependencies.
export const copy = join(root, 'node_modules/.cache/gitlab-flux-bench');

/** The library and the command as users have them: compiled, with what they read. */
export function compile(): void {
  removeCopy();
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', 'bench', '--noCheck', '--outDir', join(copy, 'dist')], {
    cwd: root,
    stdio: 'inherit',
  });
  // What is read when it runs.
  for (const name of ['charts', 'scripts', 'package.json']) {
    cpSync(join(root, name), join(copy, name), { recursive: true });
  }
}

export function removeCopy(): void {
  rmSync(copy, { recursive: true, force: true });
}
