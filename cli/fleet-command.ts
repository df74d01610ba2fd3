import { type FleetFile, formatProblem, loadFleet } from '../lib/model/fleet';
import { type StackFiles } from '../lib/model/fleet/definition/fleet-definition';
import { CommandError } from './command-error';
import { type Terminal } from './terminal';

/** The file that a command reads when none is named. */
export const FLEET_FILE = 'fleet.yaml';

/** A fleet and its files. */
export interface OpenFleet {
  /** The fleet. */
  readonly fleet: FleetFile;
  /** The files by the stack that writes them. */
  readonly stacks: readonly StackFiles[];
}

/** Reads a fleet, with its files rendered once, so that what is wrong with it is found. Warnings are said. */
export function openFleet(terminal: Terminal, file: string): OpenFleet {
  const fleet = loadFleet(file);
  const stacks = fleet.files();
  for (const warning of fleet.warnings) terminal.say(`${terminal.paint('note', 'warning:')} ${formatProblem(warning)}`);
  return { fleet, stacks };
}

/**
 * The stack of a name, or all when there is no name.
 *
 * @param name - what `--stack` says
 * @throws CommandError when there is no such stack
 */
export function stacksNamed(stacks: readonly StackFiles[], name: string | undefined): readonly StackFiles[] {
  const chosen = name === undefined ? stacks : stacks.filter(({ stack }) => stack === name);
  if (chosen.length === 0) {
    throw new CommandError(`--stack: got "${name ?? ''}", want one of ${stacks.map(({ stack }) => stack).join(', ')}`);
  }

  return chosen;
}
