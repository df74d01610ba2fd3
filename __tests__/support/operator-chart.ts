import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';

/** Directory of the chart of flux-operator. It is not part of this repository: its licence is another one. */
const directory = process.env['FLUX_OPERATOR_CHART'] ?? join(homedir(), '.cache/flux-operator-chart');

/** Why tests that need the chart are skipped; undefined when it is there. */
export const withoutOperatorChart = existsSync(join(directory, 'Chart.yaml'))
  ? undefined
  : `no chart of flux-operator in ${directory}, which FLUX_OPERATOR_CHART names`;

/** The chart, as settings of the operator. */
export function operatorChart(): { readonly chartPath: string; readonly chartVersion: string } {
  const { version } = parse(readFileSync(join(directory, 'Chart.yaml'), 'utf8')) as { version: string };
  return { chartPath: directory, chartVersion: version };
}
