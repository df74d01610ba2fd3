// Lints files of the working directory with the project's configuration, in a process of its own because Jest
// cannot load ES modules: prints, per path, the messages as JSON.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ESLint } from 'eslint';

const config = join(import.meta.dirname, '../../eslint.config.mjs');
const { default: tseslint } = await import('typescript-eslint');
const eslint = new ESLint({
  overrideConfigFile: config,
  // Directions need no types, and snippets import what does not exist.
  overrideConfig: tseslint.configs.disableTypeChecked,
});
const results = await eslint.lintFiles(['.']);
const { coreRooms, shellRooms, sideRooms, foundation } = await import(
  pathToFileURL(join(import.meta.dirname, '../../tooling/boundaries.mjs')).href
);
process.stdout.write(
  JSON.stringify({
    rooms: { core: Object.keys(coreRooms), shell: Object.keys(shellRooms), side: sideRooms, foundation },
    files: Object.fromEntries(
      results.map(({ filePath, messages }) => [
        filePath.slice(process.cwd().length + 1),
        messages.map(({ ruleId, line, message }) => ({ ruleId, line, message })),
      ]),
    ),
  }),
);
