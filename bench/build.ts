// `npm run bench:build`: what `gitlab-flux validate` takes that builds with kustomize and Helm of this machine, from the
// start of its process on. Exits with 1 when a goal is missed.
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { compile, copy, removeCopy } from './compiled-copy';

interface Run {
  readonly wall: number;
  readonly cpu: number;
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Milliseconds that the import of cdktf takes on two idle cores of 2025: see index.ts. */
const REFERENCE = 80;
const CLUSTERS = Number(process.argv[2] ?? 100);
const COMPONENTS = 10;

const directory = mkdtempSync(join(tmpdir(), 'gitlab-flux-bench-'));

/** Components with three objects each, and an overlay of its own for each of them on each cluster. */
function writeFleet(): string {
  const names = Array.from({ length: COMPONENTS }, (_, index) => `component-${index}`);
  const clusters = Array.from({ length: CLUSTERS }, (_, index) => `cluster-${index}`);
  for (const name of names) {
    mkdirSync(join(directory, name), { recursive: true });
    const objects = ['a', 'b', 'c'].map((each) => `${name}-${each}`);
    writeFileSync(join(directory, name, 'kustomization.yaml'), 'resources: [objects.yaml]\n');
    const container = `{ name: main, image: registry.example.com/${name}, resources: { requests: { cpu: 10m } } }`;
    const texts = objects.map(
      (object) =>
        `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: ${object} }\nspec:\n  selector: { matchLabels: { app: ${object} } }\n  template:\n    metadata: { labels: { app: ${object} } }\n    spec: { containers: [${container}] }\n`,
    );
    writeFileSync(join(directory, name, 'objects.yaml'), texts.join('---\n'));
  }
  const overlays = (name: string): string =>
    clusters
      .map(
        (cluster) =>
          `        ${cluster}: { overlay: { replicas: { ${name}-a: 2 }, labels: { cluster: ${cluster} } } }\n`,
      )
      .join('');
  const file = join(directory, 'fleet.yaml');
  writeFileSync(
    file,
    [
      'project: { url: https://gitlab.example.com, path: platform/fleet }\n',
      'environments: { dev: { flux: { version: v2.9.4 } } }\n',
      'clusters:\n',
      ...clusters.map(
        (name) =>
          `  ${name}: { environment: dev, connection: { kubeconfig: { context: ${name} } }, components: [${names.join(', ')}] }\n`,
      ),
      'components:\n',
      ...names.map(
        (name) => `  ${name}:\n    kustomize:\n      base: { directory: ${name} }\n      clusters:\n${overlays(name)}`,
      ),
    ].join(''),
  );
  return file;
}

/** With the processor time of the programs that it calls, as the shell says it. */
function validate(file: string): Run {
  const program = join(copy, 'dist/bench/validate.js');
  const env = { ...process.env, XDG_CACHE_HOME: join(directory, 'cache') };
  const args = ['-c', '"$@"; times', 'sh', process.execPath, program, file, '--build', 'required'];
  const [line = '', , children = ''] = execFileSync('sh', args, { encoding: 'utf8', env }).split('\n');
  const run = JSON.parse(line) as Run;
  if (run.code !== 0) throw new Error(run.err);
  const times = [...children.matchAll(/(\d+)m([\d.]+)s/g)];
  const seconds = times.reduce((sum, [, minutes, rest]) => sum + Number(minutes) * 60 + Number(rest), 0);
  return { ...run, cpu: seconds * 1000 };
}

/** Processor time, or that on the clock when several processors worked. */
function cost({ wall, cpu }: Run): number {
  return Math.min(wall, cpu);
}

/** How many times slower this machine is now than two idle cores of 2025. */
function slowness(): number {
  const program = join(copy, 'dist/bench/scenario.js');
  const runs = [0, 1, 2].map(
    () => JSON.parse(execFileSync(process.execPath, [program, 'import-cdktf', '0'], { encoding: 'utf8' })) as Run,
  );
  return Math.max(1, Math.min(...runs.map(({ wall, cpu }) => Math.min(wall, cpu))) / REFERENCE);
}

compile();
try {
  const factor = slowness();
  const example = join(__dirname, '..', 'fleet.yaml');
  const [cold, warm] = [validate(example), validate(example)];
  rmSync(join(directory, 'cache'), { recursive: true });
  const file = writeFleet();
  const first = validate(file);
  appendFileSync(join(directory, 'component-0', 'kustomization.yaml'), '# changed\n');
  const base = validate(file);
  const text = execFileSync(
    'sed',
    ['s/component-1-a: 2 }, labels: { cluster: cluster-0 }/component-1-a: 3 }, labels: { cluster: cluster-0 }/', file],
    { encoding: 'utf8' },
  );
  writeFileSync(file, text);
  const one = validate(file);
  const count = `${CLUSTERS * COMPONENTS} overlays`;
  const goals = [
    ['example, nothing built before', cost(cold), 5000],
    ['example, all built before', cost(warm), 500],
    [`${count}, nothing built before`, cost(first), Infinity],
    [`${count}, one base changed`, cost(base), Infinity],
    [`${count}, one changed`, cost(one), 2000],
  ] as const;
  console.log(
    `${cold.out}${one.out}times as on two idle cores of 2025; this machine is ${factor.toFixed(1)} times slower now`,
  );
  const missed = goals.filter(([, measured, most]) => measured / factor > most);
  for (const [name, measured, most] of goals) {
    const goal = most === Infinity ? '' : `, at most ${most} ms: ${measured / factor <= most ? 'met' : 'MISSED'}`;
    console.log(`${name}: ${(measured / factor).toFixed(0)} ms (measured ${measured.toFixed(0)} ms)${goal}`);
  }
  process.exitCode = missed.length === 0 ? 0 : 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
  removeCopy();
}
