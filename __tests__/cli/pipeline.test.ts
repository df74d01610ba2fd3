import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { parse } from 'yaml';

import { runProgram } from '../../cli/program';
import { pipelinePlan } from '../../lib/model/pipeline/plan/pipeline-plan';
import { EXAMPLE_TEXT, ROOT } from '../support/example-fleet';
import { PackageRegistry } from '../support/package-registry';

jest.mock('cdktf', () => {
  throw new Error('the command line imports cdktf');
});

const settings = JSON.stringify(
  pipelinePlan({ image: 'image' }, [
    { name: 'repository', environment: 'repository' },
    { name: 'dev-a', environment: 'dev' },
    { name: 'prod-b', environment: 'prod' },
  ]),
);
const DIGEST_V2 = /^digest of the plan: ([0-9a-f]{64})$/m;

let registry: PackageRegistry;
let directory: string;
const environment = process.env;
beforeAll(async () => (registry = await PackageRegistry.start('job-token')));
afterAll(() => registry.stop());
beforeEach(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'pipeline-')));
  process.chdir(directory);
  registry.files.clear();
  registry.notes.splice(0);
  write('bin/terraform', TERRAFORM);
  chmodSync('bin/terraform', 0o755);
  process.env = {
    ...environment,
    PATH: [join(directory, 'bin'), environment['PATH']].join(delimiter),
    CI_API_V4_URL: registry.api,
    CI_SERVER_URL: registry.url,
    CI_PROJECT_ID: '1',
    CI_JOB_TOKEN: 'job-token',
    CI_JOB_URL: 'https://gitlab.example.com/job',
    CI_COMMIT_SHA: '0123456789abcdef',
    CI_MERGE_REQUEST_IID: '7',
    CI_MERGE_REQUEST_PROJECT_URL: 'https://gitlab.example.com/platform/infrastructure',
  };
  delete process.env['TF_VAR_token'];
});
afterEach(() => {
  process.env = environment;
  process.chdir(ROOT);
  rmSync(directory, { recursive: true, force: true });
});

/**
 * Plans from the state in `terraform.tfstate`, which it takes for a value, to the `input` of the stack; applies by writing
 * it. As Terraform, it does nothing without a value for a variable.
 */
const TERRAFORM = `#!/bin/sh
echo "$@" >> "$(dirname "$0")/calls"
input=$(sed -n 's/.*"input": *"\\(.*\\)".*/\\1/p' cdk.tf.json)
state=$(cat terraform.tfstate 2>/dev/null || echo none)
[ "$input" != broken ] || { echo 'Error: broken' >&2; exit 1; }
case $1 in plan|apply) [ -n "\${TF_VAR_token+set}" ] || { echo 'Error: No value for required variable: token' >&2; exit 1; } ;; esac
case $1 in
  plan) echo "secret plan with $TF_VAR_token"; for each; do case $each in -out=*) echo "$input" > "\${each#-out=}";; esac; done ;;
  show) [ "$state" = "$input" ] && action=no-op || action=update
    echo '{"format_version":"1.2","resource_changes":[{"address":"terraform_data.a","mode":"managed","change":{"actions":["'$action'"],"before":{"input":"'$state'"},"after":{"input":"'$input'"}}}]}' ;;
  apply) for file; do :; done; cp "$file" terraform.tfstate ;;
esac
`;

function write(path: string, text: string) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** What `cdktf synth` writes for stacks with one value each. */
function synthesize(output: string, stacks: Record<string, string>, backend: object = { http: {} }) {
  rmSync(output, { recursive: true, force: true });
  const manifest = Object.keys(stacks).map((name) => [name, { workingDirectory: `stacks/${name}` }]);
  write(`${output}/manifest.json`, JSON.stringify({ stacks: Object.fromEntries(manifest) }));
  for (const [name, input] of Object.entries(stacks)) {
    const variable = { token: { ephemeral: true }, open: { default: '' } };
    const resource = { terraform_data: { a: { input } } };
    write(
      `${output}/stacks/${name}/cdk.tf.json`,
      JSON.stringify({ terraform: { backend }, variable, resource }, undefined, 1),
    );
  }
}

