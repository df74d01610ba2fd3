import {
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
import { PassThrough } from 'node:stream';

import { runProgram } from '../../cli/program';
import { loadFleet } from '../../lib/model/fleet';

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'init-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Runs the command; with answers it is on a terminal, and they are typed one after the other. */
const run = async (args: readonly string[], answers?: readonly string[]) => {
  const written = { out: '', err: '' };
  const isTTY = answers !== undefined;
  const typed = [...(answers ?? [])];
  const stdin = Object.assign(new PassThrough(), { isTTY });
  const code = await runProgram(args, {
    stdout: { isTTY, write: (text) => (written.out += text) },
    stderr: {
      isTTY,
      write: (text) => {
        written.err += text;
        if (!/: (\u001b\[\w+)?$/.test(text)) return;
        const next = typed.shift();
        setImmediate(() => (next === undefined ? stdin.end() : stdin.write(`${next}\r`)));
      },
    },
    environment: { NO_COLOR: '1' },
    stdin,
  });
  return { code, ...written };
};

const init = (...args: readonly string[]) => run(['init', directory, ...args]);
const REQUIRED = ['--project', 'platform/fleet', '--cluster', 'uni-dev'];
const textOf = (path: string) => readFileSync(join(directory, path), 'utf8');
const jsonOf = (path: string) => JSON.parse(textOf(path));
const filesIn = (root: string) =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(root, path)).isFile())
    .sort();

