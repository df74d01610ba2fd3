import { describeChanges } from '../../lib/model/pipeline/plan/describe-changes';
import { counted, fenced } from '../../lib/model/pipeline/plan/markdown';
import { WORK_DIRECTORY } from '../../lib/model/pipeline/plan/parent-pipeline';
import { type StackReport } from '../../lib/model/pipeline/plan/stack-report';
import { CommandError } from '../command-error';
import { readReports, writeWorkFile } from './work-files';

/**
 * Says where the world is no longer as it was applied.
 *
 * @returns names of the stacks that drifted, or could not be planned
 */
export function reportDrift(say: (text: string) => void): readonly string[] {
  const reports = readReports();
  if (reports.length === 0) {
    throw new CommandError('drift: no stack was planned, so nothing is known: want at least one that was applied');
  }

  const drifted = reports.filter(({ plan }) => plan === undefined || plan.applyable || plan.outside !== undefined);
  const text =
    drifted.length === 0
      ? `No drift in ${counted(reports.length, 'stack')}.`
      : ['### Drift', ...drifted.map(sectionOf)].join('\n\n');
  writeWorkFile(`${WORK_DIRECTORY}/drift.md`, `${text}\n`);
  say(text);
  return drifted.map(({ stack }) => stack);
}

function sectionOf({ stack, plan }: StackReport): string {
  if (plan === undefined) return `#### ${stack}\n\n**The plan failed.** The log of the job says why.`;
  const outside = (plan.outside ?? []).map((address) => `- ${address}`).join('\n');
  return [
    `#### ${stack}`,
    ...(outside === '' ? [] : [`Changed outside of Terraform:\n\n${outside}`]),
    ...(plan.changes.length === 0 ? [] : [`An apply would:\n\n${fenced('diff', describeChanges(plan.changes))}`]),
  ].join('\n\n');
}
