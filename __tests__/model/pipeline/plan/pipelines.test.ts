import { parse } from 'yaml';

import { renderCiFile } from '../../../../lib/model/pipeline/plan/ci-file';
import { parentPipeline } from '../../../../lib/model/pipeline/plan/parent-pipeline';
import { planPipelineFile } from '../../../../lib/model/pipeline/plan/pipeline-file';
import { groupOf, pipelinePlan } from '../../../../lib/model/pipeline/plan/pipeline-plan';
import { type PlanPipelineSettings } from '../../../../lib/model/pipeline/plan/plan-pipeline-settings';
import { applyPipeline, plansPipeline } from '../../../../lib/model/pipeline/plan/plans-pipeline';

const stacks = [
  { name: 'repository', environment: 'repository' },
  { name: 'dev-a', environment: 'dev' },
  { name: 'prod-b', environment: 'prod' },
];
const settings: PlanPipelineSettings = { image: 'registry.example.com/terraform@sha256:0', setup: ['npm ci'] };
const plan = pipelinePlan(settings, stacks);
const REVIEW = { if: '$CI_PIPELINE_SOURCE == "merge_request_event"' };
const DRIFT = { if: '$CI_PIPELINE_SOURCE == "schedule"' };
const BRANCH =
  '$CI_PIPELINE_SOURCE != "schedule" && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH && $CI_COMMIT_REF_PROTECTED == "true"';
const DEPLOY = {
  if: `${BRANCH} && $CI_COMMIT_MESSAGE !~ /\\nGitLab-Flux-Stack: /`,
};
const startsPart = (stage: string, artifact: string, rule: object) => ({
  stage,
  rules: [rule],
  variables: { GITLAB_FLUX_PARENT: '$CI_PIPELINE_ID' },
  trigger: { include: [{ artifact, job: 'select' }], strategy: 'depend' },
});
const parsed = (text: string): any => parse(text);

describe('the pipeline of a repository', () => {
  const file = parsed(planPipelineFile(settings, stacks));

  test('runs for merge requests, the protected default branch and schedules', () => {
    expect(file.workflow.rules).toEqual([REVIEW, DRIFT, { if: BRANCH }]);
    expect(file.validate.rules).toEqual([REVIEW, DEPLOY]);
    expect(file.synth.rules).toEqual([REVIEW, DRIFT, DEPLOY]);
    expect(file.target.rules).toEqual([REVIEW]);
    expect(file.select.rules).toEqual([
      { ...REVIEW, variables: { GITLAB_FLUX_PURPOSE: 'review' } },
      { ...DRIFT, variables: { GITLAB_FLUX_PURPOSE: 'drift' } },
      { ...DEPLOY, variables: { GITLAB_FLUX_PURPOSE: 'deploy' } },
    ]);
  });

  test('starts a generated pipeline for a review, and one after the other for a deploy', () => {
    expect(file.stages).toEqual([
      'check',
      'select',
      'plan',
      'deploy repository',
      'deploy dev',
      'deploy prod',
      'deploy',
    ]);
    expect(file.review).toEqual(startsPart('plan', '.gitlab-flux/review-1.yml', REVIEW));
    expect(file.drift).toEqual(startsPart('plan', '.gitlab-flux/drift-1.yml', DRIFT));
    expect(file['deploy repository']).toEqual(
      startsPart('deploy repository', '.gitlab-flux/deploy-repository-1.yml', DEPLOY),
    );
    expect(file['deploy prod']).toEqual(startsPart('deploy prod', '.gitlab-flux/deploy-prod-1.yml', DEPLOY));
  });

  test('gives what it hands on to developers only, and not for ever', () => {
    for (const job of [file.synth, file.target, file.select]) {
      expect(job.artifacts).toMatchObject({ access: 'developer', expire_in: '1 week' });
    }
  });

  test('does not start again for the commit of files that a deploy makes', () => {
    const [, pattern = ''] = /!~ \/(.*)\/$/.exec(DEPLOY.if) ?? [];
    expect('Deploy\n\n+ a.yaml\n\nGitLab-Flux-Stack: dev-uni-dev').toMatch(new RegExp(pattern));
    expect('fix: update 3 files\n\nThey were wrong.').not.toMatch(new RegExp(pattern));
  });

  test('has 500 stacks in pipelines of a hundred', () => {
    const many = [
      ...stacks,
      ...Array.from({ length: 497 }, (_, index) => ({ name: `dev-c${index}`, environment: 'dev' })),
    ];
    const large = parsed(planPipelineFile(settings, many));
    expect(Object.keys(large).filter((name) => name.startsWith('review '))).toEqual(
      [1, 2, 3, 4, 5].map((part) => `review ${part}/5`),
    );
    expect(Object.keys(large).filter((name) => name.startsWith('deploy'))).toEqual([
      'deploy repository',
      ...[1, 2, 3, 4, 5].map((part) => `deploy dev ${part}/5`),
      'deploy prod',
    ]);
    const part = plansPipeline({
      plan: pipelinePlan(settings, many),
      purpose: 'review',
      stacks: many.slice(0, 100).map(({ name }) => name),
      part: 1,
      total: 500,
      removed: [],
    });
    expect(Object.keys(part.jobs)).toHaveLength(101);
    // GitLab refuses more than 50 needs of a job, and artifacts of more than 5 MB as a pipeline.
    expect(Object.values(part.jobs).every(({ needs = [] }) => needs.length <= 2)).toBe(true);
    expect(renderCiFile(part, []).length).toBeLessThan(100_000);
  });
});

