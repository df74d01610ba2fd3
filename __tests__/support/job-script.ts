import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Answer, type Call, type Cluster, FakeCluster } from './fake-cluster';

/** The folder of the scripts. */
export const FILES = join(__dirname, '../../charts/flux-jobs/files');
const CALL = join(__dirname, '../charts/fixtures/call');
/** The text of a script as a Job runs it. */
export const textOf = (script: string): string =>
  ['common', script].map((name) => readFileSync(join(FILES, `${name}.sh`), 'utf8')).join('\n');

/** What the flux CLI may push with. */
export const TOKEN = 'glpat-may-push';
/** A text as a Secret holds it. */
export const base64 = (text: string): string => Buffer.from(text).toString('base64');
/** With what Flux reads Git. */
export const READ_ONLY = { username: base64('deploy'), password: base64('gldt-may-read') };
/** The definitions of what deploys workloads. */
export const FLUX = ['kustomizations.kustomize.toolkit.fluxcd.io', 'helmreleases.helm.toolkit.fluxcd.io'];
/** The last call of every script that is cluster-admin. */
export const UNBIND = 'kubectl delete clusterrolebinding flux-system-flux-cli --ignore-not-found --wait=false';

/** The host's shell and, where it is there, that of the image: busybox, with its own versions of the tools. */
export const SHELLS = ['/bin/sh', '/usr/bin/busybox'].filter((shell) => existsSync(shell));
const APPLETS = 'awk base64 cat grep mkfifo mkdir od printf sed sha256sum sort tail tee timeout tr wc'.split(' ');

/** The scripts that Jobs run. */
export const SCRIPTS = [
  'bootstrap',
  'install',
  'uninstall',
  'ready',
  'remove-agent',
  'remove-spoke',
  'git-root',
  'root',
] as const;
const CLUSTER_ADMINS: readonly string[] = ['bootstrap', 'install', 'uninstall'];

/** What a script did. */
export interface Run {
  readonly code: number | null;
  /** How long it believes to have run: it never really sleeps. */
  readonly seconds: number;
  readonly log: string;
  readonly calls: readonly string[];
  readonly cluster: Cluster;
}
/** What a script is given. */
export interface Options {
  readonly cluster?: Cluster;
  /** What each `flux bootstrap` does, the last one for all that follow: `ok`, `hang`, `wait` for Flux in vain, or the text that it fails with. */
  readonly outcomes?: readonly string[];
  /** What `flux install --export` writes. */
  readonly manifests?: string;
  readonly env?: Record<string, string>;
  readonly args?: readonly string[];
  /** The call during which Kubernetes kills the Job. */
  readonly killAt?: (call: string) => boolean;
  /** The calls of kubectl that fail, as a server fails that is not up. */
  readonly failAt?: (call: string) => boolean;
  readonly shell?: string;
}

/** Runs a script as the chart's Job does. */
export async function run(script: (typeof SCRIPTS)[number], options: Options): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'flux-jobs-'));
  const [bin, home] = [join(folder, 'bin'), join(folder, 'home')];
  for (const each of [bin, home]) mkdirSync(each);
  for (const name of ['kubectl', 'flux', 'date', 'sleep']) symlinkSync(CALL, join(bin, name));
  const { shell = '/bin/sh', args = [], killAt = () => false, failAt = () => false } = options;
  const busybox = shell.endsWith('busybox');
  if (busybox) for (const name of APPLETS) symlinkSync(shell, join(bin, name));
  const fake = new FakeCluster(options);
  const calls: string[] = [];
  const server = await listen((call) => {
    if (call.program === 'date' || call.program === 'sleep') return fake.tell(call);
    const text = textOfCall(call);
    calls.push(text);
    if (killAt(text)) child.kill('SIGTERM');
    if (call.program === 'kubectl' && failAt(text)) return TIMEOUT;
    return fake.answer(call);
  });
  const environment = {
    PATH: `${bin}:${process.env['PATH'] ?? ''}`,
    HOME: home,
    FAKE: String((server.address() as AddressInfo).port),
    NAMESPACE: 'flux-system',
    ...(CLUSTER_ADMINS.includes(script) ? { BINDING: 'flux-system-flux-cli', MARKER: 'flux-cli-bootstrapped' } : {}),
    SECONDS_TO_ACT: '840',
    SECONDS_PER_ATTEMPT: '20',
    GITLAB_TOKEN: TOKEN,
    RESTORE_SECRET: 'flux-system',
    BACKUP_SECRET: 'flux-cli-saved-credentials',
    REMOVAL_POLICY: 'keep',
    ...options.env,
  };
  const command = [...(busybox ? ['sh'] : []), '-eu', '-c', textOf(script), script, ...args];
  const child = spawn(shell, command, { env: environment });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (log += data.toString()));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  server.close();
  rmSync(folder, { recursive: true, force: true });
  return { code, seconds: fake.seconds, log, calls, cluster: fake.state };
}

const TIMEOUT = { code: 1, errors: 'Unable to connect to the server: net/http: TLS handshake timeout\n' };

function textOfCall({ program, args }: Call): string {
  const said = args.filter((arg) => program === 'flux' || arg !== '--namespace=flux-system').join(' ');
  return `${program} ${said.replace(/go-template=[\s\S]*/, 'go-template')}`;
}

/** A server of calls; where there is no exit code, the program hangs. */
function listen(answer: (call: Call) => Answer): Promise<Server> {
  const server = createServer((socket) => {
    let text = '';
    socket.setEncoding('utf8').on('error', () => undefined);
    socket.on('data', (data: string) => {
      text += data;
      const [count, program, ...rest] = text.split('\0');
      if (rest.length < Number(count) + 2) return;
      const args = rest.slice(0, Number(count));
      const { errors = '', output = '', code = 0 } = answer({ program: program!, args, input: rest[args.length]! });
      socket.write(`${errors}\0${output}\0`);
      if (code !== 'none') socket.end(`${code}\0`);
    });
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}
