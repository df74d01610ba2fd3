import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { FleetFileError, parseFleet } from '../../../lib/model/fleet';
import { parseObjects } from '../../../lib/model/manifest/yaml';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'flux-changes-'));
  for (const path of ['base', 'base/tls']) {
    mkdirSync(join(directory, path), { recursive: true });
    writeFileSync(join(directory, path, 'kustomization.yaml'), 'resources: []\n');
  }
});
afterAll(() => rmSync(directory, { recursive: true }));

const fleetWith = (settings: string, version = 'v2.9.4', more = ''): string => `
project: { url: https://gitlab.example.com, path: platform/fleet }
environments: { dev: { flux: { version: ${version}${more} } } }
clusters:
  one: { environment: dev, connection: { kubeconfig: { context: one } }, components: [app] }
components:
  app:
    kustomize:
${settings}
`;
const parse = (text: string) => parseFleet(text, { file: join(directory, 'fleet.yaml') });

/** `spec` of the component's Kustomization. */
const specOf = (settings: string): any => {
  const files = parse(fleetWith(settings))
    .files()
    .flatMap((stack) => [...stack.files]);
  const file = files.find(({ path }) => path === 'clusters/one/app/app-kustomization.yaml');
  return parseObjects(String(file?.content), 'it')[0]?.spec;
};
const problemsOf = (text: string): string => {
  try {
    parse(text).files();
    return '';
  } catch (error) {
    if (!(error instanceof FleetFileError)) throw error;
    return error.message;
  }
};

it('a Kustomization says what Flux changes', () => {
  expect(
    specOf(`
      base: { directory: base }
      components: [../../base/tls]
      namePrefix: team-
      nameSuffix: -blue
      commonMetadata: { labels: { team: a }, annotations: { example.com/owner: a } }
      ignore: [{ paths: [/spec/replicas], target: { kind: Deployment } }]
      environments: { dev: { nameSuffix: -green } }`),
  ).toMatchObject({
    components: ['../../base/tls'],
    namePrefix: 'team-',
    nameSuffix: '-green',
    commonMetadata: { labels: { team: 'a' }, annotations: { 'example.com/owner': 'a' } },
    ignore: [{ paths: ['/spec/replicas'], target: { kind: 'Deployment' } }],
  });
});

it('a namespace for everything drops the Namespaces, and is that of the health checks', () => {
  const spec = specOf(`
      base: { directory: base }
      targetNamespace: shared
      healthChecks: [{ apiVersion: apps/v1, kind: Deployment, name: a }]`);
  expect(spec).toMatchObject({ targetNamespace: 'shared', healthChecks: [{ namespace: 'shared' }] });
  expect(spec.patches).toEqual([
    {
      target: { kind: 'Namespace', name: '.*' },
      patch: '$patch: delete\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: shared\n',
    },
  ]);
});

it('a component from another repository keeps the labels of its overlay beside those of Flux', () => {
  const spec = specOf(`
      base: { path: ./deploy }
      source: { url: https://git.example.com/a/b.git, ref: { branch: main } }
      commonMetadata: { labels: { a: flux }, annotations: { c: d } }
      targetNamespace: elsewhere
      environments: { dev: { overlay: { labels: { a: overlay, b: overlay } } } }`);
  expect(spec).toMatchObject({
    targetNamespace: 'elsewhere',
    commonMetadata: { labels: { a: 'flux', b: 'overlay' }, annotations: { c: 'd' } },
  });
});

describe('it is refused', () => {
  const LONG = 'a'.repeat(201);
  it.each([
    ['components: [https://example.com/x]', 'components[0]: got "https://example.com/x", want a relative path'],
    ['components: [/tls]', 'components[0]: got "/tls", want a relative path'],
    ['components: [../../base/nothing]', 'components[0]: got "../../base/nothing", want a directory that is delivered'],
    ['ignoreMissingComponents: true', 'ignoreMissingComponents: got true, want `components` beside it'],
    ['targetNamespace: A', 'targetNamespace: got "A"'],
    [`namePrefix: ${LONG}`, 'want 1 to 200 small letters, digits, hyphens and dots, a letter or digit first'],
    ['namePrefix: "-a"', 'namePrefix: got "-a", want 1 to 200 small letters'],
    ['nameSuffix: "a-"', 'nameSuffix: got "a-", want 1 to 200 small letters'],
    ['commonMetadata: { labels: { "a b": c } }', 'commonMetadata.labels: got "a b"'],
    ['commonMetadata: { annotations: { "a b": c } }', 'commonMetadata.annotations: got "a b"'],
    ['ignore: [{ paths: [] }]', 'ignore[0].paths: got [], want JSON pointers'],
    ['ignore: [{ paths: [spec/replicas] }]', 'ignore[0].paths: got "spec/replicas", want JSON pointers'],
  ])('%s', (setting, message) => {
    expect(problemsOf(fleetWith(`      base: { directory: base }\n      ${setting}`))).toContain(message);
  });

  it('when a Flux before 2.9 would not know it', () => {
    const ignore = fleetWith('      base: { inRepository: true }\n      ignore: [{ paths: [/data] }]', 'v2.8.3');
    expect(problemsOf(ignore)).toContain(
      'ignore: want nothing, or Flux v2.9.0 or newer on the cluster: v2.8.3 does not know the field',
    );
    expect(problemsOf(ignore.replace('v2.8.3', 'v2.9.0'))).toBe('');
  });

  it('when the account of the component has no rights there', () => {
    const text = fleetWith(
      '      base: { inRepository: true }\n      targetNamespace: shared',
      'v2.9.4',
      ', patches: [{ multiTenancyLockdown: {} }]',
    );
    expect(problemsOf(text)).toContain(
      'targetNamespace: got "shared", want the namespace of the component, "app", or a service account with `clusterWide: true`',
    );
  });
});

it('a component that is not there may be left out', () => {
  const settings =
    '      base: { directory: base }\n      components: [../../base/nothing]\n      ignoreMissingComponents: true';
  expect(specOf(settings)).toMatchObject({ components: ['../../base/nothing'], ignoreMissingComponents: true });
});
