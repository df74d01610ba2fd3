import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

const root = join(__dirname, '../..');

/** How a synth in a process of its own runs. */
export interface SynthesizeOptions {
  /** Working directory. `cdktf.out` is made in it. */
  readonly cwd: string;
  /** Arguments of synthesize.ts. */
  readonly args: readonly string[];
  /** More environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** The umask, in octal digits. */
  readonly umask?: string;
}

/**
 * Synthesizes a fleet in a process of its own, outside of Jest.
 *
 * @returns what the process printed: the path of the core that it used
 */
export function synthesizeElsewhere({ cwd, args, env, umask = '022' }: SynthesizeOptions): string {
  const script = join(__dirname, 'synthesize.ts');
  const tsx = join(root, 'node_modules/.bin/tsx');
  const command = `umask ${umask} && exec "$0" "$@"`;
  const { status, stdout, stderr } = spawnSync(
    'sh',
    ['-c', command, tsx, '--tsconfig', join(root, 'tsconfig.json'), script, ...args],
    { cwd, env: { ...process.env, ...env }, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`synthesize.ts ended with ${status}: ${stderr}`);
  return stdout;
}

/** All files below a directory: path to content. */
export function filesOf(directory: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    (readdirSync(directory, { recursive: true }) as string[])
      .map((path) => join(directory, path))
      .filter((path) => statSync(path).isFile())
      .sort()
      .map((path) => [relative(directory, path), readFileSync(path, 'latin1')]),
  );
}
