import { countChanges, planDigest } from '../../lib/model/pipeline/plan/plan-digest';
import { widgetFile } from '../../lib/model/pipeline/plan/plans-pipeline';
import { changedOutside, resourceChanges } from '../../lib/model/pipeline/plan/resource-change';
import { type ReportedPlan, type StackReport } from '../../lib/model/pipeline/plan/stack-report';
import { type TerraformPlan } from '../../lib/model/pipeline/plan/terraform-plan';
import { CommandError } from '../command-error';
import { CdktfOutput, type StackJson } from './cdktf-output';
import { PlanRegistry } from './plan-registry';
import { TerraformProgram, type TerraformProgramProps } from './terraform-program';
import { readChange, writeReport, writeWorkFile } from './work-files';

/** Options of everything that plans a stack. */
export interface StackOptions {
  /** What `cdktf synth` wrote. */
  readonly output: string;
  /** What plans. */
  readonly tool: TerraformProgramProps['tool'];
  /**
   * Whether to ask what is there.
   *
   * @default false
   */
  readonly refresh?: boolean;
}

/**
 * Plans a stack, and hands on what the plan does without the plan.
 *
 * @param options - with `record` the plan can be reviewed: the default branch compares with it
 * @throws CommandError when there is no plan
 */
export async function planStack(
  stack: string,
  options: StackOptions & { readonly record?: boolean },
  environment: NodeJS.ProcessEnv,
  say: (line: string) => void,
): Promise<StackReport> {
  const output = new CdktfOutput(options.output);
  const content = output.contentOf(stack);
  const change = { ...readChange(stack, content), job: environment['CI_JOB_URL'] };
  // So that a review also shows what could not be planned.
  writeReport(change);
  const plan = await TerraformProgram.withPlan(
    programProps(output, stack, options, { ...placeholders(output.jsonOf(stack)), ...environment }, say),
    { refresh: options.refresh === true },
    (each) => Promise.resolve(reportedPlan(each)),
  );
  const report = { ...change, plan };
  writeReport(report);
  writeWorkFile(widgetFile(stack), `${JSON.stringify(countChanges(plan.changes))}\n`);
  if (options.record === true) await record(report, plan, environment, say);
  return report;
}

/** What jobs and people have to know of a plan. */
export function reportedPlan(plan: TerraformPlan): ReportedPlan {
  const changes = resourceChanges(plan);
  const outside = changedOutside(plan);
  return {
    digest: planDigest(changes),
    changes,
    applyable: plan.applyable || changes.length > 0,
    ...(outside.length === 0 ? {} : { outside }),
  };
}

/** What runs Terraform for a stack. */
export function programProps(
  output: CdktfOutput,
  stack: string,
  { tool }: StackOptions,
  environment: NodeJS.ProcessEnv,
  onLine: (line: string) => void,
): TerraformProgramProps {
  return { tool, directory: output.directoryOf(stack), environment, onLine };
}

/**
 * An ephemeral variable is in no plan, so a plan is the same whatever its value is: who only reviews needs none. Who
 * applies does, so there Terraform names those that are not set.
 */
function placeholders({ variable = {} }: StackJson): Readonly<Record<string, string>> {
  const needed = Object.entries(variable).filter(
    ([, { ephemeral, default: value }]) => ephemeral === true && value === undefined,
  );
  return Object.fromEntries(needed.map(([name]) => [`TF_VAR_${name}`, 'not-needed-to-plan']));
}

/** Who reviews needs no record: without one, the default branch waits for a person. */
async function record(
  { stack, content }: StackReport,
  { digest, changes }: ReportedPlan,
  environment: NodeJS.ProcessEnv,
  say: (line: string) => void,
): Promise<void> {
  const { CI_MERGE_REQUEST_PROJECT_URL: project, CI_MERGE_REQUEST_IID: number } = environment;
  const mergeRequest =
    project === undefined || number === undefined ? undefined : `${project}/-/merge_requests/${number}`;
  try {
    await new PlanRegistry(environment).keepReviewed({ stack, content, digest, changes, mergeRequest });
    say(`digest of the plan: ${digest}`);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    say(`warning: the plan is not recorded, so its apply will wait for a person: ${error.message}`);
  }
}
