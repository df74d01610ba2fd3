import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runProgram } from '../../cli/program';
import { loadFleet } from '../../lib/model/fleet';
import { EXAMPLE, EXAMPLE_TEXT, exampleWith, FIXED_TEXT, ROOT } from '../support/example-fleet';
import { vendorSmallFlux } from '../support/flux-bundle';

/** How many files become of the example. */
const FILES = loadFleet(EXAMPLE)
  .files()
  .reduce((sum, { files }) => sum + files.size, 0);

// The two halves of the program: this one needs no framework.
jest.mock('cdktf', () => {
  throw new Error('the command line imports cdktf');
});
jest.mock('constructs', () => {
  throw new Error('the command line imports constructs');
});

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'cli-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const run = async (args: string[], terminal: { isTTY?: boolean; environment?: Record<string, string> } = {}) => {
  const written = { out: '', err: '' };
  const { isTTY = false, environment = {} } = terminal;
  const code = await runProgram(args, {
    stdout: { isTTY, write: (text) => (written.out += text) },
    stderr: { isTTY, write: (text) => (written.err += text) },
    environment,
  });
  return { code, ...written };
};
const mutated = (text: string): string => {
  cpSync(join(ROOT, 'examples'), join(directory, 'examples'), { recursive: true });
  writeFileSync(join(directory, 'fleet.yaml'), text);
  return join(directory, 'fleet.yaml');
};
const filesBelow = (root: string) =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(root, path)).isFile())
    .sort();

