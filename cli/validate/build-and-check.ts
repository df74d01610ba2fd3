import { type BuildReport } from '../../lib/build/build-fleet';
import { type BuildProblem } from '../../lib/build/built';
import { type Programs } from '../../lib/build/programs/find-programs';
import { type FleetFile, FleetFileError, type FleetProblem, formatProblem } from '../../lib/model/fleet';
import { type StackFiles } from '../../lib/model/fleet/definition/fleet-definition';
import { CommandError } from '../command-error';
import { type Terminal } from '../terminal';
import { buildSummary, type BuildSummary, buildText, missingPrograms } from './build-text';
import { fleetProblems } from './fleet-problems';

/** When files are built: where the programs are, always, or never. */
export const BUILD_MODES = ['auto', 'required', 'never'] as const;
/** When files are built. */
export type BuildMode = (typeof BUILD_MODES)[number];

/** What building a fleet came to, without mistakes. */
export interface BuildResult {
  /** One line for people; undefined when nothing was to be built. */
  readonly text: string | undefined;
  /** The same for programs. */
  readonly summary: BuildSummary | undefined;
  /** What deserves a second look. */
  readonly warnings: readonly FleetProblem[];
}

/** What is built, and when. */
export interface BuildProps {
  /** The fleet. */
  readonly fleet: FleetFile;
  /** The files that would be written. */
  readonly stacks: readonly StackFiles[];
  /** When it is built. */
  readonly mode: BuildMode;
  /** An earlier state of the repository; undefined for none. */
  readonly against: string | undefined;
}

/**
 * Builds what Flux would build of a fleet, and says what is wrong with it.
 *
 * @param terminal - where to say warnings, and how far it is
 * @throws FleetFileError when something is wrong
 * @throws CommandError when a program is not there that has to be
 */
export async function buildAndCheck(terminal: Terminal, props: BuildProps): Promise<BuildResult> {
  const { fleet, mode } = props;
  if (mode === 'never') return { text: undefined, summary: undefined, warnings: [] };
  const { programs, report } = await build(terminal, props);
  const missing = missingPrograms(report);
  if (mode === 'required' && missing.length > 0) {
    throw new CommandError(`--build required: want ${missing.join(', and ')}`);
  }

  const of = (severity: BuildProblem['severity']): readonly FleetProblem[] =>
    fleetProblems(
      fleet,
      report.problems.filter((problem) => (problem.severity ?? 'error') === severity),
    );
  const warnings = of('warning');
  warnings.forEach((warning) => terminal.say(`${terminal.paint('note', 'warning:')} ${formatProblem(warning)}`));
  const errors = of('error');
  if (errors.length > 0) throw new FleetFileError(fleet.file, errors);
  return { text: buildText(programs, report), summary: buildSummary(programs, report), warnings };
}

async function build(
  terminal: Terminal,
  { fleet, stacks, against }: BuildProps,
): Promise<{ readonly programs: Programs; readonly report: BuildReport }> {
  // Commands that build nothing do not load what builds.
  const [{ buildFleet }, { BuildCache }, { cacheDirectory, tidyCache }, { findPrograms }] = await Promise.all([
    import('../../lib/build/build-fleet.js'),
    import('../../lib/build/cache/build-cache.js'),
    import('../../lib/build/cache/cache-directory.js'),
    import('../../lib/build/programs/find-programs.js'),
  ]);
  const directory = cacheDirectory(terminal.environment);
  const cache = new BuildCache(directory);
  const programs = await findPrograms(terminal.environment, cache);
  const progress = (done: number, total: number): void => terminal.progress(`building ${done} of ${total}`);
  const report = await buildFleet({ fleet, stacks, programs, cache, against, progress });
  terminal.progress('');
  if (directory !== undefined) tidyCache(directory, Date.now());
  return { programs, report };
}
