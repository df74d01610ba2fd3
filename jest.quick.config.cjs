const { projects, ...config } = require('./jest.config.cjs');

/** What needs the rig, and what calls programs or tries many fleets: once, on one Node.js, is enough. */
const slow = [
  '\\.rig\\.test\\.ts$',
  '/__tests__/architecture/lint',
  '/__tests__/charts/[^/]*scripts?\\.test\\.ts$',
  '/__tests__/docs/typescript',
  '/__tests__/fleet-properties/',
  '/__tests__/model/fleet/mutations',
];

/**
 * The quick tests: `npm run test:quick`. The gate runs them on the newest Node.js that is supported.
 *
 * @type {import('jest').Config}
 */
module.exports = {
  ...config,
  projects: projects.map(({ testPathIgnorePatterns, ...project }) => ({
    ...project,
    testPathIgnorePatterns: [...testPathIgnorePatterns, ...slow],
  })),
};
