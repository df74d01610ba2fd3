import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { registerPush } from '../../cli/push/register-push';
import { gitBlobId } from '../../lib/model/delivery/blob';
import { formatPushManifest, type PushTarget } from '../../lib/model/delivery/push-manifest';
import { temporaryDirectory } from './rig';

/** A file that a test pushes. */
export interface TestFile {
  readonly content: string | Uint8Array;
  readonly executable?: boolean;
  readonly policy?: 'seed';
}

/** Writes a manifest with its tree and returns its path. */
export function manifestOf(target: PushTarget, files: Readonly<Record<string, string | TestFile>>): string {
  const directory = temporaryDirectory('push');
  const entries = Object.entries(files).map(([path, given]) => {
    const { content, ...rest } = typeof given === 'string' ? { content: given } : given;
    const file = join(directory, 'tree', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    return [path, { blob: gitBlobId(content), ...rest }] as const;
  });
  const manifest = join(directory, 'manifest.json');
  writeFileSync(manifest, formatPushManifest({ ...target, tree: 'tree', files: Object.fromEntries(entries) }));
  return manifest;
}

/** Runs `gitlab-flux push` in this process. */
export async function runPush(env: Readonly<Record<string, string>>, ...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const stdout = jest.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0);
  const stderr = jest.spyOn(process.stderr, 'write').mockImplementation((text) => err.push(String(text)) > 0);
  const before = process.env;
  process.env = { ...before, ...env };
  process.exitCode = 0;
  try {
    const program = new Command('gitlab-flux');
    registerPush(program);
    await program.parseAsync(['node', 'gitlab-flux', 'push', ...args]);
    return { code: process.exitCode, stdout: out.join(''), stderr: err.join('') };
  } finally {
    process.exitCode = 0;
    process.env = before;
    stdout.mockRestore();
    stderr.mockRestore();
  }
}
