import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

import { runProgram } from '../../cli/program';
import { findProgram } from './rig';

/** What `gitlab-flux` said. */
export interface Said {
  /** The exit code. */
  readonly code: number;
  /** What it printed. */
  readonly out: string;
  /** What it said beside. */
  readonly err: string;
}

/**
 * Runs `gitlab-flux` with the programs of some directories, and a cache of its own.
 *
 * @param args - the arguments
 * @param directories - the directories
 * @param cache - directory for caches
 */
export async function runWith(args: readonly string[], directories: readonly string[], cache: string): Promise<Said> {
  const written = { out: '', err: '' };
  const code = await runProgram(args, {
    stdout: { write: (text) => (written.out += text) },
    stderr: { write: (text) => (written.err += text) },
    environment: { PATH: directories.join(delimiter), XDG_CACHE_HOME: cache },
  });
  return { code, ...written };
}

/** The directories with kustomize or kubectl, and with helm, as far as they are there. */
export function realPrograms(): readonly string[] {
  const found = ['kustomize', 'kubectl', 'helm'].map((name) => findProgram(name));
  return found.filter((path) => path !== undefined).map((path) => dirname(path));
}

/**
 * A directory with a `kustomize` that makes one ConfigMap of everything, and counts.
 *
 * @param directory - the directory
 * @returns how often it has built
 */
export function countingKustomize(directory: string): () => number {
  const log = join(directory, 'log');
  const object = 'apiVersion: v1\\nkind: ConfigMap\\nmetadata:\\n  name: a\\n';
  mkdirSync(directory, { recursive: true });
  const script = `#!/bin/sh\nif [ "$1" = version ]; then echo v5.8.1; exit; fi\necho "$*" >> '${log}'\nprintf '${object}'\n`;
  writeFileSync(join(directory, 'kustomize'), script);
  chmodSync(join(directory, 'kustomize'), 0o755);
  return () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').length : 0);
}
