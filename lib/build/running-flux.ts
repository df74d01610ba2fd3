import { type ClusterDefinition } from '../model/fleet/definition/fleet-definition';
import { FluxPatch } from '../model/flux/flux-patch';
import { requiresServiceAccounts } from '../model/flux/operator/operator-settings';

/** What the Flux that serves a cluster does otherwise than another. */
export interface RunningFlux {
  /** Whether it refuses bases from elsewhere: multi-tenancy lockdown. */
  readonly refusesRemoteBases: boolean;
  /** Whether it refuses variables without a value. Flux before 2.9 puts nothing in their place. */
  readonly refusesMissingVariables: boolean;
}

/** The Flux that serves a cluster: its own, or that of its hub. */
export function runningFlux({ flux: own }: ClusterDefinition, clusters: readonly ClusterDefinition[]): RunningFlux {
  const flux = own.way === 'spoke' ? clusters.find(({ cluster }) => cluster.name === own.hub)?.flux : own;
  if (flux === undefined || flux.way === 'spoke') return { refusesRemoteBases: false, refusesMissingVariables: true };
  const version = 'version' in flux ? flux.version : undefined;
  const [, minor] = /^v?2\.(\d+)/.exec(version ?? '') ?? [];
  return {
    refusesRemoteBases:
      flux.way === 'operator'
        ? requiresServiceAccounts(flux)
        : FluxPatch.combine(flux.patches ?? []).requiresServiceAccounts,
    refusesMissingVariables: minor === undefined || Number(minor) >= 9,
  };
}