describe('gitlab-flux, without cdktf', () => {
  it('validates', async () => {
    expect(await run(['validate', EXAMPLE, '--build', 'never'])).toEqual({
      code: 0,
      out: `✓ ${EXAMPLE}: 4 clusters, 5 components, ${FILES} files\n`,
      err: '',
    });
    const { code, out } = await run(['validate', EXAMPLE, '--json']);
    expect({ code, ...JSON.parse(out) }).toMatchObject({
      code: 0,
      clusters: ['uni-dev', 'edge-dev', 'campus-dev', 'uni-prod'],
      files: FILES,
    });
  });

  it('says what is wrong, for people and for programs', async () => {
    const file = mutated(exampleWith('trigger: pipeline', 'trigger: push'));
    expect(await run(['validate', file])).toEqual({
      code: 1,
      out: '',
      err: `error: ${file}:114:14: clusters.edge-dev.trigger: got "push", want one of interval, agent, webhook, pipeline, or a map\n`,
    });
    const { code, out } = await run(['tree', file, '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual({ problems: [{ file, line: 114, column: 14, message: expect.any(String) }] });
  });

  it('says below a tree who put components on clusters that do not name them, whatever they are called', async () => {
    const file = mutated(`
project: { url: https://gitlab.example.com, path: a/b }
defaults: { flux: { version: v2.9.4 }, connection: { kubeconfig: { context: '<cluster>' } } }
environments: { prod: { components: [constructor] } }
components:
  constructor: { kustomize: { base: { inRepository: true } } }
  web: { kustomize: { base: { inRepository: true }, on: { environments: [prod] } } }
clusters: { one: { environment: prod }, two: { environment: prod, components: [web] } }
`);
    const { out } = await run(['tree', file]);
    expect(out.trimEnd().split('\n').slice(-2)).toEqual([
      'constructor: on one, two by environment prod',
      "web: on one, two by 'on'",
    ]);
  });

  it('prints a schema, a tree and what a cluster gets', async () => {
    expect((await run(['schema'])).out).toBe(readFileSync(join(ROOT, 'schema/fleet.schema.json'), 'utf8'));
    const tree = await run(['tree', EXAMPLE, '--stack', 'dev-edge-dev']);
    expect(tree.out).toMatch(/gotk-components\.yaml +written by flux bootstrap\n/);
    expect(tree.out).not.toContain('uni-prod');
    expect(JSON.parse((await run(['tree', EXAMPLE, '--json'])).out).files).toHaveLength(FILES);
    const shown = JSON.parse((await run(['show', 'uni-prod', '-f', EXAMPLE, '--json'])).out);
    expect(shown).toMatchObject({ stack: 'prod-uni-prod', flux: { version: 'v2.9.3' }, layout: 'per-cluster' });
    const component = await run(['show', 'edge-dev', 'fluentd', '-f', EXAMPLE]);
    expect(component.out.match(/^# (clusters|systems)\/\S+$/gm)).toEqual([
      '# clusters/flux-common/edge-dev-fluentd.yaml',
      '# systems/fluentd/overlays/edge-dev/fluent.conf',
      '# systems/fluentd/overlays/edge-dev/kustomization.yaml',
      '# systems/fluentd/overlays/edge-dev/small-nodes.yaml',
    ]);
  });

  it('shows the call of the flux CLI, where it is called', async () => {
    for (const version of ['v2.9.3', 'v2.9.4']) vendorSmallFlux(join(directory, 'vendor/flux'), version);
    const installed = exampleWith('version: v2.9.4', 'version: v2.9.4\n    gotkFiles: terraform');
    const shown = async (text: string): Promise<{ bootstrap?: string; flux: object }> =>
      JSON.parse((await run(['show', 'uni-dev', '-f', mutated(text), '--json'])).out);
    expect((await shown(FIXED_TEXT)).bootstrap).toMatch(
      /^flux bootstrap gitlab --hostname=gitlab\.example\.com --owner=platform --repository=fleet --branch=main --path=clusters\/uni-dev /,
    );
    const { bootstrap, flux } = await shown(installed);
    expect({ bootstrap, flux }).toEqual({ flux: expect.objectContaining({ gotkFiles: 'terraform' }) });
  });

  it.each([
    [['show', 'uni', '-f', EXAMPLE], 1, /cluster: got "uni", want one of campus-dev, edge-dev, uni-dev, uni-prod/],
    [
      ['show', 'uni-dev', 'x', '-f', EXAMPLE],
      1,
      /component: got "x", want one of cert-manager, fluentd, kube-state-metrics, log-store, portal/,
    ],
    [['tree', EXAMPLE, '--stack', 'x'], 1, /--stack: got "x", want one of repository, dev-uni-dev/],
    [['summary', '/no/such'], 1, /manifest\.json: there is no such file; 'npx cdktf synth' writes it/],
    [['help', 'nope'], 2, /^error: unknown command 'nope'\n\(try 'gitlab-flux help'\)\n$/],
    [['validat'], 2, /unknown command 'validat'\n\(Did you mean validate\?\)/],
    [['render', EXAMPLE], 2, /required option '-o, --out <directory>' not specified/],
    [
      ['vendor', 'flux', '--version', '2.9'],
      1,
      /vendor flux: --version: got "2.9", want a version of Flux such as v2\.9\.4/,
    ],
    [['validate', '--what'], 2, /unknown option '--what'/],
  ])('%j ends with %i', async (args, code, message) => {
    const result = await run(args);
    expect(result.code).toBe(code);
    expect(result.err).toMatch(message);
  });

  it('ends with 1 when a push fails', async () => {
    expect(await run(['push', '--manifest', '/no/such.json', '--json'], { environment: {} })).toMatchObject({
      code: 1,
      err: expect.stringContaining('error: '),
    });
  });

  it('has a version, that of the package', async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(await run(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' });
  });

  it('has help with examples for every command', async () => {
    const { code, out } = await run(['--help']);
    expect(code).toBe(0);
    expect(out).toContain('Exit codes:');
    for (const [, command] of out.matchAll(/^ {2}(validate|render|tree|show|schema|summary|push)\b/gm)) {
      expect((await run([command!, '--help'])).out).toContain('Examples:');
    }
  });

  it('has colours on a terminal only', async () => {
    const colour = /\u001b\[/;
    expect((await run(['validate', EXAMPLE], { isTTY: true })).out).toMatch(colour);
    expect((await run(['validate', EXAMPLE])).out).not.toMatch(colour);
    expect((await run(['validate', EXAMPLE], { isTTY: true, environment: { NO_COLOR: '1' } })).out).not.toMatch(colour);
  });
});

describe('gitlab-flux render, without cdktf', () => {
  it('writes the whole tree, whatever the umask', async () => {
    const out = join(directory, 'deep', 'out');
    const umask = process.umask(0o077);
    const { code } = await run(['render', EXAMPLE, '--out', out]);
    process.umask(umask);
    expect(code).toBe(0);
    const files = filesBelow(out).filter((path) => !path.startsWith('.gitlab-flux'));
    expect(files).toHaveLength(FILES);
    expect(statSync(join(out, files[0]!)).mode & 0o777).toBe(0o644);
    expect(readdirSync(join(directory, 'deep'))).toEqual(['out']);
  });

  it('changes what changes, and removes files of an earlier render', async () => {
    const out = join(directory, 'out');
    await run(['render', EXAMPLE, '--out', out]);
    const file = mutated(
      EXAMPLE_TEXT.replaceAll(/\bedge-dev\b/g, 'edge-new')
        .replace('interval: 30m', 'interval: 20m')
        .replaceAll('overlays/edge-new', 'overlays/edge-dev'),
    );
    const { code, out: text } = await run(['render', file, '--out', out, '--json']);
    const { added, changed, removed } = JSON.parse(text);
    expect(code).toBe(0);
    expect(changed).toEqual([
      '.gitlab/flux/apply-changed.gitlab-ci.yml',
      'clusters/uni-prod/fluentd/fluentd-kustomization.yaml',
    ]);
    expect(removed).toHaveLength(added.length);
    expect(filesBelow(out).filter((path) => path.includes('edge-dev'))).toEqual([]);
    expect(readdirSync(directory).sort()).toEqual(['examples', 'fleet.yaml', 'out']);
  });

  it.each([
    ['a file of somebody else', (out: string) => writeFileSync(join(out, 'mine.txt'), 'mine')],
    ['an empty directory of somebody else', (out: string) => mkdirSync(join(out, 'mine.txt'))],
  ])('writes nothing into a directory with %s', async (_, put) => {
    const out = join(directory, 'out');
    mkdirSync(out);
    put(out);
    const { code, err } = await run(['render', EXAMPLE, '--out', out]);
    expect(code).toBe(1);
    expect(err).toContain('"mine.txt" is not from render, and would be lost');
    expect(readdirSync(out)).toEqual(['mine.txt']);
  });

  it('writes nothing into a render to which somebody added a file', async () => {
    const out = join(directory, 'out');
    await run(['render', EXAMPLE, '--out', out]);
    writeFileSync(join(out, 'clusters', 'mine.txt'), 'mine');
    expect((await run(['render', EXAMPLE, '--out', out])).err).toContain('"clusters/mine.txt" is not from render');
    expect(existsSync(join(out, 'clusters', 'mine.txt'))).toBe(true);
  });

  it('writes nothing in the place of a file, or below one', async () => {
    const file = join(directory, 'file');
    writeFileSync(file, '');
    expect((await run(['render', EXAMPLE, '--out', file])).err).toContain('want a directory, not a file');
    expect((await run(['render', EXAMPLE, '--out', join(file, 'x')])).code).toBe(1);
  });

  it('writes nothing when the fleet is wrong', async () => {
    const out = join(directory, 'out');
    const file = mutated(exampleWith('      timeout: 5m\n', '      timeout: 5m\n      shard: a\n'));
    expect((await run(['render', file, '--out', out])).code).toBe(1);
    expect(existsSync(out)).toBe(false);
  });
});
