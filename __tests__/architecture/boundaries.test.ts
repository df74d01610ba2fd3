import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix, relative } from 'node:path';

/** The house as DESIGN.md section 4 draws it, written down a second time: the lint rules must agree with this. */
const core: Record<string, readonly string[]> = {
  manifest: [],
  delivery: ['manifest'],
  flux: ['manifest'],
  component: ['manifest', 'flux'],
  cluster: ['manifest', 'flux', 'component'],
  installation: ['manifest', 'flux', 'component', 'cluster'],
  layout: ['manifest', 'delivery', 'flux', 'component', 'cluster', 'installation'],
  changes: ['manifest', 'delivery', 'flux', 'component', 'cluster', 'installation', 'layout'],
  agent: ['manifest', 'flux', 'component', 'cluster', 'installation', 'layout'],
  pipeline: ['manifest', 'delivery', 'flux', 'component', 'cluster', 'installation', 'layout'],
  'fleet/definition': [
    'manifest',
    'delivery',
    'flux',
    'component',
    'cluster',
    'installation',
    'layout',
    'agent',
    'pipeline',
  ],
  fleet: [
    'manifest',
    'delivery',
    'flux',
    'component',
    'cluster',
    'installation',
    'layout',
    'agent',
    'pipeline',
    'fleet/definition',
  ],
};
const shell: Record<string, readonly string[]> = {
  terraform: [],
  cluster: ['terraform'],
  repository: ['terraform', 'cluster'],
  flux: ['terraform', 'cluster', 'repository'],
  agent: ['terraform', 'cluster', 'repository', 'flux'],
  pipeline: ['terraform', 'cluster', 'repository', 'flux'],
};

const side = ['gitlab', 'build'];

const model = (room: string): string => `lib/model/${room}`;
const construct = (room: string): string => `lib/constructs/${room}`;
const coreRooms = Object.keys(core).map(model);
const shellRooms = Object.keys(shell).map(construct);
const sideRooms = side.map((room) => `lib/${room}`);
const ends = ['stacks', 'cli'];

