import { type BuildCounts, type BuildReport } from '../../lib/build/build-fleet';
import { type NotBuilt } from '../../lib/build/fleet-builds';
import { type Program, type Programs } from '../../lib/build/programs/find-programs';

/** What was built, for programs. */
export interface BuildSummary {
  /** The programs. */
  readonly programs: Programs;
  /** How many were built. */
  readonly built: Plural;
  /** How many no program was there for. */
  readonly withoutProgram: Plural;
  /** How many are as they were before. */
  readonly unchanged: number;
  /** What else was not built. */
  readonly notBuilt: readonly NotBuilt[];
}

interface Plural {
  readonly overlays: number;
  readonly charts: number;
  readonly roots: number;
}

/** What was built, for programs. */
export function buildSummary(programs: Programs, report: BuildReport): BuildSummary {
  const { counts, withoutProgram, unchanged, notBuilt } = report;
  return { programs, built: plural(counts), withoutProgram: plural(withoutProgram), unchanged, notBuilt };
}

/** What was built and what was not, in one line. */
export function buildText(programs: Programs, report: BuildReport): string {
  const { counts, unchanged, notBuilt } = report;
  const used = [
    counts.overlay + counts.root > 0 ? nameOf(programs.kustomize) : undefined,
    counts.chart > 0 ? nameOf(programs.helm) : undefined,
  ].filter((name) => name !== undefined);
  const built = countText(counts);
  const parts = [
    built === '' ? 'built nothing' : `built ${built} with ${used.join(' and ')}`,
    unchanged === 0 ? '' : `${unchanged} unchanged`,
    notBuiltText([...missing(report), ...byReason(notBuilt)]),
  ];
  return parts.filter((part) => part !== '').join('; ');
}

/** The programs that are not there and would have something to do, each with what. */
export function missingPrograms(report: BuildReport): readonly string[] {
  return missing(report).map(({ name, why }) => `${why.replace(/^no /, '')} in PATH for ${name}`);
}

function missing({ withoutProgram: { overlay, chart, root } }: BuildReport): readonly NotBuilt[] {
  const none = { overlay: 0, chart: 0, root: 0 };
  return [
    { name: countText({ ...none, overlay, root }), why: 'no kustomize 5 or kubectl' },
    { name: countText({ ...none, chart }), why: 'no helm' },
  ].filter(({ name }) => name !== '');
}

function byReason(notBuilt: readonly NotBuilt[]): readonly NotBuilt[] {
  const reasons = [...new Set(notBuilt.map(({ why }) => why))];
  return reasons.map((why) => {
    const names = notBuilt.filter((each) => each.why === why).map(({ name }) => name);
    return { name: [...new Set(names)].join(', '), why };
  });
}

function notBuiltText(notBuilt: readonly NotBuilt[]): string {
  return notBuilt.length === 0 ? '' : `not built: ${notBuilt.map(({ name, why }) => `${name} (${why})`).join(', ')}`;
}

function nameOf(program: Program | undefined): string | undefined {
  return program?.name === 'kubectl'
    ? `kubectl (kustomize ${program.version})`
    : program && `${program.name} ${program.version}`;
}

function countText({ overlay, chart, root }: BuildCounts): string {
  const parts = [
    [overlay, 'overlay'],
    [chart, 'chart'],
    [root, 'root'],
  ] as const;
  return parts
    .filter(([number]) => number > 0)
    .map(([number, name]) => `${number} ${name}${number === 1 ? '' : 's'}`)
    .join(', ')
    .replace(/, ([^,]*)$/, ' and $1');
}

function plural({ overlay, chart, root }: BuildCounts): Plural {
  return { overlays: overlay, charts: chart, roots: root };
}
