import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { accessSync, closeSync, constants, existsSync, mkdtempSync, openSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The folder that lies beside the repository; `SHARED_DIR` names another one. */
export const sharedDirectory = resolve(process.env['SHARED_DIR'] ?? join(__dirname, '../../../shared'));

/**
 * What a test needs: the control plane and helm (`kubernetes`), the GitLab stand-in (`gitlab`), or a program by its
 * name. Programs are searched in `RIG_BIN`, then in `PATH`; they are no part of the rig.
 */
export type Need = 'kubernetes' | 'gitlab' | { readonly program: string };

/** Programs that ../shared/rig/build.sh builds. */
const built = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'helm'];
/** Programs that kube.sh calls. */
const called = ['bash', 'kubectl', 'openssl', 'curl'];

/** The rig, as this machine has it. */
export const rig = describeRig();

interface Rig {
  /** Whether a control plane can be started. */
  readonly available: boolean;
  /** Why not. */
  readonly reason?: string;
  /** Folder of the rig's programs. */
  readonly bin: string;
  /** Folder of the rig's scripts. */
  readonly directory: string;
}

function describeRig(): Rig {
  const directory = join(sharedDirectory, 'rig');
  const bin = process.env['RIG_BIN'] ?? join(homedir(), '.cache/rig-bin');
  const reason = reasonAgainst(directory, bin);
  return { available: reason === undefined, reason, bin, directory };
}

function reasonAgainst(directory: string, bin: string): string | undefined {
  if (!existsSync(join(directory, 'kube.sh'))) return '../shared/rig is not there';
  const unbuilt = built.filter((name) => !isExecutable(join(bin, name)));
  if (unbuilt.length > 0) return `${unbuilt.join(', ')} not in ${bin}: run ../shared/rig/build.sh ${bin}`;
  const missing = called.filter((name) => findProgram(name) === undefined);
  return missing.length > 0 ? `${missing.join(', ')} not in PATH` : undefined;
}

/**
 * The path of a program in `RIG_BIN` or `PATH`, if it is there.
 *
 * @param name - file name, such as `flux` or `terraform`
 */
