import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';

import * as library from '../../lib';
import * as fleet from '../../lib/model/fleet';
import * as stacks from '../../stacks';
import { type Block, blocksOf, root } from './markdown';

/** The names by which people import the package, with the sources behind them. */
const subpaths = {
  'cdktf-gitlab-flux': { source: './lib/index.ts', exports: library },
  'cdktf-gitlab-flux/stacks': { source: './stacks/index.ts', exports: stacks },
  'cdktf-gitlab-flux/fleet': { source: './lib/model/fleet/index.ts', exports: fleet },
};

/** What `ts snippet` blocks take for granted, so that they can show one thing. */
const given = `
import { ${Object.keys(library).sort().join(', ')} } from 'cdktf-gitlab-flux';
import type { Component, IGitLabProject, IFlux } from 'cdktf-gitlab-flux';
import { TerraformStack } from 'cdktf';
declare const stack: TerraformStack;
declare const cluster: Cluster;
declare const project: IGitLabProject;
declare const access: ClusterAccess;
declare const flux: IFlux;
declare const connection: ClusterConnection;
declare const logStore: KustomizeComponent;
declare const fluentd: KustomizeComponent;
`;

const blocks = blocksOf('ts').map((block) => ({ block, name: join(root, `${block.at.replace(/\W/g, '-')}.ts`) }));

function sourceOf({ attributes, text }: Block): string {
  return 'snippet' in attributes ? `${given}export {};\n${text}\n` : `${text}\nexport {};\n`;
}

test('every TypeScript block compiles', () => {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
    config: object;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const sources = new Map(blocks.map(({ block, name }) => [name, sourceOf(block)]));
  const paths = Object.fromEntries(Object.entries(subpaths).map(([name, { source }]) => [name, [source]]));
  const compilerOptions = { ...options, paths, pathsBasePath: root };
  const host = ts.createCompilerHost(compilerOptions);
  host.fileExists = (path) => sources.has(path) || ts.sys.fileExists(path);
  host.readFile = (path) => sources.get(path) ?? ts.sys.readFile(path);
  const program = ts.createProgram([...sources.keys()], compilerOptions, host);
  const problems = blocks.flatMap(({ block, name }) => {
    const file = program.getSourceFile(name)!;
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
      ({ messageText }) => `${block.at}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
    );
  });
  expect(problems).toEqual([]);
}, 120_000);

const programs = blocks.filter(({ block }) => 'run' in block.attributes).map(({ block }) => [block.at, block] as const);

test.each(programs)('the program at %s runs', (_, block) => {
  const output = mkdtempSync(join(tmpdir(), 'gitlab-flux-docs-'));
  process.env['CDKTF_OUTDIR'] = output;
  try {
    const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true };
    const { outputText } = ts.transpileModule(block.text, { compilerOptions });
    const load = (name: string): unknown =>
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- as the compiled block does
      name in subpaths ? subpaths[name as keyof typeof subpaths].exports : (require(name) as unknown);
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- it is our own documentation
    const run = new Function('require', 'exports', 'console', outputText) as (...args: unknown[]) => void;
    expect(() => run(load, {}, { ...console, log: () => undefined })).not.toThrow();
  } finally {
    delete process.env['CDKTF_OUTDIR'];
    rmSync(output, { recursive: true, force: true });
  }
});
