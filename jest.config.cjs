const { availableParallelism } = require('node:os');

// Programs in Go run for a moment in tests: collecting their garbage so often costs a fifth of their time.
process.env['GOGC'] ??= '400';

const swc = [
  '@swc/jest',
  { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' }, sourceMaps: 'inline' },
];

/** `import('./x.js')` of x.ts: a lazy import needs the extension that the file has when it runs. */
const lazyImports = { '^(\\.{1,2}/.*)\\.js$': '$1' };

const project = {
  testEnvironment: 'node',
  roots: ['<rootDir>/__tests__'],
  // secretlint is an ES module, which Node.js loads by require() and Jest does not.
  transform: { '^.+\\.ts$': swc, '/node_modules/@secretlint/.+\\.js$': swc },
  transformIgnorePatterns: ['/node_modules/(?!@secretlint/)'],
  moduleFileExtensions: ['js', 'ts', 'cjs', 'json', 'node'],
  moduleNameMapper: lazyImports,
  setupFilesAfterEnv: ['<rootDir>/__tests__/support/setup.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/__tests__/support/', '/fixtures/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/cdktf.out/'],
};

/**
 * Two projects: `cdktf`, and what touches the framework once more on its successor `cdktn`.
 * `*.rig.test.ts` needs ../shared/rig and runs once; `*.cdktn.test.ts` runs on cdktn only.
 *
 * @type {import('jest').Config}
 */
module.exports = {
  testTimeout: 20_000,
  // Tests with real programs wait for them half of their time.
  maxWorkers: availableParallelism() + 1,
  projects: [
    {
      ...project,
      displayName: 'cdktf',
      testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
      testPathIgnorePatterns: [...project.testPathIgnorePatterns, '\\.cdktn\\.test\\.ts$'],
    },
    {
      ...project,
      displayName: 'cdktn',
      testMatch: [
        '<rootDir>/__tests__/**/*.cdktn.test.ts',
        '<rootDir>/__tests__/constructs/**/*.test.ts',
        '<rootDir>/__tests__/stacks/**/*.test.ts',
      ],
      testPathIgnorePatterns: [...project.testPathIgnorePatterns, '\\.rig\\.test\\.ts$'],
      moduleNameMapper: { ...lazyImports, '^cdktf$': 'cdktn', '^cdktf/(.*)$': 'cdktn/$1' },
    },
  ],
};
