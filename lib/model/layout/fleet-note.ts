/** The file of `cdktf.out` that says what the names of stacks do not. */
export const FLEET_NOTE = 'fleet.json';

/** What a synth notes about a fleet. */
export interface FleetNote {
  /** The environments, in the order in which they are deployed. */
  readonly environments: readonly string[];
  /** The environment of each cluster's stack, by the name of the stack. */
  readonly stacks: Readonly<Record<string, string>>;
}
