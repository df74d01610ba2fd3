import jsonata from 'jsonata';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

import { loadFleet } from '../../lib/model/fleet';
import { EXAMPLE, ROOT } from '../support/example-fleet';

/** What Renovate's manager `jsonata` reads of a preset. */
interface CustomManager {
  readonly customType: string;
  readonly fileFormat: string;
  readonly managerFilePatterns: readonly string[];
  readonly matchStrings: readonly string[];
}

const preset = JSON.parse(readFileSync(join(ROOT, 'renovate', 'default.json'), 'utf8'));
const [manager] = preset.customManagers as [CustomManager];
const FIXTURE = join(__dirname, 'fixtures', 'fleet.yaml');

/** Each dependency in one line. Renovate takes a result or a list of results of each query. */
async function found(text: string): Promise<readonly string[]> {
  const data: unknown = parse(text);
  const results = await Promise.all(manager.matchStrings.map((query) => jsonata(query).evaluate(data)));
  return results
    .flat()
    .filter(Boolean)
    .map((each: Record<string, string>) => {
      const { depType, datasource, depName, packageName, registryUrl, currentValue, currentDigest, ...rest } = each;
      // Renovate takes texts under names that it knows, and nothing of a query with another result.
      expect(rest).toEqual({});
      expect(Object.values(each).filter((value) => typeof value !== 'string')).toEqual([]);
      const from = packageName ?? registryUrl;
      return [
        `${depType} ${datasource} ${depName} ${currentValue}`,
        ...(from === undefined ? [] : [`from ${from}`]),
        ...(currentDigest === undefined ? [] : [currentDigest.slice(0, 12)]),
      ].join(' ');
    });
}

test('the manager reads YAML', () => {
  expect(manager).toMatchObject({ customType: 'jsonata', fileFormat: 'yaml' });
});

test('finds the versions of the example fleet', async () => {
  expect(await found(readFileSync(EXAMPLE, 'utf8'))).toEqual([
    'flux github-releases fluxcd/flux2 v2.9.4',
    'flux github-releases fluxcd/flux2 v2.9.3',
    'chart helm cert-manager v1.18.2 from https://charts.jetstack.io',
    'chart docker ghcr.io/prometheus-community/charts/kube-state-metrics 6.1.0',
  ]);
});

test('finds each kind of version, in every layer, and leaves ranges to Flux', async () => {
  expect(() => loadFleet(FIXTURE)).not.toThrow();
  expect(await found(readFileSync(FIXTURE, 'utf8'))).toEqual([
    'flux github-releases fluxcd/flux2 v2.9.4',
    'flux github-releases fluxcd/flux2 v2.9.3',
    'flux docker ghcr.io/controlplaneio-fluxcd/charts/flux-operator 0.58.1',
    'agent helm gitlab-agent 2.29.0 from https://charts.gitlab.io',
    'chart helm cert-manager v1.18.2 from https://charts.jetstack.io',
    'chart helm cert-manager v1.17.4 from https://charts.jetstack.io',
    'chart helm cert-manager v1.16.5 from https://charts.jetstack.io',
    'chart helm cert-manager v1.19.0 from https://charts.jetstack.io',
    'chart docker ghcr.io/stefanprodan/charts/podinfo 6.9.2',
    'chart docker ghcr.io/stefanprodan/charts/podinfo 6.9.1',
    'chart docker ghcr.io/stefanprodan/charts/podinfo 6.8.0',
    'chart docker ghcr.io/stefanprodan/charts/podinfo 6.7.0 sha256:ccccc',
    'source docker ghcr.io/stefanprodan/manifests/podinfo 6.9.2',
    'source docker ghcr.io/stefanprodan/manifests/podinfo 6.9.0',
    'source git-tags gitlab.example.com/logging/charts v1.2.3 from https://gitlab.example.com/logging/charts.git',
    'source git-tags github.com/example/manifests v1.0.0 from https://github.com/example/manifests.git',
    'source git-tags github.com/example/manifests v0.9.0 from https://github.com/example/manifests.git',
    'source git-tags github.com/example/manifests v0.8.0 from https://github.com/example/manifests.git',
    'source git-tags github.com/example/manifests v0.8.5 from https://github.com/example/manifests.git',
    'image docker registry.example.com/mirror/podinfo 6.9.0',
    'image docker quay.io/jetstack/cert-manager-controller v1.18.2',
    'image docker ghcr.io/fluxcd/flux-cli v2.9.4 sha256:bbbbb',
    'image docker ghcr.io/fluxcd/flux-cli v2.9.4',
    'image docker ghcr.io/fluxcd/flux-cli v2.9.4',
    'image docker registry.example.com:5000/platform/ci 1.14.0',
    'image docker registry.example.com/mirror/k8s 1.34.5 sha256:aaaaa',
  ]);
});

test.each([
  [
    'a cluster in a file of its own',
    'environment: dev\nflux: { version: v2.9.2 }\n',
    ['flux github-releases fluxcd/flux2 v2.9.2'],
  ],
  [
    'a component in a file of its own',
    'helm: { chart: { oci: { url: oci://ghcr.io/a/b, tag: 1.2.3 } } }\n',
    ['chart docker ghcr.io/a/b 1.2.3'],
  ],
  [
    'a class',
    'classes: { edge: { cluster: { flux: { version: v2.9.2 } } } }\n',
    ['flux github-releases fluxcd/flux2 v2.9.2'],
  ],
  [
    'an operator and an agent from other places',
    `
flux: { operator: { chartVersion: 0.57.0, chartRepository: https://charts.example.com } }
agent: { chartVersion: 2.28.0, chartRepository: oci://registry.example.com/charts }
`,
    [
      'flux helm flux-operator 0.57.0 from https://charts.example.com',
      'agent docker registry.example.com/charts/gitlab-agent 2.28.0',
    ],
  ],
  ['a file without versions', 'clusters: { uni-dev: { environment: dev } }\n', []],
])('finds them in %s', async (_, text, expected) => {
  expect(await found(text)).toEqual(expected);
});

test.each([
  ['fleet.yaml', true],
  ['fleets/eu/fleet-eu.yml', true],
  ['clusters/edge-muc.yaml', true],
  ['components/podinfo.yaml', true],
  ['classes/edge.yaml', true],
  ['components/podinfo/base/deployment.yaml', false],
  ['clusters/uni-dev/flux-system/gotk-sync.yaml', false],
  ['.gitlab-ci.yml', false],
])('looks into %s: %s', (path, expected) => {
  const patterns = manager.managerFilePatterns.map((pattern) => new RegExp(pattern.slice(1, -1)));
  expect(patterns.some((pattern) => pattern.test(path))).toBe(expected);
});