/** The state of a stack, as it is kept where the synthesized stack lies. */
const stateOf = (stack: string) => `cdktf.out/stacks/${stack}/terraform.tfstate`;

async function pipeline(...args: string[]) {
  const written = { out: '', err: '' };
  const code = await runProgram(['pipeline', ...args], {
    stdout: { write: (text) => (written.out += text) },
    stderr: { write: (text) => (written.err += text) },
    environment: {},
  });
  return { code, ...written };
}

const select = (purpose: string) => pipeline('select', '--purpose', purpose, '--settings', settings);
const jobsOf = (file: string) => Object.keys(parse(readFileSync(`.gitlab-flux/${file}.yml`, 'utf8')) as object);

describe('gitlab-flux pipeline', () => {
  const fleet = (more: string) => {
    cpSync(join(ROOT, 'examples'), 'examples', { recursive: true });
    const state = 'state: { type: gitlab, url: https://gitlab.example.com, project: platform/states }';
    writeFileSync('fleet.yaml', `${EXAMPLE_TEXT}\n${more}\n${state}\n`);
  };

  it('writes the pipeline of a fleet, and tells whether a file is it', async () => {
    fleet('planPipeline: { image: image }');
    expect(await pipeline('--out', '.gitlab-ci.yml')).toEqual({ code: 0, out: '✓ .gitlab-ci.yml\n', err: '' });
    const text = readFileSync('.gitlab-ci.yml', 'utf8');
    expect(parse(text).stages).toEqual([
      'check',
      'select',
      'plan',
      'deploy repository',
      'deploy dev',
      'deploy prod',
      'deploy',
    ]);
    expect((await pipeline()).out).toBe(text);
    expect((await pipeline('--check', '.gitlab-ci.yml')).code).toBe(0);
    writeFileSync('.gitlab-ci.yml', `${text}\n`);
    expect(await pipeline('--check', '.gitlab-ci.yml')).toEqual({
      code: 1,
      out: '',
      err: "error: .gitlab-ci.yml: is not what the fleet says; write it with 'gitlab-flux pipeline --out .gitlab-ci.yml'\n",
    });
  });

  it('says where a fleet is wrong about it', async () => {
    fleet('planPipeline: { image: image, production: [live] }');
    expect((await pipeline()).err).toMatch(
      /^error: fleet\.yaml:\d+:\d+: planPipeline: got "live", want one of repository, dev, prod\n$|^error: fleet\.yaml:\d+:\d+: .*production: got "live"/,
    );
    fleet('');
    expect((await pipeline()).err).toContain('planPipeline: want the settings of the pipeline, at least its image');
  });
});