/** Whether code in one place may import another place. */
function allowed(from: string, to: string): boolean {
  const [room, target] = [from, to].map((place) => place.replace(/^lib\/(model|constructs)\//, '')) as [string, string];
  if (from === to) return true;
  if (from.startsWith('lib/model/')) return to.startsWith('lib/model/') && core[room]!.includes(target);
  if (from.startsWith('lib/constructs/')) {
    return to.startsWith('lib/model/')
      ? target !== 'fleet'
      : to.startsWith('lib/constructs/') && shell[room]!.includes(target);
  }
  if (sideRooms.includes(from)) return to.startsWith('lib/model/');
  if (from === 'lib') return to.startsWith('lib/') && to !== model('fleet') && !sideRooms.includes(to);
  if (from === 'cli') return to.startsWith('lib/model/') || sideRooms.includes(to);
  return from === 'stacks' && to.startsWith('lib') && !sideRooms.includes(to);
}

interface Probe {
  readonly file: string;
  readonly line: string;
  /** The rule that must complain, none when the line is fine. */
  readonly rule?: string;
}

const places = [...coreRooms, ...shellRooms, ...sideRooms, ...ends, 'lib'];
const direction = 'import-x/no-restricted-paths';
const packages = '@typescript-eslint/no-restricted-imports';
const provider = '@cdktf/provider-gitlab';

/** One import for each ordered pair of places. */
function directions(): Probe[] {
  return places.flatMap((from) =>
    places.map((to, index) => ({
      file: from === 'lib' ? 'lib/index.ts' : `${from}/probe-${index}.ts`,
      line: `export { thing as thing${index} } from '${relativeTo(from, to)}';`,
      rule: allowed(from, to) ? undefined : direction,
    })),
  );
}

function relativeTo(from: string, to: string): string {
  const path = posix.relative(from, `${to}/thing`);
  return path.startsWith('.') ? path : `./${path}`;
}

/** Every way to write an import of what is above. */
const forms: Probe[] = [
  { line: "import type { Thing } from '../cluster/thing';\nexport type X = Thing;", rule: direction },
  { line: "import { type Thing } from '../cluster/thing';\nexport type X = Thing;", rule: direction },
  { line: "import '../cluster/thing';", rule: direction },
  { line: "export * from '../cluster/thing';", rule: direction },
  { line: "export type { Thing } from '../cluster/thing';", rule: direction },
  { line: "export const x = import('../cluster/thing');", rule: direction },
  { line: "export const x = require('../cluster/thing');", rule: direction },
  { line: "import x = require('../cluster/thing');\nexport { x };", rule: direction },
  { line: "export type X = import('../cluster/thing').Thing;", rule: '@typescript-eslint/consistent-type-imports' },
  { line: "import { X } from '../../constructs/flux/thing';\nexport { X };", rule: direction },
  { line: "export { X } from '../../index';", rule: direction },
  { line: "export const x = import('../cluster/thing.js');", rule: direction },
  { line: "export const x = import('../manifest/thing.js');" },
  { line: "export { X } from '../validation-error';" },
  { line: "export { X } from '../manifest/thing.js';", rule: packages },
].map((probe, index) => ({ ...probe, file: `lib/model/flux/form-${index}.ts` }));

/** Packages per place. */
const packageProbes: Probe[] = [
  ...[...coreRooms, ...sideRooms, 'cli', 'lib/model'].flatMap((place) =>
    [
      `import { App } from 'cdktf';`,
      `import type { App } from 'cdktf';`,
      `import { Construct } from 'constructs';`,
      `import { SecretV1 } from '@cdktf/provider-kubernetes/lib/secret-v1/index.js';`,
      `import 'cdktf/lib/testing/adapters/jest';`,
    ].map((line) => ({ place, line, rule: packages })),
  ),
  ...['cli', model('cluster')].map((place) => ({
    place,
    line: "export const x = import('cdktf');",
    rule: 'no-restricted-syntax',
  })),
  ...[...shellRooms, 'stacks'].flatMap((place) => [
    { place, line: `import { App } from 'cdktf';` },
    { place, line: `import { Construct } from 'constructs';` },
    { place, line: `import { type RepositoryFile } from '${provider}/lib/repository-file/index.js';` },
    {
      place,
      line: `import { GitlabProvider } from '${provider}/lib/provider/index.js';`,
      rule: place === 'lib/constructs/terraform' ? undefined : packages,
    },
    {
      place,
      line: "import { TerraformVariable } from 'cdktf';",
      rule: place === 'lib/constructs/terraform' ? undefined : packages,
    },
    { place, line: `import { RepositoryFile } from '${provider}';`, rule: packages },
    { place, line: `import type { RepositoryFile } from '${provider}';`, rule: packages },
    { place, line: `import { repositoryFile } from '${provider}/lib';`, rule: packages },
    { place, line: `import { repositoryFile } from '${provider}/lib/index.js';`, rule: packages },
    { place, line: `import { RepositoryFile } from '${provider}/lib/repository-file';`, rule: packages },
    { place, line: `export const x = import('${provider}');`, rule: 'no-restricted-syntax' },
    { place, line: `import { App } from 'cdktn';`, rule: packages },
    { place, line: `import { z } from 'zod';`, rule: packages },
  ]),
  { place: model('cluster'), line: `import { z } from 'zod';`, rule: packages },
  { place: model('fleet'), line: `import { z } from 'zod';` },
  { place: model('fleet/definition'), line: `import { z } from 'zod';`, rule: packages },
  { place: model('manifest'), line: `import { parse } from 'yaml';` },
].map(({ place, ...probe }, index) => ({ ...probe, file: `${place}/package-${index}.ts` }));

/** Directions of the ends, cycles, and the style of the public surface. */
const otherProbes: Probe[] = [
  { file: 'main.ts', line: "import './stacks/thing';" },
  { file: 'main.ts', line: "import './cli/thing';", rule: direction },
  { file: 'lib/model/flux/tests.ts', line: "import '../../../__tests__/thing';", rule: direction },
  { file: 'lib/model/flux/bench.ts', line: "import '../../../bench/thing';", rule: direction },
  { file: 'lib/model/validation-error.ts', line: "import './manifest/thing';", rule: direction },
  { file: 'stacks/main.ts', line: "import '../main';", rule: direction },
  { file: 'stacks/index-import.ts', line: "export { thing } from '../lib/index';" },
  { file: 'lib/model/layout/a.ts', line: "export { b } from './b';", rule: 'import-x/no-cycle' },
  { file: 'lib/model/layout/b.ts', line: "export { a as b } from './a';", rule: 'import-x/no-cycle' },
  { file: 'lib/model/flux/default.ts', line: 'export default 1;', rule: 'import-x/no-default-export' },
  { file: 'lib/model/flux/silent.ts', line: 'export class Silent {}', rule: 'jsdoc/require-jsdoc' },
  {
    file: 'lib/model/flux/words.ts',
    line: '/**\n * A.\n *\n * @param other - b\n */\nexport function a(b: string): string {\n  return b;\n}',
    rule: 'jsdoc/check-param-names',
  },
  {
    file: 'lib/constructs/flux/writable.ts',
    line: '/** A. */\nexport interface A {\n  /** B. */\n  b: string;\n}',
    rule: 'no-restricted-syntax',
  },
  { file: 'lib/model/flux/throw.ts', line: "throw new Error('no');", rule: 'no-restricted-syntax' },
  { file: 'lib/model/flux/long.ts', line: "import 'node:fs';\n".repeat(301), rule: 'max-lines' },
];

const probes = [...directions(), ...forms, ...packageProbes, ...otherProbes];

interface Report {
  readonly rooms: Record<'core' | 'shell' | 'side' | 'foundation', readonly string[]>;
  readonly files: Record<string, readonly { ruleId: string | null; line: number; message: string }[]>;
}

const repository = join(__dirname, '../..');
const concerned = new Set([direction, packages, ...otherProbes.flatMap(({ rule }) => rule ?? [])]);

describe('the directions of imports', () => {
  let house: string;
  let report: Report;
  const lines = new Map<Probe, { first: number; last: number }>();

  beforeAll(() => {
    house = mkdtempSync(join(realpathSync(tmpdir()), 'house-'));
    const texts = new Map<string, string>();
    for (const place of [...places, '__tests__', 'bench']) texts.set(`${place}/thing.ts`, 'export const thing = 1;\n');
    texts.set('lib/model/validation-error.ts', '');
    texts.set('tsconfig.json', '{}');
    for (const probe of probes) {
      const before = texts.get(probe.file) ?? '';
      const first = before.split('\n').length;
      texts.set(probe.file, `${before}${probe.line}\n`);
      lines.set(probe, { first, last: first + probe.line.split('\n').length - 1 });
    }
    for (const [path, text] of texts) {
      mkdirSync(dirname(join(house, path)), { recursive: true });
      writeFileSync(join(house, path), text);
    }
    const output = execFileSync(process.execPath, [join(__dirname, 'lint-probe.mjs')], {
      cwd: house,
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
    report = JSON.parse(output) as Report;
  }, 120_000);

  afterAll(() => rmSync(house, { recursive: true, force: true }));

  /** The rules that complain about a probe, of those that this test is about. */
  function complaints(probe: Probe): string[] {
    const { first, last } = lines.get(probe)!;
    const messages = report.files[probe.file];
    if (messages === undefined) throw new Error(`${probe.file} was not linted`);
    const here = messages.filter(({ line }) => line >= first && line <= last).map(({ ruleId }) => ruleId ?? 'fatal');
    return [...new Set(here)].filter((rule) => rule === 'fatal' || rule === probe.rule || concerned.has(rule));
  }

  const title = ({ file, line }: Probe): string => `${file}: ${line.split('\n', 1)[0]!}`;
  const refused = probes.filter(({ rule }) => rule !== undefined);
  const accepted = probes.filter(({ rule }) => rule === undefined);

  test.each(refused.map((probe) => [title(probe), probe] as const))('refused: %s', (_title, probe) => {
    expect(complaints(probe)).toContain(probe.rule);
  });

  test.each(accepted.map((probe) => [title(probe), probe] as const))('accepted: %s', (_title, probe) => {
    expect(complaints(probe).filter((rule) => rule === 'fatal' || rule === direction || rule === packages)).toEqual([]);
  });

  test('lint knows the rooms that this test knows', () => {
    expect(report.rooms.core).toEqual(Object.keys(core));
    expect(report.rooms.shell).toEqual(Object.keys(shell));
    expect(report.rooms.side).toEqual(side);
  });

  test('no directory and no file of lib is outside the rooms', () => {
    const inside = (path: string): string[] =>
      readdirSync(join(repository, path)).map((name) => relative('lib', join(path, name)));
    const known = [
      'index.ts',
      'model',
      'constructs',
      ...side,
      ...report.rooms.foundation.map((name) => `model/${name}`),
      ...Object.keys(core).map((room) => `model/${room}`),
      ...Object.keys(shell).map((room) => `constructs/${room}`),
    ];
    const found = ['lib', 'lib/model', 'lib/constructs'].flatMap(inside);
    expect(found.filter((path) => !known.includes(path))).toEqual([]);
  });
});
