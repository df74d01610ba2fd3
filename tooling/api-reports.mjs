// The public surface, one report per subpath in etc/, made by API Extractor from the declarations in dist/.
//   node tooling/api-reports.mjs            fails when a report is stale, or names something without documentation
//   node tooling/api-reports.mjs --update   writes the reports
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';

const root = join(import.meta.dirname, '..');
const update = process.argv.includes('--update');
const packageFile = join(root, 'package.json');
const { name, exports: subpaths } = JSON.parse(readFileSync(packageFile, 'utf8'));
const temporary = mkdtempSync(join(tmpdir(), 'api-reports-'));
const problems = [];

/** Symbols that a subpath uses and does not export: fine when another subpath exports them. */
const forgotten = [];
const exported = new Set();

try {
  mkdirSync(join(root, 'etc'), { recursive: true });
  for (const [subpath, target] of Object.entries(subpaths)) {
    if (typeof target === 'object') report(subpath, join(root, target.types));
  }
  for (const { symbol, from } of forgotten) {
    // The abstract class behind one that is made and one that is found: nobody names it.
    if (symbol.endsWith('Base')) continue;
    if (!exported.has(symbol)) problems.push(`${from}: uses ${symbol}, which no subpath exports`);
  }
} finally {
  rmSync(temporary, { recursive: true, force: true });
}

for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else console.log(`API reports ${update ? 'written' : 'are up to date'}.`);

function report(subpath, entry) {
  const from = subpath === '.' ? name : `${name}${subpath.slice(1)}`;
  const file = `${from.replaceAll('/', '.')}.api.md`;
  if (!existsSync(entry)) {
    problems.push(`${from}: ${entry} does not exist`);
    return;
  }
  const stale = !generate(entry, file, from) && !update;
  if (stale) problems.push(`${from}: etc/${file} is not what the code says: npm run api`);
  const text = readFileSync(join(temporary, file), 'utf8');
  for (const match of text.matchAll(
    /^export (?:abstract |declare )*(?:class|const|enum|function|interface|type) (\w+)/gm,
  )) {
    exported.add(match[1]);
  }
  for (const [, declaration] of text.matchAll(/\(undocumented\)\n\s*(.*)/g)) {
    problems.push(`${from}: no documentation: ${declaration}`);
  }
}

/** Whether the report in etc/ was up to date. */
function generate(entry, reportFileName, from) {
  const config = ExtractorConfig.prepare({
    packageJsonFullPath: packageFile,
    configObjectFullPath: join(root, 'api-extractor.json'),
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: entry,
      compiler: { tsconfigFilePath: join(root, 'tsconfig.build.json') },
      newlineKind: 'lf',
      apiReport: { enabled: true, reportFileName, reportFolder: join(root, 'etc'), reportTempFolder: temporary },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
        extractorMessageReporting: {
          default: { logLevel: ExtractorLogLevel.Error },
          'ae-missing-release-tag': { logLevel: ExtractorLogLevel.None },
          'ae-undocumented': { logLevel: ExtractorLogLevel.None },
          // `{@link Foo}` of another subpath cannot be resolved by API Extractor.
          'ae-unresolved-link': { logLevel: ExtractorLogLevel.None },
        },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      },
    },
  });
  const { apiReportChanged } = Extractor.invoke(config, {
    localBuild: update,
    messageCallback: (message) => {
      message.handled = true;
      if (message.messageId === 'ae-forgotten-export') {
        forgotten.push({ symbol: /"(\w+)"/.exec(message.text)?.[1], from });
      } else if (message.logLevel === ExtractorLogLevel.Error) {
        const where = message.sourceFilePath ? `${message.sourceFilePath}:${message.sourceFileLine}: ` : '';
        problems.push(`${from}: ${where}${message.messageId} ${message.text}`);
      }
    },
  });
  return !apiReportChanged;
}
