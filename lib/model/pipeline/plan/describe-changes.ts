import { shortDiff } from './file-change';
import { counted } from './markdown';
import { type AttributeChange, type ResourceChange, UNKNOWN } from './resource-change';

const SIGNS = { create: '+', update: '~', delete: '-', replace: '-/+', forget: '.', move: '→', import: '←' } as const;
const shown = 12;
const longest = 160;

/** Changes as lines of a diff: each resource with what changes of it. What only the apply knows is left out. */
export function describeChanges(changes: readonly ResourceChange[]): string {
  return changes.flatMap((change) => [headingOf(change), ...attributeLines(change)]).join('\n');
}

/**
 * How two plans of a stack differ.
 *
 * @param planned - the changes that are planned now
 */
export function describeDifference(reviewed: readonly ResourceChange[], planned: readonly ResourceChange[]): string {
  const lines = (changes: readonly ResourceChange[]): string =>
    changes.map((change) => `${headingOf(change)}\n${fullLines(change)}`).join('\n') || 'no changes';
  return shortDiff(`${lines(reviewed)}\n`, `${lines(planned)}\n`);
}

function headingOf({ address, action, previousAddress }: ResourceChange): string {
  return `${SIGNS[action]} ${address}${previousAddress === undefined ? '' : `, was ${previousAddress}`}`;
}

function attributeLines({ address, action, attributes }: ResourceChange): readonly string[] {
  // Of what is new the name says enough: all of its attributes are in the log of the job.
  if (action === 'create') return [];
  const known = attributes.filter(({ after }) => after !== UNKNOWN);
  const told = known.filter(({ path }) => !isDeliveredFile(address, path));
  const files = known.length - told.length;
  return [
    ...told.slice(0, shown).flatMap(linesOf),
    ...(told.length > shown ? [`    … and ${told.length - shown} more`] : []),
    ...(files > 0 ? [`    ${counted(files, 'file')}, see below`] : []),
  ];
}

/** The commit of a stack's files names each with its digest, of which the list of files says more. */
function isDeliveredFile(address: string, path: string): boolean {
  return address.startsWith('terraform_data.RepositoryFiles-') && path.startsWith('triggers_replace.files');
}

function fullLines({ attributes }: ResourceChange): string {
  return attributes
    .map(({ path, before = 'nothing', after = 'nothing' }) => `    ${path}: ${cut(before)} → ${cut(after)}`)
    .join('\n');
}

function linesOf({ path, before, after }: AttributeChange): readonly string[] {
  const [old, now] = [linesIn(before), linesIn(after)];
  if (old === undefined || now === undefined) {
    return [`    ${path}: ${cut(before ?? 'nothing')} → ${cut(after ?? 'nothing')}`];
  }

  // Signs stand at the beginning of the line, where diffs have them.
  const lines = shortDiff(old, now).split('\n');
  return [
    `    ${path}:`,
    ...lines.map((line) => (/^[-+]/.test(line) ? `${line.slice(0, 1)}       ${line.slice(1)}` : `        ${line}`)),
  ];
}

/** A text of several lines, such as the values of a chart. */
function linesIn(json: string | undefined): string | undefined {
  return json?.startsWith('"') && json.includes('\\n') ? (JSON.parse(json) as string) : undefined;
}

function cut(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
