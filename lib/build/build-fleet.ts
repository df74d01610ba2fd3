import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';

import { type FleetDefinition, type StackFiles } from '../model/fleet/definition/fleet-definition';
import { buildChart } from './build-chart';
import { type BuildContext } from './build-context';
import { buildOverlay, type Outcome } from './build-overlay';
import { buildRoot } from './build-root';
import { type BuildProblem, type Built } from './built';
import { type BuildCache } from './cache/build-cache';
import { problemsOf } from './checks/problems-of';
import { type FleetBuild, fleetBuilds, type NotBuilt } from './fleet-builds';
import { inParallel } from './in-parallel';
import { type Programs } from './programs/find-programs';
import { RepositoryIndex } from './repository-index';

/** What is built, and with what. */
export interface BuildFleetProps {
  /** The fleet. */
  readonly fleet: FleetDefinition;
  /** The files that would be written. */
  readonly stacks: readonly StackFiles[];
  /** The programs of this machine. */
  readonly programs: Programs;
  /** What was built before. */
  readonly cache: BuildCache;
  /**
   * An earlier state of the repository: what is there as it would be written is not built.
   *
   * @default - everything is built
   */
  readonly against?: string;
  /**
   * Is told how far it is.
   *
   * @default - nobody is told
   */
  readonly progress?: (done: number, total: number) => void;
}

/** How many there are of each kind. */
export type BuildCounts = Readonly<Record<FleetBuild['kind'], number>>;

/** What Flux would make of a fleet. */
export interface BuildReport {
  /** What was built. */
  readonly built: readonly Built[];
  /** How many of each kind were built. */
  readonly counts: BuildCounts;
  /** How many of each kind no program was there for. */
  readonly withoutProgram: BuildCounts;
  /** How many are as they were before. */
  readonly unchanged: number;
  /** What else was not built, and why. */
  readonly notBuilt: readonly NotBuilt[];
  /** What is wrong, for each cluster. */
  readonly problems: readonly BuildProblem[];
}

/**
 * Builds everything of a fleet that programs of this machine can build, as Flux does, and judges it.
 *
 * @param props - what is built, and with what
 */
export async function buildFleet(props: BuildFleetProps): Promise<BuildReport> {
  const { fleet, stacks, programs, cache, against, progress } = props;
  const index = new RepositoryIndex(stacks, against);
  const { builds, elsewhere } = fleetBuilds(fleet, index);
  const changed = builds.filter((build) => against === undefined || !isUnchanged(index, build));
  const possible = changed.filter(({ kind }) => programFor(kind, programs) !== undefined);
  const workspace = mkdtempSync(join(realpathSync(tmpdir()), 'gitlab-flux-build-'));
  const context: BuildContext = { programs, cache, workspace, running: new Map() };
  let done = 0;
  try {
    const outcomes = await inParallel(possible, availableParallelism(), async (build) => {
      const outcome = await outcomeOf(context, index, build);
      done += 1;
      progress?.(done, possible.length);
      return outcome;
    });
    const built = outcomes.flatMap((outcome) => ('built' in outcome ? [outcome.built] : []));
    return {
      built,
      counts: countsOf(possible.filter((_, position) => !('notBuilt' in (outcomes[position] ?? {})))),
      withoutProgram: countsOf(changed.filter((build) => !possible.includes(build))),
      unchanged: builds.length - changed.length,
      notBuilt: distinct([...elsewhere, ...outcomes.flatMap((each) => ('notBuilt' in each ? [each.notBuilt] : []))]),
      problems: [
        ...outcomes.flatMap((outcome) => ('problems' in outcome ? outcome.problems : [])),
        ...built.flatMap(problemsOf),
      ],
    };
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}

function programFor(kind: FleetBuild['kind'], { kustomize, helm }: Programs): Programs['helm'] {
  return kind === 'chart' ? helm : kustomize;
}

async function outcomeOf(context: BuildContext, index: RepositoryIndex, build: FleetBuild): Promise<Outcome> {
  const program = programFor(build.kind, context.programs);
  if (program === undefined) return { problems: [] };
  switch (build.kind) {
    case 'overlay':
      return buildOverlay(context, program, index, build);
    case 'chart':
      return buildChart(context, program, index, build);
    case 'root':
      return buildRoot(context, program, index, build);
  }
}

/** What it is built of, and what says how: its Flux objects with their values. */
function isUnchanged(index: RepositoryIndex, build: FleetBuild): boolean {
  if (build.kind === 'root') {
    return index.isAsBeside(build.directory, (path) => /(^|\/)gotk-(components|sync)\.yaml$/.test(path));
  }

  const { cluster, component } = build;
  const system = `systems/${component.name}`;
  const own = build.kind === 'chart' ? [system] : [`${system}/base`, `${system}/overlays/${cluster.name}`];
  const objects = [
    `clusters/${cluster.name}/${component.name}`,
    `clusters/flux-common/${cluster.name}-${component.name}.yaml`,
  ];
  return [...own, ...objects].every((directory) => index.isAsBeside(directory));
}

function countsOf(builds: readonly FleetBuild[]): BuildCounts {
  const count = (kind: FleetBuild['kind']): number => builds.filter((build) => build.kind === kind).length;
  return { overlay: count('overlay'), chart: count('chart'), root: count('root') };
}

function distinct(notBuilt: readonly NotBuilt[]): readonly NotBuilt[] {
  return [...new Map(notBuilt.map((each) => [`${each.name} ${each.why}`, each])).values()];
}
