import fc from 'fast-check';

import { type FleetFileError, parseFleet } from '../../../lib/model/fleet';

type Fleet = Record<string, any>;

/** A valid fleet that names no file. */
const valid = (): Fleet => ({
  project: { url: 'https://gitlab.example.com', path: 'platform/fleet' },
  delivery: { type: 'commit' },
  defaults: { flux: { version: 'v2.9.4' }, connection: { kubeconfig: { context: 'all' } } },
  environments: { dev: {}, staging: {}, prod: { flux: { interval: '5m' } } },
  components: {
    store: { kustomize: { base: { inRepository: true }, interval: '10m' } },
    web: { kustomize: { base: { inRepository: true }, dependsOn: ['store'] } },
    chart: {
      helm: { chart: { repository: { url: 'https://charts.example.com', name: 'chart', version: '1.0.0' } } },
    },
  },
  clusters: {
    a: { environment: 'dev', components: ['store', 'web'] },
    b: { environment: 'dev', components: ['store', 'chart'] },
    c: { environment: 'prod', connection: { kubeconfig: { context: 'c' } }, components: ['store'] },
  },
});

/** A mistake, and how its line begins. None of them has to do with another. */
const KINDS: readonly (readonly [string, (fleet: Fleet) => void])[] = [
  ['project: unknown key "brnch"', ({ project }) => (project.brnch = 'main')],
  ['project.url: got', ({ project }) => (project.url = 'gitlab.example.com')],
  ['delivery.author.name: got', ({ delivery }) => (delivery.author = { name: ' ', email: 'a@example.com' })],
  ['defaults.flux.version: got', ({ defaults }) => (defaults.flux.version = 'v1.0.0')],
  ['environments.prod.flux.interval: got', ({ environments }) => (environments.prod.flux.interval = 'soon')],
  ['environments.staging: unknown key "fluxx"', ({ environments }) => (environments.staging.fluxx = {})],
  ['components.store.kustomize.interval: got', ({ components }) => (components.store.kustomize.interval = '5x')],
  ['components.store.kustomize.timeout: got', ({ components }) => (components.store.kustomize.timeout = '5y')],
  ['components.store.kustomize.prune: got', ({ components }) => (components.store.kustomize.prune = 'yes')],
  [
    'components.web.kustomize.dependsOn[1]: unknown',
    ({ components }) => components.web.kustomize.dependsOn.push('stor'),
  ],
  [
    'components.web.kustomize.base.directory: got',
    ({ components }) => (components.web.kustomize.base = { directory: 'nowhere' }),
  ],
  ['components.chart.helm.maxHistory: got', ({ components }) => (components.chart.helm.maxHistory = -1)],
  ['components.chart.helm.releaseName: got', ({ components }) => (components.chart.helm.releaseName = 'No')],
  [
    'components.chart.helm.chart.repository: unknown key "versoin"',
    ({ components }) => {
      const { version, ...rest } = components.chart.helm.chart.repository;
      components.chart.helm.chart.repository = { ...rest, versoin: version };
    },
  ],
  ['clusters.a.trigger.interval: got', ({ clusters }) => (clusters.a.trigger = { interval: '5m' })],
  ['clusters.a.components[2]: unknown component', ({ clusters }) => clusters.a.components.push('strore')],
  ['clusters.b.environment: unknown environment', ({ clusters }) => (clusters.b.environment = 'test')],
  [
    'clusters.c.connection: got kubeconfig and token',
    ({ clusters }) => (clusters.c.connection.token = { server: 'https://c.example.com' }),
  ],
];

/** JSON is YAML, with positions enough for a test. */
const linesFor = (fleet: Fleet): readonly string[] => {
  try {
    parseFleet(JSON.stringify(fleet, undefined, 1)).files();
  } catch (error) {
    return (error as FleetFileError).problems.map(({ message }) => message);
  }
  return [];
};

it('finds nothing wrong with the fleet', () => expect(linesFor(valid())).toEqual([]));

it('finds each of several mistakes, in one line each, and nothing that follows from them', () => {
  fc.assert(
    fc.property(fc.subarray([...KINDS], { minLength: 1, maxLength: 6 }), (kinds) => {
      const fleet = valid();
      kinds.forEach(([, make]) => make(fleet));
      const lines = linesFor(fleet);
      const missed = kinds.filter(([begin]) => !lines.some((line) => line.startsWith(begin))).map(([begin]) => begin);
      const more = lines.filter((line) => !kinds.some(([begin]) => line.startsWith(begin)));
      expect({ missed, more, count: lines.length }).toEqual({ missed: [], more: [], count: kinds.length });
    }),
    { numRuns: 60 },
  );
});

it('finds all mistakes of one overlay and of one connection', () => {
  const fleet = valid();
  const overlay = {
    replicas: { web: -1 },
    labels: { 'a b': 'c' },
    images: [{ name: 'web', digest: 'x' }],
  };
  fleet.components.web.kustomize.clusters = { a: { overlay } };
  fleet.clusters.c.connection = { token: { server: 'c.example.com', tokenVariable: 'git_password' } };
  expect(linesFor(fleet)).toEqual([
    expect.stringMatching(/^components\.web\.kustomize\.clusters\.a\.overlay\.replicas\.web: got -1/),
    expect.stringMatching(/^components\.web\.kustomize\.clusters\.a\.overlay\.labels: got "a b"/),
    expect.stringMatching(/^components\.web\.kustomize\.clusters\.a\.overlay\.images\[0\]\.digest: got "x"/),
    expect.stringMatching(/^clusters\.c\.connection\.token\.server: got "c\.example\.com"/),
    expect.stringMatching(/^clusters\.c\.connection\.token\.tokenVariable: got "git_password"/),
  ]);
});
