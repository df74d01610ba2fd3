// Packs the package as npm would publish it and lets publint and attw look at the archive.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const directory = mkdtempSync(join(tmpdir(), 'package-'));
try {
  const options = ['--ignore-scripts', '--json', '--pack-destination', directory];
  const [{ filename, files }] = JSON.parse(execFileSync('npm', ['pack', ...options], { encoding: 'utf8' }));
  const archive = join(directory, filename);
  const missing = ['dist/cli/gitlab-flux.js', 'LICENSE'].filter((path) => !files.some((file) => file.path === path));
  for (const path of missing) console.error(`The package has no ${path}.`);
  const failed = [
    ['publint', 'run', '--strict', archive],
    ['attw', archive],
  ].filter(([program, ...args]) => spawnSync('npx', ['--no', program, ...args], { stdio: 'inherit' }).status !== 0);
  if (failed.length + missing.length > 0) process.exitCode = 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
}
