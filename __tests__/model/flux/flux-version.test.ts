import { checkFluxVersion, fluxVersionWarnings } from '../../../lib/model/flux/flux-version';

const check = (version: string): void => checkFluxVersion('Flux', 'version', version);

test.each(['v2.7.0', 'v2.9.4', 'v2.10.0', 'v2.9.0-rc.1'])('%s is a version of Flux', (version) => {
  expect(() => check(version)).not.toThrow();
});

test.each(['2.9.4', 'v2.9', 'v3.0.0', 'latest', ''])('%j is none', (version) => {
  expect(() => check(version)).toThrow(
    `Flux: version: got ${JSON.stringify(version)}, want a version of Flux such as v2.9.4`,
  );
});

test.each(['v2.6.4', 'v2.0.0', 'v2.7.0-rc.1'])('%s is too old for the files', (version) => {
  expect(() => check(version)).toThrow(
    `Flux: version: got "${version}", want v2.7.0 or newer: an older Flux does not know all fields of the files`,
  );
});

test.each(['v2.10.0', 'v2.99.0', 'v2.10.0-rc.1', '2.10.x', '>=2.10.0'])(
  '%s is newer than what was tried',
  (version) => {
    expect(fluxVersionWarnings(version)).toEqual([
      { message: `Flux ${version} is newer than what this release was tried with, up to 2.9` },
    ]);
  },
);

test.each(['v2.7.0', 'v2.9.4', 'v2.9.99', '2.9.x', '2.x', '>=2.8.0', undefined])(
  '%s may be one that was tried',
  (version) => {
    expect(fluxVersionWarnings(version)).toEqual([]);
  },
);
