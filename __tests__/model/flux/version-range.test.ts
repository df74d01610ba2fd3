import { ChartSource } from '../../../lib/model/component/chart/chart-source';
import { checkGitRef } from '../../../lib/model/flux/git-repository';
import { checkOciRef } from '../../../lib/model/flux/oci-repository';

const url = 'https://charts.example.com';
const places: readonly [string, (range: string) => unknown][] = [
  ['the version of a chart', (version) => ChartSource.repository({ url, name: 'app', version })],
  ['the ref of a Git repository', (semver) => checkGitRef('component "app"', 'ref', { semver })],
  ['the ref of an OCI repository', (semver) => checkOciRef('chart source', 'ref', { semver })],
];

describe.each(places)('%s', (_, check) => {
  test.each([
    '1.2.3',
    'v1.2.3',
    '1.2.3-rc.1+build.5',
    '1.x',
    '*',
    '~1.2',
    '^1.2.3',
    '>=1.0.0 <2.0.0',
    '>=1.0.0, <2.0.0',
    '>=1.0.0-0,!=1.5.0',
    '1.2 - 1.4.5',
    '1.x || >=3.0.0, <4',
  ])('takes %s, as Flux does', (range) => {
    expect(() => check(range)).not.toThrow();
  });

  test.each(['latest', '1.2.3.4', '1.x ||', ',', ' ', '!1.0.0', '>>1.0.0'])('refuses %j, as Flux does', (range) => {
    expect(() => check(range)).toThrow(
      new RegExp(
        `got "${range.replace(/[.|*]/g, '\\$&')}", want a version such as 1\\.2\\.3, or a range such as 1\\.x`,
      ),
    );
  });
});
