import { STACK_TRAILER } from '../../delivery/commit-message';
import { secondsOf } from '../../manifest/duration';
import { DEFAULT_STAGE } from '../apply-changed/apply-changed-settings';
import { type CiArtifacts, type CiFile, type CiJob, type CiRule } from './ci-file';
import { type PipelinePlan } from './pipeline-plan';

/** What a pipeline is for: a merge request, the default branch, or looking for drift. */
export type Purpose = 'review' | 'deploy' | 'drift';

/** Directory of what jobs hand on. */
export const WORK_DIRECTORY = '.gitlab-flux';
/** What `cdktf synth` writes. */
export const OUTPUT = 'cdktf.out';
/** The same, of the branch that a merge request goes to. */
export const TARGET_OUTPUT = 'cdktf.target';

const REVIEW: CiRule = { if: '$CI_PIPELINE_SOURCE == "merge_request_event"' };
const DRIFT: CiRule = { if: '$CI_PIPELINE_SOURCE == "schedule"' };
const DEFAULT_BRANCH: CiRule = {
  if: '$CI_PIPELINE_SOURCE != "schedule" && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH && $CI_COMMIT_REF_PROTECTED == "true"',
};
/** The commit of a stack's files, when they go to the project of the pipeline, is nothing to deploy: that would never end. */
const DEPLOY: CiRule = {
  if: `${DEFAULT_BRANCH.if ?? ''} && $CI_COMMIT_MESSAGE !~ /\\n${STACK_TRAILER}: /`,
};

/** `.gitlab-ci.yml`: checks, synthesizes once, and starts generated pipelines for the stacks that changed. */
export function parentPipeline(plan: PipelinePlan): CiFile {
  const groupJobs = plan.groups.flatMap(({ name, parts }) =>
    numbers(parts).map((part): [string, CiJob] => [
      parts === 1 ? `deploy ${name}` : `deploy ${name} ${part}/${parts}`,
      trigger(`deploy ${name}`, partFile('deploy', part, name), [DEPLOY]),
    ]),
  );
  const settings = settingsArgument(plan);
  return {
    // The last is for the jobs of the trigger pipeline, when they are in the same project.
    stages: ['check', 'select', 'plan', ...plan.groups.map(({ name }) => `deploy ${name}`), DEFAULT_STAGE],
    workflow: {
      // Other jobs of the project may run for commits that these do not.
      rules: [REVIEW, DRIFT, DEFAULT_BRANCH],
    },
    default: defaults(plan),
    // The merge base is looked for in the history.
    variables: { GIT_DEPTH: '0' },
    jobs: {
      validate: {
        stage: 'check',
        rules: [REVIEW, DEPLOY],
        script: [...plan.setup, plan.validate],
      },
      synth: {
        stage: 'check',
        rules: [REVIEW, DRIFT, DEPLOY],
        script: [...plan.setup, plan.synth],
        artifacts: artifacts(plan, [OUTPUT]),
      },
      target: {
        stage: 'check',
        rules: [REVIEW],
        script: [...plan.setup, `${plan.command} pipeline target --settings ${settings}`],
        artifacts: artifacts(plan, [TARGET_OUTPUT]),
      },
      select: {
        stage: 'select',
        rules: (
          [
            ['review', REVIEW],
            ['drift', DRIFT],
            ['deploy', DEPLOY],
          ] as const
        ).map(([purpose, rule]) => ({ ...rule, variables: { GITLAB_FLUX_PURPOSE: purpose } })),
        script: [
          ...plan.setup,
          `${plan.command} pipeline select --purpose "$GITLAB_FLUX_PURPOSE" --settings ${settings}`,
        ],
        artifacts: artifacts(plan, [WORK_DIRECTORY]),
      },
      ...Object.fromEntries([...planJobs(plan, 'review', REVIEW), ...planJobs(plan, 'drift', DRIFT), ...groupJobs]),
    },
  };
}

/** The file of a generated pipeline. */
export function partFile(purpose: Purpose, part: number, group?: string): string {
  return `${WORK_DIRECTORY}/${[purpose, group, part].filter((word) => word !== undefined).join('-')}.yml`;
}

/** What holds for every job. */
export function defaults(plan: PipelinePlan): CiFile['default'] {
  return {
    image: plan.image,
    ...(plan.runnerTags.length === 0 ? {} : { tags: plan.runnerTags }),
    interruptible: true,
    cache: { key: { files: ['package-lock.json'] }, paths: ['.npm'] },
    retry: { max: 2, when: ['runner_system_failure', 'stuck_or_timeout_failure'] },
  };
}

/** Artifacts that only developers get, and not for ever. */
export function artifacts(plan: PipelinePlan, paths: readonly string[]): CiArtifacts {
  return { paths, access: 'developer', expire_in: inWords(plan.expireIn) };
}

const UNITS = [
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** A duration as GitLab reads it: `168h` is `1 week`. */
function inWords(duration: string): string {
  let left = secondsOf(duration);
  const parts = UNITS.map(([unit, size]) => {
    const count = Math.floor(left / size);
    left -= count * size;
    return count === 0 ? [] : [`${count} ${unit}${count === 1 ? '' : 's'}`];
  });
  return parts.flat().join(' ');
}

/** The numbers from one to another. */
export function numbers(last: number): readonly number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}

/** Settings as a job hands them to the command. */
export function settingsArgument(plan: PipelinePlan): string {
  return `'${JSON.stringify(plan).replaceAll("'", `'\\''`)}'`;
}

function planJobs(plan: PipelinePlan, purpose: 'review' | 'drift', rule: CiRule): readonly [string, CiJob][] {
  return numbers(plan.parts).map((part) => [
    plan.parts === 1 ? purpose : `${purpose} ${part}/${plan.parts}`,
    trigger('plan', partFile(purpose, part), [rule]),
  ]);
}

function trigger(stage: string, artifact: string, rules: readonly CiRule[]): CiJob {
  return {
    stage,
    rules,
    variables: { GITLAB_FLUX_PARENT: '$CI_PIPELINE_ID' },
    trigger: { include: [{ artifact, job: 'select' }], strategy: 'depend' },
  };
}