/** What somebody was asked, as a terminal shows it before an answer is typed. */
const questionsIn = (err: string) =>
  [...err.matchAll(/\u001b\[0J([A-Z][^\u001b]*): (?=\u001b)/g)].map(([, text]) => text);

describe('gitlab-flux init', () => {
  it('writes a project with the recommended way and trigger', async () => {
    const { code, out, err } = await init(...REQUIRED);
    expect({ code, out: out.replaceAll(directory, '…'), err: err.replaceAll(directory, '…') }).toEqual({
      code: 0,
      out: `✓ …/README.md
✓ …/fleet.yaml
✓ …/main.ts
✓ …/package.json
✓ …/cdktf.json
✓ …/tsconfig.json
✓ …/.gitignore
✓ …/.gitlab-ci.yml
✓ …/ci/Dockerfile
✓ …/components/podinfo/base/kustomization.yaml
✓ …/components/podinfo/base/deployment.yaml
✓ …/components/podinfo/base/service.yaml
`,
      err: 'Next: cd … && npm install && npx gitlab-flux validate; then as …/README.md says.\n',
    });
    expect(filesIn(directory)).toHaveLength(12);
    expect(textOf('fleet.yaml')).toContain(`
defaults:
  flux:
    version: v2.9.4
  trigger: interval

environments:
  dev: {}
`);
    expect(textOf('fleet.yaml')).toContain(`
clusters:
  uni-dev:
    environment: dev
    connection: { kubeconfig: { context: uni-dev } }
    components: [podinfo]
`);
    expect(textOf('README.md')).toContain(`
npx cdktf deploy repository
npx cdktf deploy dev-uni-dev
`);
  });

  it('names this package and what it was tested with in exact versions', async () => {
    await init(...REQUIRED);
    expect(jsonOf('package.json')).toMatchObject({
      private: true,
      dependencies: {
        '@cdktf/provider-gitlab': '15.6.2',
        '@cdktf/provider-helm': '12.1.2',
        '@cdktf/provider-kubernetes': '12.1.1',
        cdktf: '0.21.0',
        'cdktf-gitlab-flux': '0.1.0',
        constructs: '10.7.2',
      },
      devDependencies: { 'cdktf-cli': '0.21.0', typescript: '5.9.3' },
    });
    expect(Object.values({ ...jsonOf('package.json').devDependencies }).every((version) => version !== '')).toBe(true);
  });

  it('puts CDK Terrain in the place of CDKTF', async () => {
    await init(...REQUIRED, '--cdktn', '--package', 'file:../cdktf-gitlab-flux-0.1.0.tgz');
    const { dependencies, devDependencies, overrides } = jsonOf('package.json');
    expect({ dependencies, overrides }).toMatchObject({
      dependencies: {
        cdktf: 'npm:cdktn@0.24.0',
        constructs: '10.7.2',
        'cdktf-gitlab-flux': 'file:../cdktf-gitlab-flux-0.1.0.tgz',
      },
      overrides: { cdktf: 'npm:cdktn@0.24.0' },
    });
    expect(Object.keys(devDependencies)).toEqual(['@types/node', 'cdktn-cli', 'tsx', 'typescript']);
    expect(textOf('.gitlab-ci.yml')).toContain('- npx --no-install cdktn synth\n');
    expect(textOf('README.md')).toContain('npx cdktn deploy repository\n');
  });

  const ways = ['bootstrap', 'operator', 'provider'];
  const triggers = ['interval', 'agent', 'webhook', 'pipeline'];
  it.each(ways.flatMap((way) => triggers.map((trigger) => [way, trigger] as const)))(
    'writes what is valid, without a warning: %s with the trigger %s',
    async (way, trigger) => {
      const flags = ['--flux', way, '--trigger', trigger];
      const webhook = trigger === 'webhook' ? ['--webhook-url', 'https://flux.example.com'] : [];
      expect(await init(...REQUIRED, ...flags, ...webhook)).toMatchObject({ code: 0 });
      const fleet = loadFleet(join(directory, 'fleet.yaml'));
      expect(fleet.warnings).toEqual([]);
      expect(fleet.clusters.map(({ cluster, flux }) => [cluster.trigger.type, flux.type])).toEqual([[trigger, way]]);
      const [file, pipeline] = [join(directory, 'fleet.yaml'), join(directory, '.gitlab-ci.yml')];
      expect(await run(['pipeline', '--file', file, '--check', pipeline])).toMatchObject({ code: 0 });
      const variables = [...textOf('README.md').matchAll(/export TF_VAR_(\w+)/g)].map(([, name]) => name);
      expect(variables).toEqual([
        'git_username',
        'git_password',
        ...(way === 'operator' ? [] : ['gitlab_bootstrap_token']),
        ...(trigger === 'webhook' ? ['flux_webhook_token'] : []),
      ]);
    },
  );

  it.each(['arn:aws:eks:eu-central-1:123456789012:cluster/uni-dev', "it's: {a} # context", '0400', 'no'])(
    'takes the context %j as it is',
    async (context) => {
      expect(await init(...REQUIRED, '--context', context)).toMatchObject({
        code: 0,
        err: expect.stringMatching(/^Next/),
      });
      const [{ cluster }] = loadFleet(join(directory, 'fleet.yaml')).clusters as [any];
      expect(cluster.connection.data).toMatchObject({ context });
    },
  );

  it('overwrites nothing: it lists what is in the way, and asks and writes nothing', async () => {
    writeFileSync(join(directory, 'README.md'), 'mine');
    mkdirSync(join(directory, '.gitignore'));
    const { code, out, err } = await run(['init', directory], ['https://gitlab.example.com']);
    expect({ code, out, err }).toEqual({
      code: 1,
      out: '',
      err: `error: ${directory}: nothing was written, because these are there already: README.md, .gitignore\n`,
    });
    expect(filesIn(directory)).toEqual(['README.md']);
    expect(textOf('README.md')).toBe('mine');
  });

  it('writes beside what is not in the way', async () => {
    mkdirSync(join(directory, 'components'));
    writeFileSync(join(directory, 'components', 'notes.md'), 'mine');
    expect(await init(...REQUIRED)).toMatchObject({ code: 0 });
    expect(filesIn(directory)).toHaveLength(13);
  });

  it('takes everything back when what it wrote is refused', async () => {
    writeFileSync(join(directory, 'mine'), '');
    const { code, err } = await run(['init', join(directory, 'new'), '--project', 'a/b', '--cluster', 'flux-common']);
    expect(code).toBe(1);
    expect(err).toContain('flux-common');
    expect(filesIn(directory)).toEqual(['mine']);
    expect(existsSync(join(directory, 'new'))).toBe(false);
  });

  it.each([
    [['--cluster', 'uni-dev'], '--project is missing: project that Flux follows, such as platform/fleet'],
    [
      ['--project', 'fleet', '--cluster', 'a'],
      'init: --project: got "fleet", want the full path of a project, such as platform/fleet',
    ],
    [
      ['--url', 'http://gitlab.example.com', ...REQUIRED],
      'init: --url: got "http://gitlab.example.com", want https://…: Flux would send its credential over the network in clear',
    ],
    [['--flux', 'helm', ...REQUIRED], 'init: --flux: got "helm", want one of bootstrap, operator, provider'],
    [
      ['--trigger', 'webhook', ...REQUIRED],
      '--webhook-url is missing: where GitLab reaches Flux, such as https://flux.uni-dev.example.com',
    ],
    [['--webhook-url', 'https://a.example.com', ...REQUIRED], '--webhook-url: want it with --trigger webhook only'],
    [['--cluster', 'Uni', '--project', 'a/b'], 'init: --cluster: got "Uni", want a DNS label'],
  ])('refuses %j, and writes nothing', async (flags, message) => {
    const { code, err } = await init(...flags);
    expect(code).toBe(1);
    expect(err).toContain(`error: ${message}`);
    expect(filesIn(directory)).toEqual([]);
  });

  describe('on a terminal', () => {
    it('asks for what no flag says, and again after a wrong answer', async () => {
      const answers = [
        'https://gitlab.example.com',
        'fleet',
        'platform/fleet',
        '',
        'uni-prod',
        'prod',
        '',
        '',
        'agent',
      ];
      const { code, err } = await run(['init', directory], answers);
      expect(code).toBe(0);
      expect(questionsIn(err)).toEqual([
        'Address of GitLab [https://gitlab.com]',
        'Project that Flux follows, such as platform/fleet',
        'Project that Flux follows, such as platform/fleet',
        'Project of this program, which keeps its states [platform/infrastructure]',
        'Name of the first cluster, such as uni-dev',
        'Its environment [dev]',
        'Its context in the kubeconfig [uni-prod]',
        'How Flux is run: bootstrap, operator or provider [bootstrap]',
        'How a push reaches the cluster: interval, agent, webhook or pipeline [interval]',
      ]);
      expect(err).toContain('got "fleet", want the full path of a project, such as platform/fleet\n');
      const {
        clusters: [first],
        project,
      } = loadFleet(join(directory, 'fleet.yaml'));
      expect(project).toMatchObject({ url: 'https://gitlab.example.com', path: 'platform/fleet' });
      expect(first!.cluster).toMatchObject({ name: 'uni-prod', environment: 'prod', trigger: { type: 'agent' } });
    });

    it('asks only for what is left, and where GitLab reaches Flux only for a webhook', async () => {
      const flags = [...REQUIRED, '--environment', 'dev', '--context', 'uni', '--program', 'platform/program'];
      const { code, err } = await run(['init', directory, ...flags], ['', '', 'webhook', 'https://flux.example.com']);
      expect(code).toBe(0);
      expect(questionsIn(err)).toEqual([
        'Address of GitLab [https://gitlab.com]',
        'How Flux is run: bootstrap, operator or provider [bootstrap]',
        'How a push reaches the cluster: interval, agent, webhook or pipeline [interval]',
        'Where GitLab reaches Flux, such as https://flux.uni-dev.example.com',
      ]);
      expect(textOf('fleet.yaml')).toContain('  trigger: { webhook: { url: https://flux.example.com } }\n');
    });

    it('writes nothing when it is left', async () => {
      expect(await run(['init', directory], ['https://gitlab.example.com'])).toMatchObject({
        code: 1,
        err: expect.stringContaining('error: nothing was written\n'),
      });
      expect(filesIn(directory)).toEqual([]);
    });

    it('asks nothing with --yes', async () => {
      expect(await run(['init', directory, ...REQUIRED, '--yes'], [])).toMatchObject({
        code: 0,
        err: expect.stringMatching(/^Next: [^\n]*\n$/),
      });
    });
  });
});