describe('a generated pipeline', () => {
  const generated = (
    purpose: 'review' | 'deploy' | 'drift',
    names: readonly string[],
    more: Partial<PlanPipelineSettings> = {},
  ): any =>
    parsed(
      renderCiFile(
        plansPipeline({
          plan: pipelinePlan({ ...settings, ...more }, stacks),
          purpose,
          stacks: names,
          part: 1,
          total: 3,
          removed: ['dev-old'],
        }),
        [],
      ),
    );
  const needs = [
    { pipeline: '$GITLAB_FLUX_PARENT', job: 'synth' },
    { pipeline: '$GITLAB_FLUX_PARENT', job: 'select' },
  ];

  test('for a review plans each stack without credentials, and shows the numbers', () => {
    expect(generated('review', ['dev-a'])['plan dev-a']).toEqual({
      stage: 'plan',
      needs,
      script: [
        'npm ci',
        'npx --no-install gitlab-flux pipeline plan dev-a --record --tool terraform --output cdktf.out',
      ],
      artifacts: {
        name: 'dev-a',
        paths: ['.gitlab-flux/reports/dev-a.json'],
        access: 'developer',
        expire_in: '1 week',
        when: 'always',
        reports: { terraform: '.gitlab-flux/widgets/dev-a.json' },
      },
    });
  });

  test('for a review ends with one, also of plans that failed, and with a note when it shall', () => {
    const { review } = generated('review', [], { note: true });
    expect(review).toEqual({
      stage: 'review',
      rules: [{ when: 'always' }],
      script: ['npm ci', 'npx --no-install gitlab-flux pipeline review --stacks 3 --part 1 --removed dev-old --note'],
      artifacts: { paths: ['.gitlab-flux/review.md'], access: 'developer', expire_in: '1 week', when: 'always' },
    });
  });

  test.each([
    ['24h', '1 day'],
    ['49h30m', '2 days 1 hour 30 minutes'],
    ['336h1s', '2 weeks 1 second'],
    ['1500ms', '2 seconds'],
  ])('says in the words of GitLab that artifacts are kept for %s', (expireIn, words) => {
    expect(generated('review', ['dev-a'], { expireIn })['plan dev-a'].artifacts.expire_in).toBe(words);
  });

  test.each(['1 week', '0h'])('refuses that they are kept for %s', (expireIn) => {
    expect(() => generated('review', ['dev-a'], { expireIn })).toThrow(`expireIn: got "${expireIn}"`);
  });

  test('for drift asks what is there, with the credentials of the environment but without a deployment', () => {
    const job = generated('drift', ['prod-b'], { tool: 'opentofu' })['plan prod-b'];
    expect(job.environment).toEqual({ name: 'prod/b', deployment_tier: 'production', action: 'access' });
    expect(job.script[1]).toBe(
      'npx --no-install gitlab-flux pipeline plan prod-b --tool opentofu --refresh --output cdktf.out',
    );
  });

  test('for a deploy starts the pipeline that applies, when all plans are there', () => {
    const { decide, apply } = generated('deploy', ['dev-a']);
    expect(decide.stage).toBe('deploy');
    expect(decide.needs).toBeUndefined();
    expect(apply).toEqual({
      stage: 'apply',
      variables: { GITLAB_FLUX_PARENT: '$GITLAB_FLUX_PARENT' },
      trigger: { include: [{ artifact: '.gitlab-flux/apply.yml', job: 'decide' }], strategy: 'depend' },
    });
  });

  test('gives Terraform the token of the job for its state', () => {
    expect(generated('deploy', ['dev-a']).variables).toMatchObject({
      TF_HTTP_USERNAME: 'gitlab-ci-token',
      TF_HTTP_PASSWORD: '$CI_JOB_TOKEN',
    });
  });

  test('is never without a job', () => {
    expect(Object.keys(generated('deploy', []))).toContain('nothing');
    expect(Object.keys(applyPipeline(plan, []).jobs)).toEqual(['nothing']);
  });

  test('applies one plan at a time of a stack, and lets a person start what has to wait', () => {
    const { jobs } = applyPipeline(plan, [
      { stack: 'dev-a', digest: 'd1', manual: false },
      { stack: 'prod-b', digest: 'd2', manual: true },
    ]);
    expect(jobs['apply dev-a']).toEqual({
      stage: 'apply',
      needs: [needs[0]],
      resource_group: 'dev-a',
      environment: { name: 'dev/a' },
      interruptible: false,
      script: [
        'npm ci',
        'npx --no-install gitlab-flux pipeline apply dev-a --digest d1 --lock-timeout 5m --tool terraform --output cdktf.out',
      ],
    });
    expect(jobs['apply prod-b']).toMatchObject({
      rules: [{ when: 'manual' }],
      allow_failure: false,
      resource_group: 'prod-b',
      environment: { name: 'prod/b', deployment_tier: 'production' },
    });
  });
});

