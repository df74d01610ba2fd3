// Prints what Jest's JSON results count, as the last line "N passed, N failed, N skipped".
//   node .ci/results.mjs FILE...
// Fails when a test failed, one of the files has none that passed, or REQUIRE_RIG is 1 and tests that need ../shared/rig
// were skipped.
import { readFileSync } from 'node:fs';

const runs = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, 'utf8')));
const sum = (count) => runs.reduce((total, run) => total + count(run), 0);

const passed = sum(({ numPassedTests }) => numPassedTests);
// A file that could not be run at all has no tests that could fail.
const failed = sum(({ numFailedTests, numRuntimeErrorTestSuites }) => numFailedTests + numRuntimeErrorTestSuites);
const skipped = sum(({ numPendingTests, numTodoTests }) => numPendingTests + numTodoTests);
const testResults = runs.flatMap((run) => run.testResults);
const assertions = testResults.flatMap(({ assertionResults }) => assertionResults);

for (const { assertionResults, message, name, status } of testResults) {
  if (status === 'failed' && assertionResults.length === 0) console.log(`could not run: ${name}\n${message}`);
}
for (const { fullName } of assertions.filter(({ status }) => status === 'failed')) console.log(`failed: ${fullName}`);
const pending = assertions.filter(({ status }) => status === 'pending').map(({ fullName }) => fullName);
for (const name of pending) console.log(`skipped: ${name}`);

const needRig = pending.filter((name) => name.includes('(skipped, rig:'));
const rigIsMissed = process.env.REQUIRE_RIG === '1' && needRig.length > 0;
if (rigIsMissed) console.log(`${needRig.length} tests that need ../shared/rig were skipped although it is there.`);
const isEmpty = runs.some(({ numPassedTests }) => numPassedTests === 0);
if (isEmpty) console.log('No test passed.');

console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed > 0 || rigIsMissed || isEmpty ? 1 : 0;
