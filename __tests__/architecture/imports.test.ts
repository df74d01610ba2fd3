import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

const repository = join(__dirname, '../..');

/** An import, and the rules that refuse it; none where it is right. */
type Import = readonly [from: string, to: string, ...rules: string[]];

/** Some directions that a reader of the house knows by heart; the rules themselves say all. */
const directions: readonly Import[] = [
  ['lib/model/validation-error.ts', 'lib/model/manifest/thing', 'foundation'],
  ['lib/model/manifest/a.ts', 'lib/model/validation-error'],
  ['lib/model/manifest/a.ts', 'lib/model/delivery/thing', 'core: manifest'],
  ['lib/model/flux/a.ts', 'lib/model/manifest/thing'],
  ['lib/model/flux/a.ts', 'lib/model/cluster/thing', 'core: flux'],
  ['lib/model/flux/a.ts', 'lib/constructs/flux/thing', 'core: flux'],
  ['lib/model/flux/a.ts', 'lib/index', 'core: flux'],
  ['lib/model/flux/a.ts', '__tests__/thing', 'core: flux'],
  ['lib/model/flux/a.ts', 'bench/thing', 'core: flux'],
  ['lib/model/layout/a.ts', 'lib/model/cluster/thing'],
  ['lib/model/cluster/a.ts', 'lib/model/layout/thing', 'core: cluster'],
  ['lib/model/agent/a.ts', 'lib/model/pipeline/thing', 'core: agent'],
  ['lib/model/fleet/a.ts', 'lib/model/fleet/definition/thing'],
  ['lib/model/fleet/definition/a.ts', 'lib/model/pipeline/thing'],
  ['lib/model/fleet/definition/a.ts', 'lib/model/fleet/thing', 'core: fleet/definition'],
  ['lib/constructs/flux/a.ts', 'lib/constructs/repository/thing'],
  ['lib/constructs/flux/a.ts', 'lib/model/fleet/definition/thing'],
  ['lib/constructs/flux/a.ts', 'lib/model/fleet/thing', 'shell: flux'],
  ['lib/constructs/repository/a.ts', 'lib/constructs/flux/thing', 'shell: repository'],
  ['lib/build/a.ts', 'lib/model/fleet/thing'],
  ['lib/build/a.ts', 'lib/gitlab/thing', 'build'],
  ['lib/gitlab/a.ts', 'lib/constructs/flux/thing', 'gitlab'],
  ['lib/index.ts', 'lib/constructs/flux/thing'],
  ['lib/index.ts', 'lib/model/fleet/thing', 'index'],
  ['lib/index.ts', 'lib/gitlab/thing', 'index'],
  ['stacks/a.ts', 'lib/index'],
  ['stacks/a.ts', 'lib/model/fleet/thing'],
  ['stacks/a.ts', 'lib/build/thing', 'stacks'],
  ['stacks/a.ts', 'cli/thing', 'stacks'],
  ['stacks/a.ts', 'main', 'stacks'],
  ['cli/a.ts', 'lib/gitlab/thing'],
  ['cli/a.ts', 'lib/constructs/flux/thing', 'cli'],
  ['cli/a.ts', 'lib/index', 'cli'],
  ['main.ts', 'stacks/thing'],
  ['main.ts', 'cli/thing', 'main'],
  ['lib/drawer/a.ts', 'lib/model/manifest/thing', 'in a room'],
  ['lib/model/manifest/a.ts', 'lib/drawer/thing', 'core: manifest'],
  ['lib/drawer.ts', 'lib/model/manifest/thing', 'in a room'],
];

const provider = '@cdktf/provider-gitlab';
const resource = `${provider}/lib/project/index.js`;
const packages: readonly Import[] = [
  ...['lib/model/cluster/a.ts', 'lib/gitlab/a.ts', 'cli/a.ts'].flatMap((from): Import[] => [
    [from, 'cdktf', 'framework'],
    [from, 'constructs', 'framework'],
    [from, resource, 'door', 'framework'],
    [from, 'cdktf/lib/testing/adapters/jest', 'framework'],
  ]),
  ['lib/constructs/flux/a.ts', 'cdktf'],
  ['stacks/a.ts', 'constructs'],
  ['lib/constructs/terraform/a.ts', resource],
  ['lib/constructs/flux/a.ts', resource, 'door'],
  ['lib/constructs/terraform/a.ts', provider, 'providers'],
  ['lib/constructs/terraform/a.ts', `${provider}/lib`, 'providers'],
  ['lib/constructs/terraform/a.ts', `${provider}/lib/index.js`, 'providers'],
  ['stacks/a.ts', 'cdktn', 'cdktn'],
  ['lib/model/fleet/a.ts', 'zod'],
  ['lib/model/fleet/definition/a.ts', 'zod', 'zod'],
  ['lib/model/cluster/a.ts', 'zod', 'zod'],
  ['stacks/a.ts', 'zod', 'zod'],
  ['lib/model/manifest/a.ts', 'yaml'],
];

