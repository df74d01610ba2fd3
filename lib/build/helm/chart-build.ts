import { join } from 'node:path';

import { type ChartBuild } from '../../model/component/component-build';
import { type RepositoryFile } from '../../model/manifest/file-tree';
import { type KubernetesObject } from '../../model/manifest/kubernetes-object';
import { kustomizationFile } from '../../model/manifest/kustomize';
import { toYaml, toYamlDocument } from '../../model/manifest/yaml';
import { type BuildContext, digestsOf, LONGEST_BUILD, remembered, writeFiles } from '../build-context';
import { holdsSecretValues } from '../cache/secret-values';
import { type KustomizationWithResources } from '../kustomize/kustomize-build';
import { type KustomizeFailure } from '../kustomize/kustomize-failure';
import { runKustomize } from '../kustomize/run-kustomize';
import { type Program } from '../programs/find-programs';
import { runProgram } from '../programs/run-program';
import { substituteObjects } from '../substitution/substitute-objects';
import { type HelmFailure, helmFailure } from './helm-failure';

/** A chart, and with what it is installed. */
export interface ChartInput {
  /** What Flux installs. */
  readonly build: ChartBuild;
  /** The files that Flux packages. */
  readonly files: readonly RepositoryFile[];
  /** The files that the chart would have if Flux did not leave them out. */
  readonly omitted: readonly RepositoryFile[];
}

/** What became of a chart. */
export type ChartResult =
  | {
      readonly type: 'built';
      readonly objects: readonly KubernetesObject[];
      readonly kustomizations: readonly KustomizationWithResources[];
      /** The files that are left out and that templates would make something else of. */
      readonly missed: readonly string[];
    }
  | { readonly type: 'failed'; readonly failure: HelmFailure; readonly isCertain: boolean }
  | { readonly type: 'failed after'; readonly failure: KustomizeFailure };

/** The oldest Kubernetes that Flux 2.9 runs on. Helm's own answer depends on its version. */
const KUBERNETES = '1.34.0';

/** Renders a chart as helm-controller does, without a cluster. */
export async function buildChart(context: BuildContext, program: Program, input: ChartInput): Promise<ChartResult> {
  const { cache, programs } = context;
  const { chart, values, releaseName, namespace, postRender, skipsSchema } = input.build;
  const key = cache.keyOf([
    'chart',
    program.version,
    postRender === undefined ? null : [postRender, programs.kustomize?.name, programs.kustomize?.version],
    [chart.name, releaseName, namespace, skipsSchema, toYamlDocument(values)],
    [digestsOf(input.files), digestsOf(input.omitted)],
  ]);
  return remembered<ChartResult>(
    context,
    key,
    () => build(context, program, input, key),
    (result) => result.type === 'built' && result.missed.length === 0 && !holdsSecretValues(result.objects),
  );
}

async function build(
  context: BuildContext,
  program: Program,
  { build: settings, files, omitted }: ChartInput,
  key: string,
): Promise<ChartResult> {
  const directory = join(context.workspace, key.slice(0, 32));
  const rendered = await render(program, directory, settings, files);
  if ('failure' in rendered) {
    return { type: 'failed', failure: rendered.failure, isCertain: isCertain(settings, rendered.failure, files) };
  }

  const missed = await missedFiles(program, directory, settings, files, omitted, rendered.yaml);
  const { objects } = substituteObjects(rendered.yaml, undefined);
  const after = await postRendered(context, settings, key, objects);
  if ('failure' in after) return { type: 'failed after', failure: after.failure };
  return { type: 'built', ...after, missed };
}

/** Most charts read none of their pictures. What a template makes up anew each time says nothing. */
async function missedFiles(
  program: Program,
  directory: string,
  settings: ChartBuild,
  files: readonly RepositoryFile[],
  omitted: readonly RepositoryFile[],
  yaml: string,
): Promise<readonly string[]> {
  const differs = async (name: string, more: readonly RepositoryFile[]): Promise<boolean> => {
    const other = await render(program, `${directory}-${name}`, settings, [...files, ...more]);
    return !('yaml' in other) || other.yaml !== yaml;
  };
  if (omitted.length === 0 || (await differs('again', [])) || !(await differs('whole', omitted))) return [];
  const missed: string[] = [];
  for (const [index, file] of omitted.entries()) {
    if (omitted.length === 1 || (await differs(`with-${index}`, [file]))) missed.push(file.path);
  }

  return missed.length > 0 ? missed : omitted.map(({ path }) => path);
}

type Rendered = { readonly yaml: string } | { readonly failure: HelmFailure };

async function render(
  program: Program,
  directory: string,
  { chart, values, releaseName, namespace, skipsSchema }: ChartBuild,
  files: readonly RepositoryFile[],
): Promise<Rendered> {
  const path = join(directory, chart.name);
  const valuesFile = join(directory, 'values.yaml');
  writeFiles(
    path,
    files.map((file) => [file.path, file.content] as const),
  );
  writeFiles(directory, [['values.yaml', toYamlDocument(values)]]);
  const options = ['--namespace', namespace, '--values', valuesFile, '--kube-version', KUBERNETES, '--include-crds'];
  const args = [
    'template',
    releaseName,
    path,
    ...options,
    '--skip-tests',
    ...(skipsSchema ? ['--skip-schema-validation'] : []),
  ];
  const { stdout, stderr, succeeded } = await runProgram(program.path, args, { timeout: LONGEST_BUILD });
  return succeeded ? { yaml: stdout } : { failure: helmFailure(stderr, chart.name, path) };
}

/** What only a cluster knows may be what is missing: its values, its version, its kinds and its objects. */
function isCertain({ hasOtherValues }: ChartBuild, { kind }: HelmFailure, files: readonly RepositoryFile[]): boolean {
  const asksCluster = (): boolean =>
    files.some(({ content }) => typeof content === 'string' && /\blookup\s|\.Capabilities\./.test(content));
  return kind !== 'kubernetes version' && !hasOtherValues && (kind !== 'template' || !asksCluster());
}

async function postRendered(
  context: BuildContext,
  { postRender }: ChartBuild,
  key: string,
  objects: readonly KubernetesObject[],
): Promise<
  | { readonly objects: readonly KubernetesObject[]; readonly kustomizations: readonly KustomizationWithResources[] }
  | { readonly failure: KustomizeFailure }
> {
  const { kustomize } = context.programs;
  if (postRender === undefined || kustomize === undefined || objects.length === 0) {
    return { objects, kustomizations: [] };
  }

  const { patches = [], images } = postRender;
  const fields = kustomizationFile({ resources: ['rendered.yaml'], patches, images });
  const files = new Map([
    ['rendered.yaml', toYaml(objects)],
    ['kustomization.yaml', toYaml([fields])],
  ]);
  const output = await runKustomize(context, kustomize, `post${key}`, '.', files);
  if ('failure' in output) return output;
  const kustomization = {
    path: 'postRender',
    fields: fields as KustomizationWithResources['fields'],
    patches: patches.map(({ patch, target }, index) => ({ place: `patches[${index}]`, text: patch, target })),
    resources: objects,
  };
  return { objects: substituteObjects(output.yaml, undefined).objects, kustomizations: [kustomization] };
}
