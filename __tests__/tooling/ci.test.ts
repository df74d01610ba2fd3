import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const repository = join(__dirname, '../..');
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gitlab-flux-ci-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

interface Outcome {
  readonly code: number | null;
  readonly output: string;
  readonly lastLine: string;
}

function runNode(args: readonly string[], env: Readonly<Record<string, string | undefined>> = {}): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: repository,
    encoding: 'utf8',
    env: { ...process.env, REQUIRE_RIG: undefined, ...env },
  });
  return { code: status, output: stdout + stderr, lastLine: stdout.trimEnd().split('\n').at(-1)! };
}

describe('.ci/results.mjs', () => {
  const assertion = (status: string, fullName: string): object => ({ status, fullName });

  function count(results: object, env = {}): Outcome {
    const file = join(directory, 'results.json');
    const none = { numPassedTests: 1, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };
    writeFileSync(file, JSON.stringify({ ...none, numRuntimeErrorTestSuites: 0, testResults: [], ...results }));
    return runNode(['.ci/results.mjs', file], env);
  }

  test('counts, and succeeds when nothing failed', () => {
    const outcome = count({ numPassedTests: 12, numPendingTests: 2, numTodoTests: 1 });
    expect(outcome).toMatchObject({ code: 0, lastLine: '12 passed, 0 failed, 3 skipped' });
  });

  test('fails for a failed test, and names it', () => {
    const testResults = [{ status: 'failed', assertionResults: [assertion('failed', 'a thing breaks')] }];
    const outcome = count({ numFailedTests: 1, testResults });
    expect(outcome).toMatchObject({ code: 1, lastLine: '1 passed, 1 failed, 0 skipped' });
    expect(outcome.output).toContain('failed: a thing breaks');
  });

  test('counts a file that cannot be run as a failure', () => {
    const testResults = [{ name: 'x.test.ts', status: 'failed', message: 'no such module', assertionResults: [] }];
    const outcome = count({ numRuntimeErrorTestSuites: 1, testResults });
    expect(outcome).toMatchObject({ code: 1, lastLine: '1 passed, 1 failed, 0 skipped' });
    expect(outcome.output).toContain('could not run: x.test.ts\nno such module');
  });

  test('adds up what several runs count, and wants tests in each', () => {
    const files = [{ numPassedTests: 3 }, { numPassedTests: 2, numPendingTests: 1 }, {}].map((counts, index) => {
      const file = join(directory, `${index}.json`);
      const none = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };
      writeFileSync(file, JSON.stringify({ ...none, numRuntimeErrorTestSuites: 0, testResults: [], ...counts }));
      return file;
    });
    const lastLine = '5 passed, 0 failed, 1 skipped';
    expect(runNode(['.ci/results.mjs', ...files.slice(0, 2)])).toMatchObject({ code: 0, lastLine });
    expect(runNode(['.ci/results.mjs', ...files])).toMatchObject({ code: 1, lastLine });
  });

  test('fails when no test passed', () => {
    expect(count({ numPassedTests: 0 })).toMatchObject({ code: 1, lastLine: '0 passed, 0 failed, 0 skipped' });
  });

  test('fails when a test that needs the rig was skipped although the rig is there', () => {
    const testResults = [{ assertionResults: [assertion('pending', 'chart (skipped, rig: no etcd) installs')] }];
    const results = { numPendingTests: 1, testResults };
    expect(count(results)).toMatchObject({ code: 0, lastLine: '1 passed, 0 failed, 1 skipped' });
    expect(count(results, { REQUIRE_RIG: '1' })).toMatchObject({ code: 1, lastLine: '1 passed, 0 failed, 1 skipped' });
  });

  test('a program that is no part of the rig may be missing', () => {
    const testResults = [{ assertionResults: [assertion('pending', 'x (skipped, program: flux is not there) y')] }];
    expect(count({ numPendingTests: 1, testResults }, { REQUIRE_RIG: '1' }).code).toBe(0);
  });
});

describe('tests that need the rig', () => {
  interface Results {
    readonly testResults: readonly {
      readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
    }[];
  }

  function runRigTests(env: Readonly<Record<string, string>>): { readonly code: number | null; names: string[] } {
    const file = join(directory, 'results.json');
    const options = ['--selectProjects', 'cdktf', '--json', '--outputFile', file, '__tests__/rig/'];
    const { code } = runNode(['node_modules/jest/bin/jest.js', ...options], env);
    const { testResults } = JSON.parse(readFileSync(file, 'utf8')) as Results;
    const assertions = testResults.flatMap(({ assertionResults }) => assertionResults);
    return { code, names: assertions.map(({ status, fullName }) => `${status}: ${fullName}`) };
  }

  test('skip with the reason in their names when there is no rig', () => {
    const { code, names } = runRigTests({ SHARED_DIR: directory });
    expect(code).toBe(0);
    expect(names).toContain('pending: the control plane of the rig (skipped, rig: ../shared/rig is not there) answers');
    expect(names.filter((name) => !name.startsWith('pending: '))).toEqual([]);
  }, 60_000);

  test('fail when the rig is required and not built', () => {
    const shared = join(directory, 'shared');
    const { code, names } = runRigTests({ SHARED_DIR: shared, RIG_BIN: directory, REQUIRE_RIG: '1' });
    expect(code).toBe(1);
    expect(names).toContain('failed: the control plane of the rig the rig is there');
  }, 60_000);
});