describe('the jobs of a merge request', () => {
  it('plan the stacks that differ from the target branch, and name those that are gone', async () => {
    synthesize('cdktf.target', { repository: 'v1', 'dev-a': 'v1', 'dev-old': 'v1' });
    synthesize('cdktf.out', { repository: 'v1', 'dev-a': 'v2', 'prod-b': 'v1' });
    expect((await select('review')).err).toBe('2 of 3 stacks: dev-a, prod-b\nno longer in the program: dev-old\n');
    expect(jobsOf('review-1')).toEqual(expect.arrayContaining(['plan dev-a', 'plan prod-b', 'review']));
    expect(jobsOf('review-1')).not.toContain('plan repository');
  });

  it('refuse a state that is gone with the job', async () => {
    synthesize('cdktf.target', {});
    synthesize('cdktf.out', { 'dev-a': 'v1' }, { local: {} });
    expect((await select('review')).err).toContain(
      'stack "dev-a": state: got "local", want a state that outlives the job',
    );
  });

  it('hand on what a plan does, but no secret and no plan', async () => {
    synthesize('cdktf.out', { 'dev-a': 'v2' });
    writeFileSync(stateOf('dev-a'), 'v1');
    const { code, err } = await pipeline('plan', 'dev-a', '--record');
    expect({ code, err }).toEqual({ code: 0, err: expect.stringMatching(DIGEST_V2) });
    const calls = readFileSync('bin/calls', 'utf8').split('\n');
    expect(calls[1]).toMatch(/^plan -input=false -no-color -lock=false -refresh=false -out=/);
    const [, planFile = ''] = /-out=(\S+)/.exec(calls[1]!) ?? [];
    expect(planFile).not.toContain(directory);
    expect(existsSync(planFile)).toBe(false);
    expect(readFileSync('.gitlab-flux/widgets/dev-a.json', 'utf8')).toBe('{"create":0,"update":1,"delete":0}\n');
    expect(JSON.parse([...registry.files.values()][0]!)).toMatchObject({
      stack: 'dev-a',
      mergeRequest: 'https://gitlab.example.com/platform/infrastructure/-/merge_requests/7',
    });
    for (const path of readdirSync('.gitlab-flux', { recursive: true, encoding: 'utf8' }).filter((each) =>
      each.endsWith('.json'),
    )) {
      expect(readFileSync(`.gitlab-flux/${path}`, 'utf8')).not.toContain('secret');
    }
  });

  it('need no secrets: an ephemeral variable is in no plan', async () => {
    synthesize('cdktf.out', { 'dev-a': 'v2' });
    expect((await pipeline('plan', 'dev-a')).err).toContain('secret plan with not-needed-to-plan');
  });

  it('review a failed plan too, and only warn when a plan cannot be recorded', async () => {
    synthesize('cdktf.out', { 'dev-a': 'broken', 'prod-b': 'v1' });
    expect(await pipeline('plan', 'dev-a', '--record')).toMatchObject({
      code: 1,
      err: 'Error: broken\nerror: terraform init: failed with exit code 1; it says why above\n',
    });
    process.env['CI_JOB_TOKEN'] = 'of another project';
    const { code, err } = await pipeline('plan', 'prod-b', '--record');
    expect(code).toBe(0);
    expect(err).toContain(
      'warning: the plan is not recorded, so its apply will wait for a person: package registry: GitLab answered 401',
    );
    const { out } = await pipeline('review', '--stacks', '2');
    expect(out).toContain('**2 of 2 stacks changed**; 0 to create, 1 to update, 0 to delete; **1 plan failed**.');
    expect(readFileSync('.gitlab-flux/review.md', 'utf8')).toBe(out);
  });

  it('keep one note up to date, and begin none for nothing', async () => {
    process.env['GITLAB_FLUX_NOTE_TOKEN'] = 'note-token';
    const note = () => pipeline('review', '--stacks', '2', '--note');
    expect((await note()).err).toBe('note: not needed\n');
    synthesize('cdktf.out', { 'dev-a': 'v2' });
    await pipeline('plan', 'dev-a');
    expect((await note()).err).toBe('note: created\n');
    rmSync('.gitlab-flux', { recursive: true });
    expect((await note()).err).toBe('note: updated\n');
    expect(registry.notes.map(({ body }) => body)).toEqual([
      '<!-- gitlab-flux plan 1 -->\n### Plan of 0123456789a\n\n**0 of 2 stacks changed**; 0 to create, 0 to update, 0 to delete.\n',
    ]);
    process.env['GITLAB_FLUX_NOTE_TOKEN'] = 'another';
    expect((await note()).err).toContain('error: note: GitLab answered 401');
  });
});

