// Program and GitOps repository may be one project. Its .gitlab-ci.yml then includes both pipelines.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { commitMessage } from '../../../lib/model/delivery/commit-message';
import { planCommit } from '../../../lib/model/delivery/commit-plan';
import { loadFleet } from '../../../lib/model/fleet';
import { stacksOfFleet } from '../../../lib/model/pipeline/plan/fleet-stacks';
import { planPipelineFile } from '../../../lib/model/pipeline/plan/pipeline-file';
import { EXAMPLE, ROOT } from '../../support/example-fleet';

const run = promisify(execFile);
const fleet = loadFleet(EXAMPLE);
const PLAN = '.gitlab/plan.gitlab-ci.yml';
const files = {
  '.gitlab-ci.yml': `include:
  - local: /${PLAN}
  - local: /.gitlab/flux/apply-changed.gitlab-ci.yml
`,
  [PLAN]: planPipelineFile(
    { image: 'registry.example.com/terraform', runnerTags: ['large'] },
    stacksOfFleet(fleet.clusters),
  ),
  ...Object.fromEntries(
    fleet
      .files()
      .flatMap(({ files: tree }) => [...tree])
      .filter(({ path }) => path.startsWith('.gitlab/flux/'))
      .map(({ path, content }) => [path, String(content)]),
  ),
};

interface Job {
  readonly name: string;
  readonly when: string;
  readonly stage: string;
  readonly needs: readonly string[] | null;
}

describe('the pipelines of program and clusters in one project', () => {
  let directory: string;
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'joined-'));
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), content);
    }
    const git = (...args: readonly string[]) => run('git', args, { cwd: directory });
    await git('init', '--quiet', '--initial-branch', 'main');
    await git('remote', 'add', 'origin', 'https://gitlab.example.com/platform/fleet.git');
    await git('add', '--all');
    await git('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '--quiet', '--message', 'Begin');
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  /** What a pipeline with these variables has, as gitlab-ci-local understands the files. */
  const jobsOf = async (variables: Readonly<Record<string, string>>): Promise<readonly Job[]> => {
    const args = Object.entries(variables).flatMap(([name, value]) => ['--variable', `${name}=${value}`]);
    const { stdout } = await run(
      join(ROOT, 'node_modules/.bin/gitlab-ci-local'),
      ['--list-json', '--no-evaluate-rule-changes', ...args],
      { cwd: directory, env: { ...process.env, GCL_IGNORE_PREDEFINED_VARS: Object.keys(variables).join(',') } },
    );
    const jobs = JSON.parse(stdout.slice(stdout.indexOf('['))) as Job[];
    return jobs.filter(({ when }) => when !== 'never');
  };
  const namesOf = (jobs: readonly Job[]): readonly string[] => jobs.map(({ name }) => name).sort();
  const protectedBranch = { CI_COMMIT_BRANCH: 'main', CI_COMMIT_REF_PROTECTED: 'true' };

  it('are one for a push, in which no job of a cluster waits for one of the program', async () => {
    const jobs = await jobsOf({ ...protectedBranch, CI_COMMIT_MESSAGE: 'fix: update 3 files' });
    const groups = ['repository', 'dev', 'prod'].map((name) => `deploy ${name}`);
    expect(namesOf(jobs)).toEqual(['flux-apply:edge-dev', 'select', 'synth', 'validate', ...groups].sort());
    expect(jobs.find(({ name }) => name === 'flux-apply:edge-dev')).toMatchObject({ stage: 'deploy', needs: [] });
  });

  it('are those of the clusters alone for what a deploy delivers', async () => {
    const wanted = [{ path: 'a.yaml', blob: '1', executable: false, policy: 'managed' as const }];
    const plan = planCommit({ wanted, inventory: { name: 'dev-edge-dev', files: new Map() }, branch: new Map() });
    for (const message of [commitMessage(plan), commitMessage(plan, { subject: 'Deploy' })]) {
      const jobs = await jobsOf({ ...protectedBranch, CI_COMMIT_MESSAGE: message });
      expect(namesOf(jobs)).toEqual(['flux-apply:edge-dev']);
    }
  });

  it('are one for a merge request', async () => {
    const jobs = await jobsOf({
      CI_PIPELINE_SOURCE: 'merge_request_event',
      CI_COMMIT_BRANCH: '',
      CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main',
    });
    expect(namesOf(jobs)).toEqual(['flux-diff:edge-dev', 'review', 'select', 'synth', 'target', 'validate']);
  });
});
