import { renderCiFile } from '../../lib/model/pipeline/plan/ci-file';
import { describeChanges, describeDifference } from '../../lib/model/pipeline/plan/describe-changes';
import { groupOf, type PipelinePlan } from '../../lib/model/pipeline/plan/pipeline-plan';
import { APPLY_FILE, applyPipeline } from '../../lib/model/pipeline/plan/plans-pipeline';
import { type ReportedPlan, type ReviewedPlan, type StackReport } from '../../lib/model/pipeline/plan/stack-report';
import { CommandError } from '../command-error';
import { PlanRegistry } from './plan-registry';
import { readReports, writeWorkFile } from './work-files';

/**
 * Compares the plans of the default branch with those that were reviewed, and writes the pipeline that applies: at once
 * what is as it was reviewed, by a person what is not, and everything of production.
 *
 * @param say - is told what waits, and why
 */
export async function decide(
  plan: PipelinePlan,
  environment: NodeJS.ProcessEnv,
  say: (text: string) => void,
): Promise<void> {
  const plans = new PlanRegistry(environment);
  const applies: { readonly stack: string; readonly digest: string; readonly manual: boolean }[] = [];
  for (const report of readReports()) {
    const { stack, content, plan: planned } = report;
    if (planned === undefined) throw new CommandError(`${stack}: there is no plan to decide about`);
    if (!planned.applyable) {
      await plans.keepApplied({ stack, content });
      say(`${stack}: nothing to apply`);
      continue;
    }
    const reviewed = await plans.reviewed(stack, content);
    const { production } = groupOf(plan.groups, stack);
    const same = reviewed?.digest === planned.digest;
    say(sentenceOf(report, planned, reviewed, production));
    applies.push({ stack, digest: planned.digest, manual: production || !same });
  }
  writeWorkFile(
    APPLY_FILE,
    renderCiFile(applyPipeline(plan, applies), ['Generated for one pipeline by gitlab-flux pipeline decide.']),
  );
}

function sentenceOf(
  { stack }: StackReport,
  planned: ReportedPlan,
  reviewed: ReviewedPlan | undefined,
  production: boolean,
): string {
  if (reviewed?.digest === planned.digest) {
    return `${stack}: as reviewed, ${planned.digest}${production ? '; waits for a person, because it is production' : ''}`;
  }

  if (reviewed === undefined) {
    return `${stack}: waits for a person, because nobody could review this plan:\n${describeChanges(planned.changes)}`;
  }

  const { mergeRequest = 'the merge request' } = reviewed;
  return [
    `${stack}: waits for a person, because the plan has changed since ${mergeRequest}.`,
    `reviewed ${reviewed.digest}:`,
    describeChanges(reviewed.changes) || 'no changes',
    `planned now ${planned.digest}:`,
    describeChanges(planned.changes) || 'no changes',
    'the difference:',
    describeDifference(reviewed.changes, planned.changes),
  ].join('\n');
}