describe('the settings of a pipeline', () => {
  test('order environments as they are given, after stacks of their own', () => {
    const { groups } = pipelinePlan({ ...settings, environments: ['prod', 'dev'], production: ['dev'] }, stacks);
    expect(groups).toEqual([
      { name: 'repository', production: false, parts: 1 },
      { name: 'prod', production: false, parts: 1 },
      { name: 'dev', production: true, parts: 1 },
    ]);
    expect(groupOf(groups, 'prod-eu-west').name).toBe('prod');
    expect(() => groupOf(groups, 'staging-a')).toThrow(
      'stack "staging-a": want a name that begins with one of repository, prod, dev; write the pipeline anew',
    );
  });

  test('survive the shell', () => {
    const text = renderCiFile(parentPipeline(pipelinePlan({ ...settings, synth: "echo 'it' && $X" }, stacks)), []);
    expect(parsed(text).select.script[1]).toContain(`"synth":"echo '\\''it'\\'' && $X"`);
  });

  test.each<[string, Partial<PlanPipelineSettings>, string]>([
    ['no image', { image: ' ' }, 'plan pipeline: image: got " ", want an image with Node.js, git and Terraform'],
    [
      'an environment that is none',
      { environments: ['dev', 'prod', 'qa'] },
      'plan pipeline: environments: got "qa", want one of repository, dev, prod',
    ],
    [
      'an environment that is left out',
      { environments: ['dev'] },
      'plan pipeline: environments: got ["dev"], want all environments: prod too',
    ],
    [
      'a production that is none',
      { production: ['live'] },
      'plan pipeline: production: got "live", want one of repository, dev, prod',
    ],
    [
      'more stacks than GitLab takes',
      { stacksPerPipeline: 500 },
      'plan pipeline: stacksPerPipeline: got 500, want a whole number from 1 to 400',
    ],
  ])('are refused with %s', (_, more, message) => {
    expect(() => pipelinePlan({ ...settings, ...more }, stacks)).toThrow(message);
  });

  test('are refused with stacks that can be no name of a job', () => {
    expect(() => pipelinePlan(settings, [{ name: 'dev a', environment: 'dev' }])).toThrow(
      'plan pipeline: stacks: got "dev a", want names of letters',
    );
  });
});
