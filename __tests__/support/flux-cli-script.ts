import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The folder of the scripts. */
export const FILES = join(__dirname, '../../charts/flux-cli/files');
const FIXTURES = join(__dirname, '../charts/fixtures');
/** What the flux CLI may push with. */
export const TOKEN = 'glpat-may-push';
/** A text as a Secret holds it. */
export const base64 = (text: string): string => Buffer.from(text).toString('base64');
/** With what Flux reads Git. */
export const READ_ONLY = { username: base64('deploy'), password: base64('gldt-may-read') };

/** The host's shell and, where it is there, that of the image: busybox, with its own versions of the tools. */
export const SHELLS = ['/bin/sh', '/usr/bin/busybox'].filter((shell) => existsSync(shell));
const APPLETS = 'awk base64 cat date grep mkfifo mkdir od printf sed sha256sum sort tee timeout tr wc'.split(' ');

/** A Kustomization or HelmRelease of the stand-in for kubectl. */
export interface Workload {
  suspend?: boolean;
  frozen?: boolean;
  stuck?: boolean;
  leaving?: boolean;
  needs?: string[];
  checks?: string[];
  deletionPolicy?: string;
}
/** What the stand-in for kubectl knows of the cluster. */
export interface Cluster {
  secrets?: Record<string, Record<string, string>>;
  configMaps?: Record<string, unknown>;
  workloads?: Record<string, Workload>;
  namespaces?: string[];
  crds?: string[];
  broken?: string[];
  finalizerStays?: boolean;
  /** The root as Flux has it, the version of its controllers, and the version that Git has. */
  flux?: {
    manager?: string;
    path?: string;
    applied?: string;
    controllers?: Record<string, string>;
    inGit?: string;
    stuck?: boolean;
  };
}
/** What a script did. */
export interface Run {
  readonly code: number | null;
  readonly seconds: number;
  readonly log: string;
  readonly calls: readonly string[];
  readonly cluster: Cluster;
}
/** What a script is given. */
export interface Options {
  readonly cluster?: Cluster;
  readonly outcomes?: readonly string[];
  /** What `flux install --export` writes. */
  readonly manifests?: string;
  readonly env?: Record<string, string>;
  readonly args?: readonly string[];
  readonly killAfter?: number;
  /** Kills it as soon as it has made a call that holds this. */
  readonly killAtCall?: string;
  /** Time passes in its pauses only, so that what a deadline leaves time for does not depend on the machine. */
  readonly timePassesInPauses?: boolean;
  readonly shell?: string;
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Runs a script as the chart's Job does. */
export async function run(script: 'bootstrap' | 'install' | 'uninstall', options: Options): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'flux-cli-'));
  folders.push(folder);
  mkdirSync(join(folder, 'bin'));
  mkdirSync(join(folder, 'home'));
  symlinkSync(join(FIXTURES, 'kubectl.cjs'), join(folder, 'bin/kubectl'));
  symlinkSync(join(FIXTURES, 'flux.sh'), join(folder, 'bin/flux'));
  writeFileSync(join(folder, 'bin/sleep'), '#!/bin/sh\nexec /bin/sleep 0.2\n', { mode: 0o755 }); // no patience needed
  if (options.timePassesInPauses === true) stopTheClock(folder);
  writeFileSync(join(folder, 'cluster.json'), JSON.stringify(options.cluster ?? {}));
  writeFileSync(join(folder, 'outcomes'), `${(options.outcomes ?? ['ok']).join('\n')}\n`);
  writeFileSync(join(folder, 'gotk-components'), options.manifests ?? '');
  const text = ['common', script].map((name) => readFileSync(join(FILES, `${name}.sh`), 'utf8')).join('\n');
  const shell = options.shell ?? '/bin/sh';
  if (shell.endsWith('busybox')) {
    const applets = APPLETS.filter((name) => !existsSync(join(folder, 'bin', name)));
    for (const name of applets) symlinkSync(shell, join(folder, 'bin', name));
  }
  const started = Date.now();
  const child = spawn(
    shell,
    [...(shell.endsWith('busybox') ? ['sh'] : []), '-eu', '-c', text, script, ...(options.args ?? [])],
    {
      env: {
        PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`,
        HOME: join(folder, 'home'),
        FAKE: folder,
        NAMESPACE: 'flux-system',
        BINDING: 'flux-system-flux-cli',
        MARKER: 'flux-cli-bootstrapped',
        SECONDS_TO_ACT: '30',
        SECONDS_PER_ATTEMPT: '20',
        GITLAB_TOKEN: TOKEN,
        RESTORE_SECRET: 'flux-system',
        BACKUP_SECRET: 'flux-cli-saved-credentials',
        REMOVAL_POLICY: 'keep',
        ...options.env,
      },
    },
  );
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (log += data.toString()));
  if (options.killAfter !== undefined) setTimeout(() => child.kill('SIGTERM'), options.killAfter);
  const watching = setInterval(() => {
    if (options.killAtCall === undefined || !callsIn(folder).some((call) => call.includes(options.killAtCall!))) return;
    clearInterval(watching);
    child.kill('SIGTERM');
  }, 50);
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearInterval(watching);
  const calls = callsIn(folder);
  const cluster = JSON.parse(readFileSync(join(folder, 'cluster.json'), 'utf8')) as Cluster;
  return { code, seconds: (Date.now() - started) / 1000, log, calls, cluster };
}

const callsIn = (folder: string): readonly string[] =>
  existsSync(join(folder, 'calls')) ? readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n') : [];

/** A clock that only `sleep` moves. */
function stopTheClock(folder: string): void {
  const program = (name: string, text: string): void =>
    writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  writeFileSync(join(folder, 'clock'), '1700000000\n');
  program('date', 'exec cat "$FAKE/clock"');
  program('sleep', 'read -r now <"$FAKE/clock"; echo "$((now + $1))" >"$FAKE/clock"');
}

/** The definitions of what deploys workloads. */
export const FLUX = ['kustomizations.kustomize.toolkit.fluxcd.io', 'helmreleases.helm.toolkit.fluxcd.io'];
/** The last call of every script. */
export const UNBIND = 'kubectl delete clusterrolebinding flux-system-flux-cli --ignore-not-found --wait=false';
