// Who may import whom; types and lazy imports count. The one place to change when a room is added: what is in no room
// may import nothing and be imported by nobody.

/** Files of the core that belong to no room: every room may import them, they import each other only. */
const foundation = 'lib/model/(check-all|error-place|validation-error)[.]ts';

const cluster = ['manifest', 'flux', 'component'];
const layout = [...cluster, 'delivery', 'cluster', 'installation'];
const definition = [...layout, 'layout', 'agent', 'pipeline'];

/** Each room of the core with the rooms that it may import. */
const core = {
  manifest: [],
  delivery: ['manifest'],
  flux: ['manifest'],
  component: ['manifest', 'flux'],
  cluster,
  installation: [...cluster, 'cluster'],
  layout,
  changes: [...layout, 'layout'],
  agent: [...cluster, 'cluster', 'installation', 'layout'],
  pipeline: [...layout, 'layout'],
  'fleet/definition': definition,
  fleet: definition,
};

/** Each room of the shell with the rooms of the shell that it may import. */
const shell = {
  terraform: [],
  cluster: ['terraform'],
  repository: ['terraform', 'cluster'],
  flux: ['terraform', 'cluster', 'repository'],
  agent: ['terraform', 'cluster', 'repository', 'flux'],
  pipeline: ['terraform', 'cluster', 'repository', 'flux'],
};

/** Rooms beside core and shell: each knows the core and no other; only the CLI knows them. */
const side = ['gitlab', 'build'];

const files = (room) => `lib/model/${room}/`;
const constructs = (room) => `lib/constructs/${room}/`;
const anyOf = (paths) => `^(${paths.join('|')})`;
const own = '^(lib|stacks|cli|main[.]ts|__tests__|e2e|bench)(/|$)';

/** What files may import of this repository. */
const only = (name, from, ...to) => ({
  name,
  severity: 'error',
  from: { path: `^${from}` },
  to: { path: own, pathNot: anyOf([from, ...to]) },
});

/** What nobody, or only some files, may import. */
const never = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to: { path: to } });

/** The core that the shell may import: a fleet as values, without the files and zod, which would cost everybody. */
const coreOfShell = [
  foundation,
  ...Object.keys(core)
    .filter((room) => room !== 'fleet')
    .map(files),
];
const rooms = [
  foundation,
  'lib/index[.]ts$',
  ...Object.keys(core).map(files),
  ...Object.keys(shell).map(constructs),
  ...side.map((room) => `lib/${room}/`),
];

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no cycle', severity: 'error', from: { path: '^(lib|stacks|cli)/' }, to: { circular: true } },
    never('in a room', 'A file of lib belongs to a room.', { path: '^lib/', pathNot: anyOf(rooms) }, '.'),
    only('foundation', foundation),
    ...Object.entries(core).map(([room, allowed]) =>
      only(`core: ${room}`, files(room), foundation, ...allowed.map(files)),
    ),
    ...Object.entries(shell).map(([room, allowed]) =>
      only(`shell: ${room}`, constructs(room), ...coreOfShell, ...allowed.map(constructs)),
    ),
    ...side.map((room) => only(room, `lib/${room}/`, 'lib/model/')),
    only('index', 'lib/index[.]ts', ...coreOfShell, 'lib/constructs/'),
    only('stacks', 'stacks/', 'lib/index[.]ts', 'lib/model/', 'lib/constructs/'),
    only('cli', 'cli/', 'lib/model/', ...side.map((room) => `lib/${room}/`)),
    only('main', 'main[.]ts', 'stacks/', 'lib/index[.]ts', 'lib/model/', 'lib/constructs/'),
    never(
      'framework',
      'Only lib/constructs and stacks import cdktf: everything else runs without it.',
      { path: '^(lib|cli)/', pathNot: '^lib/(constructs/|index[.]ts)' },
      '(^|node_modules/)(cdktf|cdktf-cli|constructs|@cdktf)(/|$)',
    ),
    never('cdktn', 'Write against cdktf: tests map it to cdktn.', {}, '(^|node_modules/)@?cdktn(/|$)'),
    never(
      'providers',
      'Import providers deeply, `@cdktf/provider-x/lib/resource/index.js`: the index costs 690 ms and 260 MB.',
      {},
      '(^|node_modules/)@cdktf/provider-[^/]+(/lib)?(/index[.]|$)',
    ),
    {
      name: 'door',
      comment: 'Only lib/constructs/terraform imports classes of providers: it takes every text literally.',
      severity: 'error',
      from: { pathNot: '^lib/constructs/terraform/' },
      to: { path: '(^|node_modules/)@cdktf/provider-', dependencyTypesNot: ['type-only'] },
    },
    never(
      'zod',
      'Only lib/model/fleet imports zod, and not its definition.',
      { pathNot: '^lib/model/fleet/(?!definition/)' },
      '(^|node_modules/)zod(/|$)',
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { conditionNames: ['require', 'types', 'node', 'default'], extensions: ['.ts', '.js'] },
  },
};
