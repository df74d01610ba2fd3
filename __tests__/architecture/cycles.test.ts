import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';

const repository = join(__dirname, '../..');

/** Imports of each file by path, `import type` included, which ESLint's rule for cycles leaves out. */
function importGraph(files: readonly string[], read: (file: string) => string): Map<string, readonly string[]> {
  const known = new Set(files);
  return new Map(
    files.map((file) => {
      const { importedFiles } = ts.preProcessFile(read(file), true, true);
      const candidates = importedFiles
        .filter(({ fileName }) => fileName.startsWith('.'))
        .flatMap(({ fileName }) => {
          const path = join(dirname(file), fileName);
          return [`${path}.ts`, join(path, 'index.ts')];
        });
      return [file, candidates.filter((path) => known.has(path))];
    }),
  );
}

/** A chain of imports that ends where it starts, if there is one. */
function findCycle(graph: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): string[] | undefined => {
    const start = path.indexOf(file);
    if (start !== -1) return [...path.slice(start), file];
    if (done.has(file)) return undefined;
    for (const next of graph.get(file) ?? []) {
      const cycle = visit(next, [...path, file]);
      if (cycle !== undefined) return cycle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of graph.keys()) {
    const cycle = visit(file, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

test('lib, stacks and cli have no import cycle, not even of types', () => {
  const files = ['lib', 'stacks', 'cli']
    .filter((directory) => existsSync(join(repository, directory)))
    .flatMap((directory) => readdirSync(join(repository, directory), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(repository, join(entry.parentPath, entry.name)));
  expect(files).toContain('lib/model/validation-error.ts');
  const cycle = findCycle(importGraph(files, (file) => readFileSync(join(repository, file), 'utf8')));
  expect(cycle).toBeUndefined();
});

test('a cycle through a type and an index file is found', () => {
  const sources: Record<string, string> = {
    'a.ts': "import type { B } from './b';",
    'b/index.ts': "export * from './c';",
    'b/c.ts': "export type C = import('../a').A;",
    'd.ts': "import './a';",
  };
  const cycle = findCycle(importGraph(Object.keys(sources), (file) => sources[file]!));
  expect(cycle).toEqual(['a.ts', 'b/index.ts', 'b/c.ts', 'a.ts']);
});
