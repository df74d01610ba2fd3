import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { type CiFile, renderCiFile } from '../../../../lib/model/pipeline/plan/ci-file';
import { parentPipeline } from '../../../../lib/model/pipeline/plan/parent-pipeline';
import { pipelinePlan } from '../../../../lib/model/pipeline/plan/pipeline-plan';
import { applyPipeline, plansPipeline } from '../../../../lib/model/pipeline/plan/plans-pipeline';
import { ROOT } from '../../../support/example-fleet';

const run = promisify(execFile);
const plan = pipelinePlan({ image: 'image', runnerTags: ['large'], note: true }, [
  { name: 'repository', environment: 'repository' },
  { name: 'prod-b', environment: 'prod' },
]);
const plans = (purpose: 'review' | 'deploy' | 'drift') =>
  plansPipeline({ plan, purpose, stacks: ['prod-b'], part: 1, total: 2, removed: [] });

let directory: string;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'gitlab-schema-'));
  await run('git', ['init', '--quiet'], { cwd: directory });
  await run('git', ['remote', 'add', 'origin', 'https://gitlab.example.com/platform/infrastructure.git'], {
    cwd: directory,
  });
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Lists the jobs of a file with gitlab-ci-local, which holds it to the schema of GitLab's own editor. */
async function jobsOf(file: CiFile) {
  writeFileSync(join(directory, '.gitlab-ci.yml'), renderCiFile(file, []));
  const program = join(ROOT, 'node_modules/.bin/gitlab-ci-local');
  const { stdout } = await run(program, ['--list-json'], { cwd: directory });
  return (JSON.parse(stdout.slice(stdout.indexOf('['))) as { readonly name: string }[]).map(({ name }) => name);
}

test('the pipeline is what GitLab knows', async () => {
  const jobs = await jobsOf(parentPipeline(plan));
  expect(jobs).toEqual(expect.arrayContaining(['validate', 'synth', 'select', 'deploy repository', 'deploy prod']));
});

test('the generated pipelines are what GitLab knows', async () => {
  const [review, deploy, drift] = [plans('review'), plans('deploy'), plans('drift')];
  const apply = applyPipeline(plan, [{ stack: 'prod-b', digest: 'd', manual: true }]);
  // In one file, because each call takes a while.
  const all: CiFile = {
    ...review,
    stages: [...new Set([review, deploy, drift].flatMap(({ stages }) => stages))],
    jobs: {
      ...review.jobs,
      ...deploy.jobs,
      ...apply.jobs,
      'plan drift': drift.jobs['plan prod-b']!,
      drift: drift.jobs['drift']!,
    },
  };
  expect([...(await jobsOf(all))].sort()).toEqual(Object.keys(all.jobs).sort());
});

test('what GitLab does not know would be found', async () => {
  const file = applyPipeline(plan, []);
  const broken = { ...file, jobs: { ...file.jobs, other: { script: ['true'], interruptable: true } } } as CiFile;
  await expect(jobsOf(broken)).rejects.toThrow();
});
