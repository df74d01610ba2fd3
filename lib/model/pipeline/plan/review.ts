import { describeChanges } from './describe-changes';
import { code, counted, details, fenced } from './markdown';
import { countChanges } from './plan-digest';
import { type StackReport } from './stack-report';

/** What a review is of. */
export interface ReviewProps {
  /** The stacks that were planned. */
  readonly reports: readonly StackReport[];
  /** How many stacks there are in all. */
  readonly stacks: number;
  /** Stacks that the program no longer has. */
  readonly removed?: readonly string[];
  /**
   * The commit.
   *
   * @default - not said
   */
  readonly commit?: string;
}

/** The most that a note of GitLab holds is a million characters; nobody reads a tenth of it. */
const longest = 100_000;

/**
 * What changes, for people: a table of the stacks, then each stack with its resources, files and version of Flux.
 *
 * @param props - the reports of the plan jobs
 */
export function renderReview(props: ReviewProps): string {
  const { reports, removed = [] } = props;
  const lines = [headline(props), ...(reports.length === 0 ? [] : [tableOf(reports)])];
  if (removed.length > 0) {
    const names = removed.map(code).join(', ');
    lines.push(
      `**No longer in the program:** ${names}. Nothing happens to what ${removed.length === 1 ? 'it has' : 'they have'} deployed: ` +
        'destroy such a stack before it is removed, from a branch that still has it.',
    );
  }
  const sections = reports.filter((report) => !isQuiet(report)).map(sectionOf);
  let text = lines.join('\n\n');
  for (const [index, section] of sections.entries()) {
    if (text.length + section.length > longest) {
      text += `\n\n… and ${counted(sections.length - index, 'more stack')}: see the logs of their jobs.`;
      break;
    }
    text += `\n\n${section}`;
  }
  return `${text}\n`;
}

function headline({ reports, stacks, commit }: ReviewProps): string {
  const { create, update, delete: deleted } = countChanges(reports.flatMap(({ plan }) => plan?.changes ?? []));
  const failed = reports.filter(({ plan }) => plan === undefined).length;
  const words = [
    `**${reports.length} of ${counted(stacks, 'stack')} changed**`,
    `${create} to create, ${update} to update, ${deleted} to delete`,
    ...(failed === 0 ? [] : [`**${counted(failed, 'plan')} failed**`]),
  ];
  return `### Plan${commit === undefined ? '' : ` of ${commit.slice(0, 11)}`}\n\n${words.join('; ')}.`;
}

function tableOf(reports: readonly StackReport[]): string {
  const rows = reports.map((report) => {
    const { stack, job, plan, files } = report;
    const name = job === undefined ? code(stack) : `[${code(stack)}](${job})`;
    const { create, update, delete: deleted } = countChanges(plan?.changes ?? []);
    const counts = plan === undefined ? ['failed', '', ''] : [create, update, deleted];
    return `| ${[name, ...counts, files.length, fluxOf(report)].join(' | ')} |`;
  });
  return ['| stack | create | update | delete | files | Flux |', '| --- | --- | --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
}

function fluxOf({ flux }: StackReport): string {
  return flux === undefined ? '' : `${flux.before ?? 'none'} → ${flux.after ?? 'none'}`;
}

function isQuiet({ plan, files }: StackReport): boolean {
  return plan?.changes.length === 0 && files.length === 0;
}

function sectionOf(report: StackReport): string {
  const { stack, plan, files } = report;
  const parts = [`#### ${stack}`];
  if (report.flux !== undefined) parts.push(`Flux ${fluxOf(report)}`);
  if (plan === undefined) parts.push('**The plan failed.** The log of the job says why.');
  else if (plan.changes.length === 0) parts.push('No resource changes.');
  else parts.push(fenced('diff', describeChanges(plan.changes)));
  if (files.length > 0) {
    const bodies = files.map(
      ({ path, action, diff }) => `${code(path)} ${action}d${diff === '' ? '' : `\n\n${fenced('diff', diff)}`}`,
    );
    parts.push(details(counted(files.length, 'file'), bodies.join('\n\n')));
  }
  return parts.join('\n\n');
}
