import { below, type ErrorThing, type PathStep } from '../../error-place';
import { checkVersionRange } from '../../flux/version-range';
import { ValidationError } from '../../validation-error';
import { checkSourceRef, type SourceRef } from '../source-object';
import { type ChartSourceData } from './chart-source';

/** What a cluster takes otherwise than the chart's source says. */
export interface ChartPin {
  /**
   * Version, or range of versions, of a chart in a Helm repository.
   *
   * @default - as the chart's source says
   */
  readonly version?: string;
  /**
   * What to take of an OCI registry or a Git repository.
   *
   * @default - as the chart's source says
   */
  readonly ref?: SourceRef;
}

/**
 * Refuses what does not fit the chart's source.
 *
 * @param prefix - where it says so, for example `environments.prod.`; may be empty
 */
export function checkChartPin(
  at: ErrorThing,
  prefix: readonly PathStep[],
  source: ChartSourceData,
  { version, ref }: ChartPin,
): void {
  if (version !== undefined) {
    if (source.type !== 'repository') {
      const want = 'nothing: only charts in a Helm repository have it, others have `ref`';
      throw new ValidationError({ at, prop: below(prefix, 'version'), got: version, want });
    }
    checkVersionRange(at, below(prefix, 'version'), version);
  }
  if (ref === undefined) return;
  if (source.type === 'repository') {
    const want = 'nothing: charts in a Helm repository have `version`';
    throw new ValidationError({ at, prop: below(prefix, 'ref'), got: ref, want });
  }
  const git = source.type === 'oci' ? undefined : source.source;
  checkSourceRef(at, below(prefix, 'ref'), git?.purpose ?? 'registry', ref, git?.fetch.verify);
}
