import { type ReleaseConfig } from '@cdktf/provider-helm/lib/release/index.js';
import { TerraformStack } from 'cdktf';
import { type Construct } from 'constructs';

import { toYamlDocument } from '../../model/manifest/yaml';
import { localChart } from './local-chart';
import { Release } from './resources';

/** What describes a release of a chart of this package. */
export interface LocalReleaseProps extends Omit<ReleaseConfig, 'chart' | 'version' | 'upgradeInstall' | 'values'> {
  /** Folder of the chart in `charts/`. */
  readonly chart: string;
  /** Values of the chart. */
  readonly values: object;
}

/**
 * A release of a chart that comes with this package. It can be planned without the cluster, and a failed first deploy
 * is tried again.
 *
 * @param props - chart, values, and how it is released
 */
export function localRelease(scope: Construct, id: string, props: LocalReleaseProps): Release {
  const { chart, values, ...config } = props;
  const { path, version } = localChart(TerraformStack.of(scope), chart);
  return new Release(scope, id, {
    ...config,
    chart: path,
    // Without a version a plan would ask the cluster. Without upgradeInstall a failed first deploy blocks all others.
    version,
    upgradeInstall: true,
    // Terraform shows each of them as a whole when a line of it changes, and hides most of the others.
    values: Object.entries(values)
      .filter(([, value]) => value !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]: [string, unknown]) => toYamlDocument({ [key]: value })),
  });
}
