import { posix } from 'node:path';

import { dropNamespace } from '../model/component/kustomize-overlay';
import { type RepositoryFile } from '../model/manifest/file-tree';
import { type BuildContext } from './build-context';
import { type BuildProblem, type Built } from './built';
import { type NotBuilt, type OverlayOfCluster } from './fleet-builds';
import { withCommonMetadata, withFluxChanges } from './kustomize/flux-changes';
import { buildWithKustomize, type KustomizeResult } from './kustomize/kustomize-build';
import { type KustomizeFailure } from './kustomize/kustomize-failure';
import { type Program } from './programs/find-programs';
import { type RepositoryIndex } from './repository-index';
import { type SubstitutionProblem } from './substitution/substitute-objects';
import { UserPaths } from './user-paths';

/** What became of one thing to build. */
export type Outcome =
  | { readonly built: Built; readonly problems: readonly BuildProblem[] }
  | { readonly notBuilt: NotBuilt }
  | { readonly problems: readonly BuildProblem[] };

const OVERLAY = 'overlays/it';

/** Builds the overlay of a component on a cluster. */
export async function buildOverlay(
  context: BuildContext,
  program: Program,
  index: RepositoryIndex,
  overlay: OverlayOfCluster,
): Promise<Outcome> {
  const { cluster, component, build } = overlay;
  const system = `systems/${component.name}`;
  const directory = `${system}/overlays/${cluster.name}`;
  const base = build.hasBase ? index.filesIn(`${system}/base`, 'base') : theirBase(index, system);
  if (base.length === 0) {
    const why = 'its base is in the repository: `--against` a clone of it says what the base is';
    return { notBuilt: { name: component.name, why } };
  }
  const own = withFluxChanges(index.filesIn(directory, OVERLAY), base, OVERLAY, build.changes);
  const beside = own.some(namesSibling) ? index.filesIn(`${system}/overlays`, 'overlays') : [];
  const result = await buildWithKustomize(context, program, {
    files: [...base, ...own, ...beside],
    directory: OVERLAY,
    postBuild: build.postBuild,
    ownPatches: [dropNamespace(component.namespace, component.namespace), ...build.changes.patches].map(
      ({ patch }) => patch,
    ),
  });
  const paths = new UserPaths([
    [OVERLAY, build.overlayDirectory ?? directory],
    ['base', build.baseRoot ?? `${system}/base`],
  ]);
  switch (result.type) {
    case 'remote':
      return remoteOutcome(overlay, result.references);
    case 'failed':
      return { problems: [failed(overlay, index, paths, result.failure)] };
    case 'built':
      return {
        built: {
          cluster,
          component,
          directory,
          source: build.baseDirectory ?? directory,
          objects: withCommonMetadata(result.objects, build.changes.commonMetadata),
          kustomizations: kustomizationsOf(result, overlay, paths),
          decrypts: build.decryption !== undefined,
          postBuild: build.postBuild,
        },
        problems: result.problems.flatMap((problem) => substitutionProblems(overlay, problem)),
      };
  }
}

/** Overlays of other clusters are beside it. */
function namesSibling({ content }: RepositoryFile): boolean {
  return typeof content === 'string' && /(^|[^./\w-])\.\.\/[^.]/m.test(content);
}

const theirBases = new WeakMap<RepositoryIndex, Map<string, readonly RepositoryFile[]>>();

/** Somebody else writes it into the repository. */
function theirBase(index: RepositoryIndex, system: string): readonly RepositoryFile[] {
  const known = theirBases.get(index) ?? new Map<string, readonly RepositoryFile[]>();
  theirBases.set(index, known);
  const files = known.get(system) ?? [...index.filesBeside(`${system}/base`).below('base')];
  known.set(system, files);
  return files;
}

function remoteOutcome({ cluster, component, flux }: OverlayOfCluster, references: readonly string[]): Outcome {
  const [first = ''] = references;
  if (!flux.refusesRemoteBases) return { notBuilt: { name: component.name, why: `it takes ${first} from elsewhere` } };
  const message = `takes ${first} from elsewhere, which Flux refuses under multi-tenancy lockdown (--no-remote-bases): want a copy of it in the base, or \`source.git\``;
  return { problems: [{ cluster: cluster.name, component: component.name, prop: 'base', place: '', message }] };
}

function kustomizationsOf(
  { kustomizations }: KustomizeResult & { readonly type: 'built' },
  { cluster, component }: OverlayOfCluster,
  paths: UserPaths,
): Built['kustomizations'] {
  const system = `systems/${component.name}`;
  return kustomizations.map(({ path, ...facts }) => ({
    ...facts,
    path: `${system}/${path.replace(OVERLAY, `overlays/${cluster.name}`)}`,
    source: paths.pathOf(path),
  }));
}

function failed(
  { cluster, component, build }: OverlayOfCluster,
  index: RepositoryIndex,
  paths: UserPaths,
  { path, words }: KustomizeFailure,
): BuildProblem {
  const inside = posix.normalize(path.replace(/^\u0001\/?/, './')).replace(/\/$/, '');
  const isOverlay = inside === OVERLAY || inside.startsWith(`${OVERLAY}/`);
  const isTyped = isOverlay && build.overlayDirectory === undefined;
  return {
    cluster: cluster.name,
    component: component.name,
    prop: isOverlay ? 'overlay' : 'base',
    place: isTyped ? '' : paths.pathOf(inside),
    message: `kustomize does not build it: ${paths.wordsOf(words)}${omittedHint(component.name, cluster.name, index, words)}`,
  };
}

/** A file that people see before them, and Flux does not. */
function omittedHint(component: string, cluster: string, index: RepositoryIndex, words: string): string {
  for (const [, inside = ''] of words.matchAll(/\u0001\/([^\s'"`:,;)]+)/g)) {
    const path = `systems/${component}/${inside.replace(OVERLAY, `overlays/${cluster}`)}`;
    const pattern = index.omits(path);
    if (pattern !== undefined) {
      return `. Flux leaves it out of what it fetches, because of the pattern ${pattern}: want a file .sourceignore beside it with the line !${posix.basename(path)}`;
    }
  }
  return '';
}

function substitutionProblems(
  { cluster, component, flux }: OverlayOfCluster,
  { object, missing, words }: SubstitutionProblem,
): readonly BuildProblem[] {
  const common = { cluster: cluster.name, component: component.name, prop: 'postBuild', place: object };
  if (words !== '') return [{ ...common, message: `Flux cannot fill in values: ${words}` }];
  const names = missing.map((name) => `\${${name}}`).join(', ');
  const verb = missing.length === 1 ? 'has' : 'have';
  const consequence = flux.refusesMissingVariables ? 'which Flux refuses' : 'so Flux puts nothing in its place';
  const [first = ''] = missing;
  const message = `${names} ${verb} no value, ${consequence}: want one in postBuild.substitute or the cluster's variables, a default (\${${first}:=…}), $\${${first}} for the text itself, or the annotation kustomize.toolkit.fluxcd.io/substitute: disabled on the object`;
  return [{ ...common, message, ...(!flux.refusesMissingVariables && { severity: 'warning' as const }) }];
}
