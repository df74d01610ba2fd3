import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { ROOT } from '../__tests__/support/example-fleet';

const isReachable = spawnSync('npm', ['view', 'constructs@10.7.2', 'version'], { timeout: 60_000 }).status === 0;
if (!isReachable) process.stderr.write('"a first project" is skipped: the registry of npm does not answer\n');

/** A project as people get it: the package as npm would publish it, installed from its archive, and no clone. */
(isReachable ? describe : describe.skip)('a first project', () => {
  jest.setTimeout(900_000);
  let directory: string;
  let archive: string;

  const run = (program: string, args: readonly string[], cwd = directory) => {
    // What npm tells the scripts of this repository is not for a project elsewhere.
    const kept = Object.entries(process.env).filter(([name]) => !/^(npm_|INIT_CWD$|NODE_ENV$|NODE_PATH$)/.test(name));
    const env = { ...Object.fromEntries(kept), CHECKPOINT_DISABLE: '1', NO_COLOR: '1' };
    const { status, stdout, stderr } = spawnSync(program, args, { cwd, env, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stdout}${stderr}`);
    return { stdout, stderr };
  };

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'gitlab-flux-first-'));
    execFileSync('npm', ['pack', '--pack-destination', directory], { cwd: ROOT, stdio: 'ignore' });
    archive = join(
      directory,
      readdirSync(directory).find((name) => name.endsWith('.tgz'))!,
    );
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it.each([
    ['CDKTF', [], 'cdktf'],
    ['CDK Terrain', ['--cdktn'], 'cdktn'],
  ])('on %s installs without a warning about this package, compiles, is valid and synthesizes', (_, flags, cli) => {
    const project = join(directory, cli);
    mkdirSync(project);
    const answers = ['--project', 'platform/fleet', '--cluster', 'uni-dev', '--package', `file:${archive}`];
    // By the name of the package, as `npx cdktf-gitlab-flux init` calls its only command.
    run('npx', ['--yes', `file:${archive}`, 'init', project, ...answers, ...flags]);
    const { stdout, stderr } = run('npm', ['install', '--no-audit', '--no-fund'], project);
    expect(`${stdout}${stderr}`).not.toContain('cdktf-gitlab-flux');

    run('npx', ['tsc'], project);
    expect(run('npx', ['gitlab-flux', 'validate'], project).stdout).toContain('✓ fleet.yaml: 1 cluster, 1 component, ');
    run('npx', ['gitlab-flux', 'pipeline', '--check', '.gitlab-ci.yml'], project);
    const [major = 0] = process.versions.node.split('.').map(Number);
    // The command line of CDK Terrain wants a newer Node.js than its library.
    if (cli === 'cdktn' && major < 24) run('npx', ['tsx', 'main.ts'], project);
    else run('npx', [cli, 'synth'], project);
    const { stacks } = JSON.parse(readFileSync(join(project, 'cdktf.out', 'manifest.json'), 'utf8'));
    expect(Object.keys(stacks)).toEqual(['dev-uni-dev', 'repository']);
    const core = JSON.parse(readFileSync(join(project, 'node_modules', 'cdktf', 'package.json'), 'utf8'));
    expect(core.name).toBe(cli);
  });

  it('brings the pages and the examples that they lead to', () => {
    const installed = join(directory, 'cdktf', 'node_modules', 'cdktf-gitlab-flux');
    for (const path of ['docs/tutorial.md', 'examples/hub/fleet.yaml', 'fleet.yaml', 'schema/fleet.schema.json']) {
      expect(existsSync(join(installed, path)) ? path : `no ${path} in ${dirname(installed)}`).toBe(path);
    }
  });
});
