import { join } from 'node:path';

import { type BuildContext } from './build-context';
import { type Outcome } from './build-overlay';
import { type BuildProblem } from './built';
import { type ChartOfCluster } from './fleet-builds';
import { buildChart as renderChart, type ChartResult } from './helm/chart-build';
import { type HelmFailure } from './helm/helm-failure';
import { type Program } from './programs/find-programs';
import { type RepositoryIndex } from './repository-index';
import { UserPaths } from './user-paths';

/** Renders the chart of a component on a cluster. */
export async function buildChart(
  context: BuildContext,
  program: Program,
  index: RepositoryIndex,
  chart: ChartOfCluster,
): Promise<Outcome> {
  const { cluster, component, build } = chart;
  const directory = `systems/${component.name}`;
  const packaged = [...build.chart.packaged];
  const omitted = packaged.filter(({ path }) => index.omits(`${directory}/${path}`) !== undefined);
  const files = packaged.filter((file) => !omitted.includes(file));
  const result = await renderChart(context, program, { build, files, omitted });
  if (result.type !== 'built') return { problems: [failed(chart, result)] };
  return {
    built: {
      cluster,
      component,
      directory,
      source: build.chart.directory,
      objects: result.objects,
      kustomizations: result.kustomizations.map((facts) => ({ ...facts, source: facts.path })),
      decrypts: false,
    },
    problems: result.missed.map((path) => missedFile(chart, index, path)),
  };
}

function failed(chart: ChartOfCluster, result: ChartResult & { readonly failure: unknown }): BuildProblem {
  const { cluster, component } = chart;
  const subject = { cluster: cluster.name, component: component.name };
  if (result.type === 'failed after') {
    const words = new UserPaths([]).wordsOf(result.failure.words);
    const message = `kustomize does not change what the chart renders: ${words}`;
    return { ...subject, prop: 'postRender', place: '', message };
  }
  const { failure, isCertain } = result as ChartResult & { readonly type: 'failed' };
  return { ...subject, ...words(chart, failure), ...(!isCertain && { severity: 'warning' as const }) };
}

function words({ build }: ChartOfCluster, failure: HelmFailure): Pick<BuildProblem, 'prop' | 'place' | 'message'> {
  const { directory } = build.chart;
  switch (failure.kind) {
    case 'schema':
      return {
        prop: ['values', ...failure.value],
        place: '',
        message: `Helm refuses the values by the schema of the chart: ${failure.words}`,
      };
    case 'template':
      return {
        prop: 'chart',
        place: join(directory, failure.file),
        message: `Helm does not render it: ${failure.words}`,
      };
    case 'kubernetes version':
    case 'other':
      return { prop: 'chart', place: directory, message: `Helm does not render it: ${failure.words}` };
  }
}

function missedFile({ cluster, component, build }: ChartOfCluster, index: RepositoryIndex, path: string): BuildProblem {
  const pattern = index.omits(`systems/${component.name}/${path}`) ?? '';
  return {
    cluster: cluster.name,
    component: component.name,
    prop: 'chart',
    place: join(build.chart.directory, path),
    message: `a template reads it, and Flux leaves it out of what it fetches, because of the pattern ${pattern}: want a file .sourceignore beside it with the line !${path.replace(/^.*\//, '')}`,
  };
}