describe('the jobs of the default branch', () => {
  /** The digest of what a merge request planned for dev-a, from v1 to v2. */
  async function reviewed() {
    synthesize('cdktf.out', { repository: 'v1', 'dev-a': 'v2', 'prod-b': 'v2' });
    for (const stack of ['dev-a', 'prod-b']) {
      writeFileSync(stateOf(stack), 'v1');
      await pipeline('plan', stack, '--record');
      rmSync(stateOf(stack));
    }
    rmSync('.gitlab-flux', { recursive: true });
  }
  const decide = () => pipeline('decide', '--settings', settings);
  /** Jobs that apply have the secrets. */
  const apply = (stack: string, digest: string, ...args: string[]) => {
    process.env['TF_VAR_token'] = 'canary';
    return pipeline('apply', stack, '--digest', digest, ...args);
  };
  const applyJobs = () => parse(readFileSync('.gitlab-flux/apply.yml', 'utf8')) as Record<string, any>;

  it('plan what is not applied yet, by environment', async () => {
    synthesize('cdktf.out', { repository: 'v1', 'dev-a': 'v1', 'prod-b': 'v1' });
    await pipeline('plan', 'dev-a');
    writeFileSync(stateOf('dev-a'), 'v1');
    const { digest } = JSON.parse(readFileSync('.gitlab-flux/reports/dev-a.json', 'utf8')).plan;
    rmSync(stateOf('dev-a'));
    await apply('dev-a', digest);
    rmSync(stateOf('dev-a'));
    expect((await select('deploy')).err).toBe('2 of 3 stacks: prod-b, repository\n');
    expect(jobsOf('deploy-dev-1')).toContain('nothing');
    expect(jobsOf('deploy-prod-1')).toEqual(expect.arrayContaining(['plan prod-b', 'decide', 'apply']));
    expect((await select('drift')).err).toBe(
      'not applied yet, so no drift: prod-b, repository\n1 of 3 stacks: dev-a\n',
    );
  });

  it('apply at once what is as it was reviewed, and let a person start production', async () => {
    await reviewed();
    for (const stack of ['dev-a', 'prod-b']) {
      writeFileSync(stateOf(stack), 'v1');
      await pipeline('plan', stack);
      rmSync(stateOf(stack));
    }
    const { err } = await decide();
    expect(err).toMatch(
      /^dev-a: as reviewed, [0-9a-f]{64}\nprod-b: as reviewed, [0-9a-f]{64}; waits for a person, because it is production\n$/,
    );
    expect(applyJobs()['apply dev-a'].rules).toBeUndefined();
    expect(applyJobs()['apply prod-b'].rules).toEqual([{ when: 'manual' }]);
  });

  it('wait for a person when the plan is another one, and show both', async () => {
    await reviewed();
    writeFileSync(stateOf('dev-a'), 'hotfix');
    await pipeline('plan', 'dev-a');
    const { err } = await decide();
    expect(err).toMatch(
      new RegExp(
        [
          'dev-a: waits for a person, because the plan has changed since https://gitlab.example.com/platform/infrastructure/-/merge_requests/7.',
          'reviewed [0-9a-f]{64}:',
          '~ terraform_data.a',
          '    input: "v1" → "v2"',
          'planned now [0-9a-f]{64}:',
          '~ terraform_data.a',
          '    input: "hotfix" → "v2"',
          'the difference:',
          '@@ -1 \\+1 @@',
          ' ~ terraform_data.a',
          '-    input: "v1" → "v2"',
          '\\+    input: "hotfix" → "v2"',
        ].join('\n'),
      ),
    );
    expect(applyJobs()['apply dev-a']).toMatchObject({ rules: [{ when: 'manual' }], allow_failure: false });
  });

  it('wait for a person when nobody could review it', async () => {
    synthesize('cdktf.out', { 'dev-a': 'v2' });
    await pipeline('plan', 'dev-a');
    expect((await decide()).err).toBe(
      'dev-a: waits for a person, because nobody could review this plan:\n~ terraform_data.a\n    input: "none" → "v2"\n',
    );
  });

  it('record as applied where there is nothing to apply', async () => {
    synthesize('cdktf.out', { 'dev-a': 'v2' });
    writeFileSync(stateOf('dev-a'), 'v2');
    await pipeline('plan', 'dev-a');
    expect((await decide()).err).toBe('dev-a: nothing to apply\n');
    expect(applyJobs()).toHaveProperty('nothing');
    expect([...registry.files.keys()]).toEqual(['gitlab-flux-applied/dev-a/applied.json']);
  });

  it('apply exactly the expected plan, or nothing', async () => {
    synthesize('cdktf.out', { 'dev-a': 'v2' });
    await pipeline('plan', 'dev-a', '--record');
    const { digest } = JSON.parse(readFileSync('.gitlab-flux/reports/dev-a.json', 'utf8')).plan;
    writeFileSync(stateOf('dev-a'), 'hotfix');
    const refused = await apply('dev-a', digest);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('~ terraform_data.a\n    input: "hotfix" → "v2"\n');
    expect(refused.err).toContain('error: dev-a: the plan is no longer the one that was shown, so nothing is applied');
    expect(readFileSync(stateOf('dev-a'), 'utf8')).toBe('hotfix');
    rmSync(stateOf('dev-a'));
    expect((await apply('dev-a', digest, '--lock-timeout', '9s')).code).toBe(0);
    expect(readFileSync(stateOf('dev-a'), 'utf8')).toBe('v2\n');
    expect(readFileSync('bin/calls', 'utf8')).toMatch(
      /plan .*-lock-timeout=9s[^]*apply -input=false -no-color -lock-timeout=9s /,
    );
    expect(registry.files.get('gitlab-flux-applied/dev-a/applied.json')).toContain('"stack": "dev-a"');
  });

  it('apply nothing without the secrets: nothing takes the place of one', async () => {
    synthesize('cdktf.out', { 'dev-a': 'v2' });
    await pipeline('plan', 'dev-a');
    const { digest } = JSON.parse(readFileSync('.gitlab-flux/reports/dev-a.json', 'utf8')).plan;
    expect(await pipeline('apply', 'dev-a', '--digest', digest)).toEqual({
      code: 1,
      out: '',
      err: 'Error: No value for required variable: token\nerror: terraform plan: failed with exit code 1; it says why above\n',
    });
    expect(existsSync(stateOf('dev-a'))).toBe(false);
    expect(registry.files.size).toBe(0);
  });
});

