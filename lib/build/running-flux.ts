import { type ClusterDefinition } from '../model/fleet/definition/fleet-definition';

/** What the Flux that serves a cluster does otherwise than another. */
export interface RunningFlux {
  /** Whether it refuses bases from elsewhere: multi-tenancy lockdown. */
  readonly refusesRemoteBases: boolean;
  /** Whether it refuses variables without a value. Flux before 2.9 puts nothing in their place. */
  readonly refusesMissingVariables: boolean;
}

/** The Flux that serves a cluster: its own, or that of its hub. */
export function runningFlux({ flux: own }: ClusterDefinition): RunningFlux {
  const flux = own.type === 'spoke' ? own.hub.flux : own;
  const [, minor] = /^v?2\.(\d+)/.exec(flux.version ?? '') ?? [];
  return {
    refusesRemoteBases: flux.isLockedDown,
    refusesMissingVariables: minor === undefined || Number(minor) >= 9,
  };
}
