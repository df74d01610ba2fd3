// Lints files of the working directory with the project's configuration, in a process of its own because Jest
// cannot load ES modules: prints, per path, the rules that complain as JSON.
import { join, relative } from 'node:path';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

const eslint = new ESLint({
  overrideConfigFile: join(import.meta.dirname, '../../eslint.config.mjs'),
  // Nothing here needs types, and snippets import what does not exist.
  overrideConfig: tseslint.configs.disableTypeChecked,
});
const results = await eslint.lintFiles(['.']);
const rules = results.map(({ filePath, messages }) => [
  relative(process.cwd(), filePath),
  messages.map(({ ruleId, message }) => ruleId ?? message),
]);
process.stdout.write(JSON.stringify(Object.fromEntries(rules)));