describe('the nightly jobs', () => {
  it('fail where the world is another, and say where', async () => {
    synthesize('cdktf.out', { 'dev-a': 'v2', 'prod-b': 'v1' });
    writeFileSync(stateOf('prod-b'), 'v1');
    expect(await pipeline('drift')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^error: drift: no stack was planned/),
    });
    await pipeline('plan', 'prod-b', '--refresh');
    expect(await pipeline('drift')).toEqual({ code: 0, out: 'No drift in 1 stack.\n', err: '' });
    await pipeline('plan', 'dev-a', '--refresh');
    expect(await pipeline('drift')).toEqual({
      code: 1,
      out: '### Drift\n\n#### dev-a\n\nAn apply would:\n\n```diff\n~ terraform_data.a\n    input: "none" → "v2"\n```\n',
      err: 'error: drift: dev-a\n',
    });
  });
});

it('says when it is no job of GitLab', async () => {
  synthesize('cdktf.out', { 'dev-a': 'v2' });
  delete process.env['CI_JOB_TOKEN'];
  expect((await select('deploy')).err).toBe(
    'error: want CI_API_V4_URL, CI_PROJECT_ID and CI_JOB_TOKEN: this is for jobs of GitLab CI\n',
  );
  expect((await pipeline('target', '--settings', settings)).err).toContain('CI_MERGE_REQUEST_TARGET_BRANCH_NAME');
  expect((await pipeline('plan', 'dev-x')).err).toBe('error: stack: got "dev-x", want one of dev-a\n');
  expect((await pipeline('select', '--purpose', 'deploy', '--settings', '{}')).code).toBe(2);
});
