import { execFile } from 'node:child_process';
import { devNull } from 'node:os';

/** What a program said. */
export interface ProgramOutput {
  /** What it wrote as its result. */
  readonly stdout: string;
  /** What it said beside. */
  readonly stderr: string;
  /** Whether it succeeded. */
  readonly succeeded: boolean;
}

const LONGEST_OUTPUT = 1 << 28;
const NOWHERE = 'http://127.0.0.1:9';

/** No program reaches a network or a cluster: what is built depends on the files alone, and nobody waits for a host. */
const OFFLINE = {
  ...Object.fromEntries(
    ['http_proxy', 'https_proxy', 'all_proxy'].flatMap((name) => [
      [name, NOWHERE],
      [name.toUpperCase(), NOWHERE],
    ]),
  ),
  no_proxy: '',
  NO_PROXY: '',
  GIT_ALLOW_PROTOCOL: 'none',
  KUBECONFIG: devNull,
};

/** How a program is run. */
export interface RunOptions {
  /**
   * The directory in which it runs.
   *
   * @default - the one of this process
   */
  readonly directory?: string;
  /** Milliseconds after which it is stopped. */
  readonly timeout: number;
}

/** Runs a program without a shell, a network and a cluster. */
export function runProgram(path: string, args: readonly string[], options: RunOptions): Promise<ProgramOutput> {
  return new Promise((resolve) => {
    const settings = {
      cwd: options.directory,
      timeout: options.timeout,
      maxBuffer: LONGEST_OUTPUT,
      env: { ...process.env, ...OFFLINE },
      windowsHide: true,
    };
    execFile(path, args, settings, (error, stdout, stderr) => {
      const timedOut = error?.killed === true ? `it took more than ${options.timeout / 1000} seconds` : undefined;
      const words = timedOut ?? (stderr.trim() === '' ? (error?.message ?? '') : stderr);
      resolve({ stdout, stderr: error === null ? stderr : words, succeeded: error === null });
    });
  });
}