export function findProgram(name: string): string | undefined {
  const bin = process.env['RIG_BIN'] ?? join(homedir(), '.cache/rig-bin');
  return [bin, ...(process.env['PATH'] ?? '').split(delimiter)]
    .map((directory) => join(directory, name))
    .find((path) => isExecutable(path));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * A `describe` whose tests need the rig. Without it they are skipped, with the reason in their name; when `REQUIRE_RIG`
 * is 1, as in .ci/run, a rig that is not built is a failure. What the tests started is stopped after them.
 *
 * @param name - of the block
 * @param fn - the block
 * @param needs - what must be there
 */
export function describeWithRig(name: string, fn: () => void, needs: readonly Need[] = ['kubernetes']): void {
  const reason = reasonToSkip(needs);
  if (reason === undefined) {
    describe(name, () => {
      jest.setTimeout(240_000);
      afterAll(stopAll, 60_000);
      fn();
    });
  } else if (reason.partOfRig && process.env['REQUIRE_RIG'] === '1') {
    describe(name, () => {
      test('the rig is there', () => {
        throw new Error(`REQUIRE_RIG is 1, but: ${reason.text}`);
      });
    });
  } else {
    // .ci/run looks for "(skipped, rig:" to tell what may not be skipped where the rig is there.
    describe.skip(`${name} (skipped, ${reason.partOfRig ? 'rig' : 'program'}: ${reason.text})`, fn);
  }
}

/**
 * What is missing, if something is.
 *
 * @param needs - what must be there
 */
export function reasonToSkip(
  needs: readonly Need[],
): { readonly text: string; readonly partOfRig: boolean } | undefined {
  for (const need of needs) {
    if (need === 'kubernetes' && rig.reason !== undefined) return { text: rig.reason, partOfRig: true };
    if (need === 'gitlab' && !existsSync(join(rig.directory, 'gitlab/server.mjs'))) {
      return { text: '../shared/rig is not there', partOfRig: true };
    }

    if (need === 'gitlab' && findProgram('git') === undefined) return { text: 'git is not in PATH', partOfRig: true };
    if (typeof need === 'object' && findProgram(need.program) === undefined) {
      return { text: `${need.program} is neither in RIG_BIN nor in PATH`, partOfRig: false };
    }
  }
  return undefined;
}

const stops: (() => Promise<void>)[] = [];

/** Stops everything that was started in this test file, the last first. */
export async function stopAll(): Promise<void> {
  for (let stop = stops.pop(); stop !== undefined; stop = stops.pop()) await stop();
}

/** A directory below the system's temporary directory, removed by {@link stopAll}. */
export function temporaryDirectory(purpose: string): string {
  const directory = mkdtempSync(join(tmpdir(), `gitlab-flux-${purpose}-`));
  stops.push(async () => {
    await rm(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });
  return directory;
}

/**
 * The first of some ports in a row that are free on loopback.
 *
 * @param count - how many in a row
 */
export async function freePorts(count = 1): Promise<number> {
  // Each Jest worker searches in a range of its own, below the ports that the system gives away itself.
  const worker = Number(process.env['JEST_WORKER_ID'] ?? '1') % 20;
  const start = 16_000 + worker * 600;
  const offset = Math.floor(Math.random() * 190) * 3;
  for (let step = 0; step < 200; step++) {
    const first = start + ((offset + step * 3) % 600);
    const free = await Promise.all(Array.from({ length: count }, (_, index) => isFree(first + index)));
    if (free.every(Boolean)) return first;
  }
  throw new Error(`no ${count} free ports from ${start}`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer()
      .once('error', () => done(false))
      .listen(port, '127.0.0.1', () => server.close(() => done(true)));
  });
}

/** A running API server, without nodes until a kubelet runs. */
export interface ControlPlane {
  /** Path of a kubeconfig of cluster-admin, with the CA. */
  readonly kubeconfig: string;
  /** Address of the API server. */
  readonly url: string;
  /** Folder of its logs and certificates. */
  readonly directory: string;
  /** Runs kubectl against it and returns what it prints; `input` becomes its standard input. */
  readonly kubectl: (args: readonly string[], input?: string) => Promise<string>;
  /** Stops it and removes its files. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts a control plane (5 s).
 *
 * @param port - uses this and the two ports after it; by default three that are free
 */
export async function startControlPlane(port?: number): Promise<ControlPlane> {
  const first = port ?? (await freePorts(3));
  const parent = temporaryDirectory('kube');
  const directory = join(parent, 'control-plane');
  const script = join(rig.directory, 'kube.sh');
  const env = { ...process.env, RIG_BIN: rig.bin };
  const stop = once(async () => {
    await run('bash', [script, 'down', directory], { env });
  });
  stops.push(stop);
  // What kube.sh leaves running must not inherit a pipe that this process waits for.
  const { code, output } = await runToFile(
    'bash',
    [script, 'up', directory, String(first)],
    join(parent, 'up.log'),
    env,
  );
  if (code !== 0) throw new Error(`kube.sh up failed: ${output}\n${tailOf(join(directory, 'apiserver.log'))}`);
  const kubeconfig = join(directory, 'kubeconfig');
  return {
    kubeconfig,
    directory,
    url: `https://127.0.0.1:${first}`,
    kubectl: (args, input) => runWithInput('kubectl', ['--kubeconfig', kubeconfig, ...args], input),
    stop,
  };
}

/** A process that runs beside the tests. */
export interface Running {
  /** What it printed so far. */
  readonly output: () => string;
  /** Stops it. */
  readonly stop: () => Promise<void>;
}

/** The stand-in kubelet. */
export interface Kubelet extends Running {
  /** Folder of one log per pod, `<pod>.log`. */
  readonly directory: string;
}

/**
 * Starts the stand-in kubelet: it runs the pods' programs that lie in `RIG_BIN`, and reports the others as ready.
 *
 * @param controlPlane - whose pods it runs
 * @param env - more environment, such as `RIG_RECEIVER_PORT`
 */
export function startKubelet(controlPlane: ControlPlane, env: Readonly<Record<string, string>> = {}): Kubelet {
  const directory = join(temporaryDirectory('pods'), 'pods');
  const script = join(rig.directory, 'kubelet.mjs');
  const args = ['--no-warnings', script, controlPlane.kubeconfig, directory];
  return { directory, ...startNode(args, { RIG_BIN: rig.bin, ...env }) };
}

/** The GitLab stand-in. */
export interface GitLab extends Running {
  /** Its address, `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** Its API, `<url>/api/v4`. */
  readonly api: string;
  /** A token of the administrator. */
  readonly token: string;
  /** Folder of its repositories. */
  readonly directory: string;
  /** Its log: one entry per request. */
  readonly requests: () => readonly Record<string, any>[];
  /** Reads its control page, or changes settings: faults, delays, reset (see ../shared/rig/gitlab/README.md). */
  readonly control: (settings?: Readonly<Record<string, unknown>>) => Promise<Record<string, any>>;
}

/**
 * Starts the GitLab stand-in on a free port.
 *
 * @param args - more arguments, such as `--edition ee`
 */
export async function startGitLab(args: readonly string[] = []): Promise<GitLab> {
  const directory = temporaryDirectory('gitlab');
  const token = 'glpat-rig-administrator';
  const [log, portFile] = [join(directory, 'requests.jsonl'), join(directory, 'port')];
  const server = join(rig.directory, 'gitlab/server.mjs');
  const root = join(directory, 'root');
  const files = ['--root', root, '--port-file', portFile, '--log', log];
  const running = startNode([server, ...files, '--token', token, '--port', '0', ...args]);
  await until(() => existsSync(portFile) && readFileSync(portFile, 'utf8').trim() !== '', 15_000, running.output);
  const url = `http://127.0.0.1:${readFileSync(portFile, 'utf8').trim()}`;
  return {
    ...running,
    url,
    api: `${url}/api/v4`,
    token,
    directory: root,
    requests: () =>
      existsSync(log)
        ? readFileSync(log, 'utf8')
            .split('\n')
            .filter((line) => line !== '')
            .map((line) => JSON.parse(line) as Record<string, any>)
        : [],
    control: async (settings) => {
      const body = settings === undefined ? undefined : JSON.stringify(settings);
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(`${url}/__control`, { method: body === undefined ? 'GET' : 'POST', headers, body });
      if (!response.ok) throw new Error(`GitLab stand-in: ${response.status} ${await response.text()}`);
      return (await response.json()) as Record<string, any>;
    },
  };
}

/**
 * Waits until something holds.
 *
 * @param holds - asked every 100 ms
 * @param milliseconds - after which it gives up
 * @param explain - what to say then
 */
export async function until(
  holds: () => boolean | Promise<boolean>,
  milliseconds: number,
  explain: () => string = () => '',
): Promise<void> {
  const deadline = Date.now() + milliseconds;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not within ${milliseconds} ms. ${explain()}`);
    await sleep(100);
  }
}

/**
 * Starts a script of Node.js beside the tests.
 *
 * @param args - of node: the script and its arguments
 * @param env - more environment
 */
export function startNode(args: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
  const log = join(temporaryDirectory('log'), 'output');
  const file = openSync(log, 'w');
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: ['ignore', file, file] });
  closeSync(file);
  const exited = exitOf(child);
  const stop = once(async () => {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
    await exited;
    clearTimeout(timer);
  });
  stops.push(stop);
  return { output: () => (existsSync(log) ? readFileSync(log, 'utf8') : ''), stop };
}

async function runToFile(
  program: string,
  args: readonly string[],
  log: string,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly code: number | null; readonly output: string }> {
  const file = openSync(log, 'w');
  const code = await exitOf(spawn(program, args, { env, stdio: ['ignore', file, file] }));
  closeSync(file);
  return { code, output: readFileSync(log, 'utf8') };
}

async function runWithInput(program: string, args: readonly string[], input?: string): Promise<string> {
  const promise = run(program, args, { maxBuffer: 1 << 28 });
  if (input !== undefined) promise.child.stdin?.end(input);
  return (await promise).stdout;
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((done, fail) => {
    child.once('error', fail).once('exit', done);
  });
}

function once(action: () => Promise<void>): () => Promise<void> {
  let result: Promise<void> | undefined;
  return () => (result ??= action());
}

function tailOf(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n').slice(-5).join('\n') : '';
}
