import { App } from 'cdktf';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { Cluster } from '../../lib/model/cluster/cluster';
import { ClusterConnection } from '../../lib/model/cluster/cluster-connection';
import { FleetStacks } from '../../stacks';
import { examplePlan, fleetOf } from '../support/fleets';
import { filesOf } from '../support/outdir';
import { describeWithRig, temporaryDirectory } from '../support/rig';

const settings =
  [process.env['TF_CLI_CONFIG_FILE'], join(homedir(), '.cache/terraformrc')].find(
    (path) => path !== undefined && existsSync(path),
  ) ?? 'TF_CLI_CONFIG_FILE';
const mirror = existsSync(settings) ? /path\s*=\s*"([^"]+)"/.exec(readFileSync(settings, 'utf8'))?.[1] : undefined;
const hasProviders =
  mirror !== undefined &&
  ['helm', 'kubernetes'].every((name) => existsSync(join(mirror, 'registry.terraform.io/hashicorp', name)));

const canary = (name: string): string => `canary-${name}-5e3f8a`;
const variables = [
  'git_username',
  'git_password',
  'git_username_kiosk',
  'git_password_kiosk',
  'gitlab_bootstrap_token',
  'sops_age_key',
  'cluster_token',
];

// The real terraform and the real providers, and a cluster that nobody can reach.
function describePlans(name: string, fn: () => void): void {
  if (hasProviders) describeWithRig(name, fn, [{ program: 'terraform' }]);
  else describe.skip(`${name} (skipped, program: no providers in a mirror that ${settings} names)`, fn);
}

describePlans('terraform', () => {
  const server = 'https://127.0.0.1:1';
  const connections = [
    ClusterConnection.token({ server }),
    ClusterConnection.exec({ server, command: 'sh', args: ['-c', 'echo ${X}'], env: { AWS_PROFILE: 'dev' } }),
    ClusterConnection.kubeconfig({ path: '/nowhere', context: 'a' }),
  ];
  let outdir: string;

  beforeAll(() => {
    const directory = temporaryDirectory('plan');
    outdir = join(directory, 'cdktf.out');
    // The states are files of the working directory: a second run must not find those of the first.
    const before = process.cwd();
    process.chdir(directory);
    const app = new App({ outdir });
    const fleet = fleetOf(examplePlan);
    const clusters = fleet.clusters.map(({ cluster, flux }, index) => ({
      cluster: new Cluster({ ...cluster, connection: connections[index]! }), // eslint-disable-line @typescript-eslint/no-misused-spread -- a value
      flux,
    }));
    new FleetStacks(app, { ...fleet, clusters });
    app.synth();
    process.chdir(before);
  });

  const terraform = async (stack: string, ...args: string[]): Promise<string> => {
    const secrets = variables.map((name) => [`TF_VAR_${name}`, canary(name)]);
    const env = {
      ...process.env,
      TF_CLI_CONFIG_FILE: settings,
      ...Object.fromEntries(secrets),
      GITLAB_TOKEN: canary('gitlab'),
      // The provisioner finds no gitlab-flux.
      npm_config_offline: 'true',
    };
    const cwd = join(outdir, 'stacks', stack);
    const { stdout, stderr } = await promisify(execFile)('terraform', [...args, '-no-color'], { cwd, env }).catch(
      (error: unknown) => error as { stdout: string; stderr: string },
    );
    return stdout + stderr;
  };

  test.each(['repository', 'dev-uni-dev', 'dev-campus-dev'])('%s is valid and can be planned', async (stack) => {
    await terraform(stack, 'init');
    expect(await terraform(stack, 'validate')).toContain('The configuration is valid');
    const plan = await terraform(stack, 'plan', '-out=plan.bin');
    expect(plan).toMatch(/^Plan: ([2-9]|10) to add, 0 to change, 0 to destroy\.$/m);
    const json = await terraform(stack, 'show', '-json', 'plan.bin');
    expect(JSON.parse(json).errored).toBe(false);
    expect(plan + json).not.toContain('canary');
  });

  test('no secret is in the state or the messages of a deploy that fails', async () => {
    const printed = await terraform('dev-uni-dev', 'apply', '-auto-approve');
    expect(printed).toMatch(/Error: .*connection refused/);
    expect(printed).not.toContain('canary');
    const written = filesOf(join(outdir, '..'));
    const states = Object.keys(written).filter((path) => path.includes('.tfstate'));
    const text = Object.entries(written).filter(([path]) => !path.includes('/.terraform/'));
    expect(text.filter(([, content]) => content.includes('canary')).map(([path]) => path)).toEqual([]);
    expect(states.length + text.length).toBeGreaterThan(20);
  });
});
