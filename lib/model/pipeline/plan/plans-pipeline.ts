import { type CiFile, type CiJob, type CiNeed } from './ci-file';
import { artifacts, defaults, OUTPUT, type Purpose, settingsArgument, WORK_DIRECTORY } from './parent-pipeline';
import { groupOf, type PipelinePlan } from './pipeline-plan';

/** What a generated pipeline plans. */
export interface PlansPipelineProps {
  /** The settings. */
  readonly plan: PipelinePlan;
  /** What it is for. */
  readonly purpose: Purpose;
  /** The stacks. */
  readonly stacks: readonly string[];
  /** Its number among those for the same, from 1. */
  readonly part: number;
  /** How many stacks there are in all. */
  readonly total: number;
  /** Stacks that the program no longer has. */
  readonly removed: readonly string[];
}

/** Directory of the reports of plan jobs. */
export const REPORTS = `${WORK_DIRECTORY}/reports`;
/** File of the pipeline that applies. */
export const APPLY_FILE = `${WORK_DIRECTORY}/apply.yml`;

/** File with the numbers that GitLab shows in a merge request. */
export function widgetFile(stack: string): string {
  return `${WORK_DIRECTORY}/widgets/${stack}.json`;
}

/** A job of the pipeline that started this one. */
const fromParent = (job: string): CiNeed => ({ pipeline: '$GITLAB_FLUX_PARENT', job });

/** A generated pipeline: a plan job for each stack, then what reads all of their reports. */
export function plansPipeline(props: PlansPipelineProps): CiFile {
  const { plan, purpose, stacks } = props;
  return {
    stages: ['plan', purpose, 'apply'],
    workflow: { rules: [{ when: 'always' }] },
    default: defaults(plan),
    variables: terraformVariables(),
    jobs: {
      ...Object.fromEntries(stacks.map((stack) => [`plan ${stack}`, planJob(props, stack)])),
      ...conclusion(props),
    },
  };
}

/**
 * A generated pipeline that applies.
 *
 * @param stacks - the stacks with the digest that their plans must have, and whether a person starts them
 */
export function applyPipeline(
  plan: PipelinePlan,
  stacks: readonly { readonly stack: string; readonly digest: string; readonly manual: boolean }[],
): CiFile {
  const jobs = stacks.map(({ stack, digest, manual }): [string, CiJob] => [
    `apply ${stack}`,
    {
      stage: 'apply',
      // A person who starts a job must not be overtaken by what comes after it.
      ...(manual ? { rules: [{ when: 'manual' }], allow_failure: false } : {}),
      needs: [fromParent('synth')],
      resource_group: stack,
      environment: environmentOf(plan, stack),
      interruptible: false,
      script: [
        ...plan.setup,
        `${plan.command} pipeline apply ${stack} --digest ${digest} --lock-timeout ${plan.lockTimeout} ${toolOptions(plan, plan.refresh)}`,
      ],
    },
  ]);
  return {
    stages: ['apply'],
    workflow: { rules: [{ when: 'always' }] },
    default: defaults(plan),
    variables: terraformVariables(),
    jobs: jobs.length === 0 ? idle('Nothing to apply') : Object.fromEntries(jobs),
  };
}

function planJob({ plan, purpose }: PlansPipelineProps, stack: string): CiJob {
  const drift = purpose === 'drift';
  return {
    stage: 'plan',
    needs: [fromParent('synth'), fromParent('select')],
    // With credentials, but without a deployment: those of an environment are only given to jobs that name it.
    ...(drift || plan.refresh ? { environment: { ...environmentOf(plan, stack), action: 'access' } } : {}),
    script: [
      ...plan.setup,
      `${plan.command} pipeline plan ${stack} ${purpose === 'review' ? '--record ' : ''}${toolOptions(plan, drift || plan.refresh)}`,
    ],
    artifacts: {
      name: stack,
      ...artifacts(plan, [`${REPORTS}/${stack}.json`]),
      when: 'always',
      ...(purpose === 'review' ? { reports: { terraform: widgetFile(stack) } } : {}),
    },
  };
}

/** No job needs more than a few others by name: GitLab allows 50. Those of the stage before hand on what they have. */
function conclusion(props: PlansPipelineProps): Readonly<Record<string, CiJob>> {
  const { plan, purpose, stacks } = props;
  // A note of an earlier pipeline has to be updated also when nothing is left of what it says.
  if (stacks.length === 0 && purpose !== 'review') return idle('No stack has changed');
  const script = (command: string): readonly string[] => [...plan.setup, `${plan.command} pipeline ${command}`];
  switch (purpose) {
    case 'review':
      return {
        review: {
          stage: 'review',
          rules: [{ when: 'always' }],
          script: script(`review ${reviewOptions(props)}`),
          artifacts: { ...artifacts(plan, [`${WORK_DIRECTORY}/review.md`]), when: 'always' },
        },
      };
    case 'drift':
      return {
        drift: {
          stage: 'drift',
          rules: [{ when: 'always' }],
          script: script('drift'),
          artifacts: { ...artifacts(plan, [`${WORK_DIRECTORY}/drift.md`]), when: 'always' },
        },
      };
    case 'deploy':
      return {
        decide: {
          stage: 'deploy',
          script: script(`decide --settings ${settingsArgument(plan)}`),
          artifacts: artifacts(plan, [APPLY_FILE]),
        },
        apply: {
          stage: 'apply',
          variables: { GITLAB_FLUX_PARENT: '$GITLAB_FLUX_PARENT' },
          trigger: { include: [{ artifact: APPLY_FILE, job: 'decide' }], strategy: 'depend' },
        },
      };
  }
}

function reviewOptions({ plan, part, total, removed }: PlansPipelineProps): string {
  const gone = removed.length === 0 ? '' : ` --removed ${removed.join(',')}`;
  return `--stacks ${total} --part ${part}${gone}${plan.note ? ' --note' : ''}`;
}

/** GitLab refuses a pipeline without jobs. */
function idle(sentence: string): Readonly<Record<string, CiJob>> {
  return { nothing: { stage: 'apply', script: [`echo "${sentence}."`] } };
}

function environmentOf(plan: PipelinePlan, stack: string): Readonly<Record<string, string>> {
  const { name, production } = groupOf(plan.groups, stack);
  const cluster = stack.slice(name.length + 1);
  return {
    name: cluster === '' ? name : `${name}/${cluster}`,
    ...(production ? { deployment_tier: 'production' } : {}),
  };
}

function toolOptions(plan: PipelinePlan, refresh: boolean): string {
  return `--tool ${plan.tool}${refresh ? ' --refresh' : ''} --output ${OUTPUT}`;
}

function terraformVariables(): Readonly<Record<string, string>> {
  return {
    CHECKPOINT_DISABLE: '1',
    TF_IN_AUTOMATION: 'true',
    TF_INPUT: 'false',
    TF_HTTP_USERNAME: 'gitlab-ci-token',
    TF_HTTP_PASSWORD: '$CI_JOB_TOKEN',
  };
}
