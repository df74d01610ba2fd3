// Packs the package as npm would publish it and lets publint and attw look at the archive.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const bin = 'dist/cli/gitlab-flux.js';
const others = [
  'LICENSE',
  'docs/README.md',
  'examples/fluentd/base/kustomization.yaml',
  'fleet.yaml',
  'renovate/default.json',
  'schema/fleet.schema.json',
];
// npm warns whoever installs an archive with one of these scripts.
const onInstall = ['preinstall', 'install', 'postinstall', 'prepare'];
const directory = mkdtempSync(join(tmpdir(), 'package-'));
try {
  const options = ['--ignore-scripts', '--json', '--pack-destination', directory];
  const [{ filename, files }] = JSON.parse(execFileSync('npm', ['pack', ...options], { encoding: 'utf8' }));
  const archive = join(directory, filename);
  const missing = [bin, ...others].filter((path) => !files.some((file) => file.path === path));
  for (const path of missing) console.error(`The package has no ${path}.`);
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
  const warned = onInstall.filter((name) => name in scripts);
  for (const name of warned) console.error(`The script ${name} runs where the package is installed.`);
  // npm does it when it installs; a clone that is linked into another project is not installed.
  const plain = [bin].filter((path) => existsSync(path) && (statSync(path).mode & 0o111) !== 0o111);
  for (const path of plain) console.error(`${path} is not executable.`);
  const failed = [
    ['publint', 'run', '--strict', archive],
    ['attw', archive],
  ].filter(([program, ...args]) => spawnSync('npx', ['--no', program, ...args], { stdio: 'inherit' }).status !== 0);
  if (failed.length + missing.length + plain.length + warned.length > 0) process.exitCode = 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
}
