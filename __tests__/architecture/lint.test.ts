import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Lines, and the rule of lint that complains about them; none where they are right. */
const probes: readonly (readonly [file: string, text: string, rule?: string])[] = [
  ['lib/constructs/flux/block.ts', "export { TerraformVariable } from 'cdktf';", 'no-restricted-imports'],
  ['lib/constructs/flux/backend.ts', "export { S3Backend } from 'cdktf';", 'no-restricted-imports'],
  ['lib/constructs/flux/block-type.ts', "export type { TerraformVariable } from 'cdktf';"],
  ['lib/constructs/flux/stack.ts', "export { TerraformStack } from 'cdktf';"],
  ['lib/constructs/terraform/block.ts', "export { TerraformVariable } from 'cdktf';"],
  ['lib/model/flux/extension.ts', "export { x } from '../manifest/thing.js';", 'no-restricted-imports'],
  [
    'stacks/directory.ts',
    "export type { Project } from '@cdktf/provider-gitlab/lib/project';",
    'no-restricted-imports',
  ],
  ['stacks/file.ts', "export type { Project } from '@cdktf/provider-gitlab/lib/project/index.js';"],
  ['lib/model/flux/lazy.ts', "/** X. */\nexport const x = import('../manifest/thing.js');"],
  [
    'lib/model/flux/twice.ts',
    "import { a } from './a';\nimport { b } from './a';\n\nexport { a, b };",
    'no-duplicates',
  ],
  ['lib/model/flux/default.ts', 'export default 1;', 'no-default-export'],
  ['lib/model/flux/silent.ts', 'export class Silent {}', 'require-jsdoc'],
  [
    'lib/model/flux/words.ts',
    '/**\n * A.\n *\n * @param other - b\n */\nexport function a(b: string): string {\n  return b;\n}',
    'check-param-names',
  ],
  [
    'lib/model/flux/optional.ts',
    "/** A. */\nexport interface A {\n  /**\n   * B.\n   *\n   * @default 'c'\n   */\n  readonly b?: string;\n}",
  ],
  [
    'lib/constructs/flux/writable.ts',
    '/** A. */\nexport interface A {\n  /** B. */\n  b: string;\n}',
    'no-restricted-syntax',
  ],
  ['lib/model/flux/throw.ts', "throw new Error('no');", 'no-restricted-syntax'],
  ['__tests__/throw.ts', "throw new Error('no');"],
  ['lib/model/flux/long.ts', "import 'node:fs';\n".repeat(301), 'max-lines'],
];

describe('lint', () => {
  let complaints: Readonly<Record<string, readonly string[]>>;

  beforeAll(() => {
    const house = mkdtempSync(join(realpathSync(tmpdir()), 'house-'));
    for (const [path, text] of [...probes, ['tsconfig.json', '{}'] as const]) {
      mkdirSync(dirname(join(house, path)), { recursive: true });
      writeFileSync(join(house, path), `${text}\n`);
    }
    const script = join(__dirname, 'lint-probe.mjs');
    complaints = JSON.parse(execFileSync(process.execPath, [script], { cwd: house, encoding: 'utf8' }));
    rmSync(house, { recursive: true });
  }, 60_000);

  test.each(probes.map(([file, text, rule = 'nothing']) => [file, text.slice(0, 60), rule] as const))(
    '%s: %j: %s',
    (file, _, rule) => {
      const rules = new Set(complaints[file]?.map((name) => name.replace(/^.*\//, '')));
      if (rule === 'nothing') expect([...rules]).toEqual([]);
      else expect([...rules]).toContain(rule);
    },
  );
});
