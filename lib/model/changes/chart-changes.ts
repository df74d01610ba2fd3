import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { OwnChart } from '../component/chart/own-chart';
import { type Component } from '../component/component';
import { HelmComponent } from '../component/helm-component';
import { ValidationError } from '../validation-error';

/**
 * Refuses charts of yours whose content has changed while their version has not. Flux would not notice.
 *
 * @param directory - an earlier state of the GitOps repository
 * @throws ValidationError for the first such chart
 */
export function checkChartVersions(components: Iterable<Component>, directory: string): void {
  for (const component of components) {
    if (HelmComponent.isHelmComponent(component) && component.ownChart !== undefined) {
      checkVersion(component.name, component.ownChart, join(directory, 'systems', component.name));
    }
  }
}

function checkVersion(component: string, chart: OwnChart, directory: string): void {
  const before = existsSync(join(directory, 'Chart.yaml')) ? OwnChart.directory(directory) : undefined;
  if (before?.name !== chart.name || before.version !== chart.version) return;
  const changed = chart.differencesTo(before);
  if (changed.length > 0) {
    const shown = changed.slice(0, 5).join(', ');
    throw new ValidationError({
      at: { component },
      prop: ['chart', 'local', 'directory'],
      got: `${chart.name} ${chart.version} with another content than before: ${shown}${changed.length > 5 ? ', …' : ''}`,
      want: 'another `version` in Chart.yaml: Flux installs the chart again only then',
    });
  }
}
