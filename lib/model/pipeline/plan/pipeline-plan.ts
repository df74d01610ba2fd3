import { checkDuration, checkTimeout } from '../../manifest/duration';
import { checkWholeNumber } from '../../manifest/whole-number';
import { ValidationError } from '../../validation-error';
import { type PlanPipelineSettings } from './plan-pipeline-settings';

/** A stack, as the pipeline has to know it. */
export interface PipelineStack {
  /** Name of the stack. */
  readonly name: string;
  /** The environment that it belongs to; the stack's own name for one that belongs to none. */
  readonly environment: string;
}

/** Stacks that are deployed together: `repository`, or an environment. */
export interface StackGroup {
  /** Name of the environment, or of the one stack. */
  readonly name: string;
  /** Whether a person starts each of them. */
  readonly production: boolean;
  /** How many pipelines their number needs. */
  readonly parts: number;
}

/** Everything that the jobs have to know: settings with their defaults, and the groups in order. */
export interface PipelinePlan extends Required<Omit<PlanPipelineSettings, 'environments' | 'production'>> {
  /** The groups in the order in which they are deployed. */
  readonly groups: readonly StackGroup[];
  /** How many pipelines it needs to plan all stacks. */
  readonly parts: number;
}

const at = 'plan pipeline';

/**
 * Settings with their defaults, for the stacks that there are.
 *
 * @param stacks - the stacks, those of an environment in any order
 * @throws ValidationError when settings and stacks do not fit together
 */
export function pipelinePlan(settings: PlanPipelineSettings, stacks: readonly PipelineStack[]): PipelinePlan {
  const { environments, production = ['prod', 'production'], ...rest } = settings;
  const { command = 'npx --no-install gitlab-flux', stacksPerPipeline = 100 } = rest;
  check(settings, stacks);
  const partsOf = (count: number): number => Math.max(1, Math.ceil(count / stacksPerPipeline));
  const groups = groupNames(stacks, environments).map((name) => ({
    name,
    production: production.includes(name),
    parts: partsOf(stacks.filter(({ environment }) => environment === name).length),
  }));
  return {
    image: rest.image,
    tool: rest.tool ?? 'terraform',
    setup: rest.setup ?? ['npm ci --cache .npm --prefer-offline'],
    validate: rest.validate ?? `${command} validate --build required`,
    synth: rest.synth ?? 'npx --no-install cdktf synth',
    command,
    refresh: rest.refresh ?? false,
    note: rest.note ?? false,
    lockTimeout: rest.lockTimeout ?? '5m',
    expireIn: rest.expireIn ?? '168h',
    stacksPerPipeline,
    runnerTags: rest.runnerTags ?? [],
    groups,
    parts: partsOf(stacks.length),
  };
}

/**
 * The group that a stack belongs to: the one whose name is the stack's, or begins it before a hyphen.
 *
 * @throws ValidationError when it belongs to none
 */
export function groupOf(groups: readonly StackGroup[], stack: string): StackGroup {
  const [group] = groups
    .filter(({ name }) => stack === name || stack.startsWith(`${name}-`))
    .sort((a, b) => b.name.length - a.name.length);
  if (group === undefined) {
    throw new ValidationError({
      at: `stack "${stack}"`,
      want: `a name that begins with one of ${groups.map(({ name }) => name).join(', ')}; write the pipeline anew with 'gitlab-flux pipeline'`,
    });
  }
  return group;
}

/** Stacks without an environment come first: what clusters share has to be there before them. */
function groupNames(stacks: readonly PipelineStack[], environments: readonly string[] | undefined): readonly string[] {
  const alone = stacks.filter(({ name, environment }) => name === environment).map(({ name }) => name);
  const found = stacks.map(({ environment }) => environment).filter((name) => !alone.includes(name));
  return [...new Set([...alone.filter((name) => !environments?.includes(name)), ...(environments ?? found)])];
}

function check(settings: PlanPipelineSettings, stacks: readonly PipelineStack[]): void {
  const { image, environments, production = [], stacksPerPipeline = 1 } = settings;
  if (image.trim() === '') {
    throw new ValidationError({ at, prop: 'image', got: image, want: 'an image with Node.js, git and Terraform' });
  }

  const more = ': GitLab allows 500 jobs in a pipeline';
  checkWholeNumber(at, 'stacksPerPipeline', stacksPerPipeline, { from: 1, to: 400, more });
  // It goes into the script of a job as it is.
  checkDuration(at, 'lockTimeout', settings.lockTimeout);
  checkTimeout(at, 'expireIn', settings.expireIn);
  const found = new Set(stacks.map(({ environment }) => environment));
  const missing = [...found].find(
    (name) => environments?.includes(name) === false && !stacks.some((each) => each.name === name),
  );
  if (missing !== undefined) {
    throw new ValidationError({
      at,
      prop: 'environments',
      got: environments,
      want: `all environments: ${missing} too`,
    });
  }
  for (const [prop, names] of Object.entries({ environments: environments ?? [], production })) {
    const unknown = names.find((name) => !found.has(name));
    if (unknown !== undefined) {
      throw new ValidationError({ at, prop, got: unknown, want: `one of ${[...found].join(', ')}` });
    }
  }
  const unusable = stacks.find(({ name }) => !/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name));
  if (unusable !== undefined) {
    throw new ValidationError({
      at,
      prop: 'stacks',
      got: unusable.name,
      want: 'names of letters, digits, dots, hyphens and underscores: jobs, files and records have them',
    });
  }
}
