import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { runProgram } from '../../cli/program';
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
  const written = { stdout: '', stderr: '' };
  const before = process.env;
  process.env = { ...before, ...env };
  try {
    const code = await runProgram(['push', ...args], {
      stdout: { write: (text) => (written.stdout += text) },
      stderr: { write: (text) => (written.stderr += text) },
      environment: env,
    });
    return { code, ...written };
  } finally {
    process.env = before;
  }
}