/** A type of a provider is no class of it. */
const typesOfProviders: readonly (readonly [text: string, rules: readonly string[]])[] = [
  [`import type { Project } from '${resource}';\nexport type X = Project;`, []],
  [`import { type Project } from '${resource}';\nexport type X = Project;`, []],
  [`import { type Project, other } from '${resource}';\nexport type X = Project;\nexport { other };`, ['door']],
  [`export { Project } from '${resource}';`, ['door']],
  [`export const x = import('${resource}');`, ['door']],
];

/** Every way to write an import. */
const forms = [
  "import '../cluster/thing';",
  "import type { Thing } from '../cluster/thing';\nexport type X = Thing;",
  "import { type Thing } from '../cluster/thing';\nexport type X = Thing;",
  "export * from '../cluster/thing';",
  "export type { Thing } from '../cluster/thing';",
  "export const x = import('../cluster/thing.js');",
  "export const x = require('../cluster/thing');",
  "import x = require('../cluster/thing');\nexport { x };",
  "export type X = import('../cluster/thing').Thing;",
];

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}

/** What a house needs beside its own files. */
const furniture = {
  'tsconfig.json': '{}',
  [`node_modules/${provider}/package.json`]: '{"main":"lib/index.js"}',
  [`node_modules/${provider}/lib/index.js`]: '',
  [`node_modules/${resource}`]: '',
};

/** What is wrong in a house of some files. */
function violationsIn(files: Readonly<Record<string, string>>): readonly Violation[] {
  const house = mkdtempSync(join(realpathSync(tmpdir()), 'house-'));
  for (const [path, text] of Object.entries({ ...furniture, ...files })) {
    mkdirSync(dirname(join(house, path)), { recursive: true });
    writeFileSync(join(house, path), text);
  }
  const config = join(repository, '.dependency-cruiser.mjs');
  const args = [join(repository, 'node_modules/.bin/depcruise'), '--config', config, '--output-type', 'json', '.'];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: house, encoding: 'utf8', maxBuffer: 1 << 26 });
  rmSync(house, { recursive: true });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout).summary.violations;
}

const isFile = (to: string): boolean => /^(lib|stacks|cli|main|__tests__|bench)(\/|$)/.test(to);
const files: Record<string, string> = {
  'lib/model/cluster/thing.ts': 'export type Thing = 1;\nexport const thing = 1;\n',
};

// One file for each import, beside the one that is named, unless there is one of its name only.
const imports = [...directions, ...packages].map(([from, to, ...rules], index) => {
  const file = from.replace(/\ba\.ts$/, `a${index}.ts`);
  const path = isFile(to) ? relative(dirname(file), to).replace(/^(?!\.)/, './') : to;
  files[file] = `${files[file] ?? 'export const thing = 1;\n'}import '${path}';\n`;
  if (isFile(to)) files[`${to}.ts`] ??= 'export const thing = 1;\n';
  return [from, to, rules, file] as const;
});
for (const [index, form] of forms.entries()) files[`lib/model/flux/form-${index}.ts`] = `${form}\n`;
for (const [index, [text]] of typesOfProviders.entries()) files[`lib/constructs/flux/type-${index}.ts`] = `${text}\n`;
Object.assign(files, {
  'lib/model/flux/cycle.ts': "import type { B } from './b';\nexport type A = B;\n",
  'lib/model/flux/b/index.ts': "export * from './c';\n",
  'lib/model/flux/b/c.ts': "export type B = 1;\nexport const a = () => import('../cycle.js');\n",
});
const violations = violationsIn(files);
const rulesFor = (file: string, to = ''): string[] =>
  violations
    .filter((each) => each.from === file && each.to.replace(/^node_modules\//, '').startsWith(to))
    .map(({ rule }) => rule.name)
    .sort();

test.each(imports)('%s and %s: %p', (_, to, rules, file) => {
  expect(rulesFor(file, to)).toEqual(rules);
});

test.each(forms.map((form, index) => [form.split('\n').join(' '), index] as const))('is seen: %s', (_, index) => {
  expect(rulesFor(`lib/model/flux/form-${index}.ts`)).toEqual(['core: flux']);
});

test.each(typesOfProviders.map((each, index) => [...each, index] as const))('%s: %p', (_, rules, index) => {
  expect(rulesFor(`lib/constructs/flux/type-${index}.ts`)).toEqual(rules);
});

test('a cycle through a type, an index file and a lazy import is found', () => {
  expect(violations.filter(({ rule }) => rule.name === 'no cycle')).toMatchObject([{ from: 'lib/model/flux/b/c.ts' }]);
});
