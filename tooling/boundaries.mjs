// Who may import whom: DESIGN.md section 4, "The house". The one place to change when a room is added;
// __tests__/architecture proves every direction and that no directory is left out.

/** Files of the core that belong to no room: every room may import them, they import each other only. */
export const foundation = ['check-all.ts', 'error-place.ts', 'validation-error.ts'];

/** Each room of the core (lib/model) with the rooms it may import. */
export const coreRooms = {
  manifest: [],
  delivery: ['manifest'],
  flux: ['manifest'],
  component: ['manifest', 'flux'],
  cluster: ['manifest', 'flux', 'component'],
  installation: ['manifest', 'flux', 'component', 'cluster'],
  layout: ['manifest', 'delivery', 'flux', 'component', 'cluster', 'installation'],
  changes: ['manifest', 'delivery', 'flux', 'component', 'cluster', 'installation', 'layout'],
  agent: ['manifest', 'flux', 'component', 'cluster', 'installation', 'layout'],
  pipeline: ['manifest', 'delivery', 'flux', 'component', 'cluster', 'installation', 'layout'],
  'fleet/definition': [
    'manifest',
    'delivery',
    'flux',
    'component',
    'cluster',
    'installation',
    'layout',
    'agent',
    'pipeline',
  ],
  fleet: ['manifest', 'delivery', 'flux', 'component', 'cluster', 'installation', 'layout', 'agent', 'pipeline'],
};

/** Each room of the shell (lib/constructs) with the rooms of the shell it may import. */
export const shellRooms = {
  terraform: [],
  cluster: ['terraform'],
  repository: ['terraform', 'cluster'],
  flux: ['terraform', 'cluster', 'repository'],
  agent: ['terraform', 'cluster', 'repository', 'flux'],
  pipeline: ['terraform', 'cluster', 'repository', 'flux'],
};

/** Rooms of lib beside core and shell: each knows the core and no other; only the CLI knows them. */
export const sideRooms = ['gitlab', 'build'];

/**
 * The rooms of the core that the shell may import: fleet stays out, but for a fleet as values, so that zod costs nothing to
 * who needs no file.
 */
const coreOfShell = Object.keys(coreRooms).filter((room) => room !== 'fleet');

const outside = ['./stacks', './cli', './main.ts', './__tests__', './e2e', './bench'];

/** The zones for `import-x/no-restricted-paths`, relative to the working directory. */
export const zones = [
  ...foundation.map((file) => ({
    target: `./lib/model/${file}`,
    from: './lib',
    except: foundation.map((name) => `model/${name}`),
    message: 'The foundation of the core imports nothing else.',
  })),
  ...Object.entries(coreRooms).map(([room, allowed]) => ({
    target: `./lib/model/${room}`,
    from: './lib',
    except: [...foundation, room, ...allowed].map((name) => `model/${name}`),
    message: `lib/model/${room} may import ${list(foundation.concat(allowed))} of lib/model, and nothing else of lib.`,
  })),
  ...Object.entries(shellRooms).map(([room, allowed]) => ({
    target: `./lib/constructs/${room}`,
    from: './lib',
    except: [
      ...[...foundation, ...coreOfShell].map((name) => `model/${name}`),
      ...[room, ...allowed].map((name) => `constructs/${name}`),
    ],
    message: `lib/constructs/${room} may import ${list(allowed)} of lib/constructs, and lib/model without fleet files.`,
  })),
  ...sideRooms.map((room) => ({
    target: `./lib/${room}`,
    from: './lib',
    except: ['model', room],
    message: `lib/${room} imports the core only.`,
  })),
  {
    target: './lib/index.ts',
    from: './lib/model/fleet',
    except: ['definition'],
    message: 'Fleet files are a subpath of their own.',
  },
  {
    target: ['./lib/index.ts', './stacks'],
    from: sideRooms.map((room) => `./lib/${room}`),
    message: 'Only commands talk to GitLab and run programs.',
  },
  { target: './lib', from: outside, message: 'lib imports lib only.' },
  { target: './cli', from: './lib', except: ['model', ...sideRooms], message: 'The CLI knows no constructs.' },
  { target: './cli', from: outside.filter((path) => path !== './cli'), message: 'The CLI imports lib only.' },
  { target: './stacks', from: outside.filter((path) => path !== './stacks'), message: 'stacks imports lib only.' },
  {
    target: './main.ts',
    from: outside.filter((path) => path !== './stacks'),
    message: 'main.ts imports stacks and lib.',
  },
];

/** Packages of the framework, which only the shell may import. */
export const frameworkPackages = {
  regex: '^(cdktf|cdktn|cdktf-cli|constructs)(/|$)|^@(cdktf|cdktn)/',
  message: 'Only lib/constructs and stacks import cdktf: everything else runs without it.',
};

/** How files are imported. */
export const relativeForm = {
  regex: '^\\.{1,2}/.*\\.[cm]?[jt]s$',
  message: 'Relative imports have no extension.',
};

/** How packages and files are imported, everywhere. */
export const importForms = [
  {
    regex: '^@cdktf/provider-(?![^/]+/lib/.+/index\\.js$)',
    message: 'Import providers deeply, `@cdktf/provider-x/lib/resource/index.js`: the index costs 690 ms and 260 MB.',
  },
  { regex: '^cdktn(/|$)|^@cdktn/', message: 'Write against cdktf: tests map it to cdktn.' },
  relativeForm,
];

/** Classes of Terraform's blocks: what they are given passes through one door, which takes every text literally. */
export const blocksOfTerraform = [
  {
    regex: '^@cdktf/provider-[^/]+/lib/.+/index\\.js$',
    allowTypeImports: true,
    message: 'Only lib/constructs/terraform/resources.ts imports classes of providers: it takes every text literally.',
  },
  {
    regex: '^cdktf$',
    importNamePattern: '^Terraform(Variable|Output|Local|Resource|DataSource|Element|.*Module)$|Backend$',
    allowTypeImports: true,
    message: 'Blocks of Terraform are made by lib/constructs/terraform alone: it takes every text literally.',
  },
];

/** The door. */
export const doorOfTerraform = ['lib/constructs/terraform/**/*.ts'];

/** zod is paid for by fleet files only. */
export const schemaPackages = {
  regex: '^zod(/|$)',
  message: 'Only lib/model/fleet imports zod, and not its definition.',
};

function list(names) {
  return names.length === 0 ? 'nothing' : names.join(', ');
}
