const { projects } = require('../jest.config.cjs');

/**
 * The real programs, from `terraform apply` to workloads on a cluster: `npm run e2e`. One file at a time, because each
 * runs a control plane of its own.
 *
 * @type {import('jest').Config}
 */
module.exports = {
  ...projects[0],
  displayName: 'e2e',
  rootDir: '..',
  roots: ['<rootDir>/e2e'],
  testMatch: ['<rootDir>/e2e/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  maxWorkers: 1,
};
