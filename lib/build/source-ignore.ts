import { posix } from 'node:path';

import { type FileTree, type RepositoryFile } from '../model/manifest/file-tree';
import { globOf } from '../model/manifest/go-glob';

/** Name of the file in which a repository says what belongs to no artifact. */
const SOURCE_IGNORE = '.sourceignore';

/**
 * What source-controller leaves out of every artifact, unless a later pattern takes it in again.
 *
 * @see https://fluxcd.io/flux/components/source/gitrepositories/#default-exclusions
 */
const DEFAULTS = [
  ...['.git/', '.gitignore', '.gitmodules', '.gitattributes'],
  ...['*.jpg', '*.jpeg', '*.gif', '*.png', '*.wmv', '*.flv', '*.tar.gz', '*.zip'],
  ...['.github/', '.circleci/', '.travis.yml', '.gitlab-ci.yml', 'appveyor.yml', '.drone.yml', 'cloudbuild.yaml'],
  ...['codeship-services.yml', 'codeship-steps.yml', '**/.goreleaser.yml', '**/.sops.yaml', '**/.flux.yaml'],
];

/** A line of an ignore file. */
interface Pattern {
  /** The pattern as it is written. */
  readonly text: string;
  /** Whether it takes files in again. */
  readonly includes: boolean;
  readonly matches: (path: readonly string[]) => boolean;
}

/** What becomes of files on their way through source-controller. */
export interface Artifact {
  /** The files that arrive. */
  readonly files: readonly RepositoryFile[];
  /** The files that do not, with the pattern that keeps each out. */
  readonly omitted: readonly { readonly path: string; readonly pattern: string }[];
}

/**
 * Takes from files what source-controller leaves out of the artifact of a GitRepository.
 *
 * This is the matcher of source-controller, not that of Git: it asks about files only, never about the directories above
 * them, so that a later pattern also takes in again what lies in a directory that an earlier one leaves out.
 *
 * @param ignore - what `spec.ignore` says
 * @see https://github.com/fluxcd/pkg/tree/main/sourceignore
 */
export function artifactOf(tree: FileTree, ignore = ''): Artifact {
  const ignoreFiles = [...tree].filter(({ path }) => posix.basename(path) === SOURCE_IGNORE);
  const patterns = [
    ...DEFAULTS.map((line) => patternOf(line, [])),
    ...ignoreFiles.flatMap(({ path, content }) => patternsIn(String(content), path.split('/').slice(0, -1))),
    ...patternsIn(ignore, []),
  ];
  const files: RepositoryFile[] = [];
  const omitted: { path: string; pattern: string }[] = [];
  for (const file of tree) {
    const segments = file.path.split('/');
    const last = patterns.findLast(({ matches }) => matches(segments));
    if (last === undefined || last.includes) files.push(file);
    else omitted.push({ path: file.path, pattern: last.text });
  }
  return { files, omitted };
}

function patternsIn(text: string, domain: readonly string[]): readonly Pattern[] {
  const lines = text.split(/\r?\n/).filter((line) => !line.startsWith('#') && line.trim() !== '');
  return lines.map((line) => patternOf(line, domain));
}

function patternOf(line: string, domain: readonly string[]): Pattern {
  const includes = line.startsWith('!');
  const unsigned = includes ? line.slice(1) : line;
  const trimmed = unsigned.endsWith('\\ ') ? unsigned : unsigned.replace(/ +$/, '');
  const directoryOnly = trimmed.endsWith('/');
  const parts = (directoryOnly ? trimmed.slice(0, -1) : trimmed).split('/').map(partOf);
  const matchesBelow = parts.length > 1 ? matchesGlob : matchesName;
  return {
    text: line,
    includes,
    matches: (path) =>
      path.length > domain.length &&
      domain.every((segment, index) => path[index] === segment) &&
      matchesBelow(parts, path.slice(domain.length), directoryOnly),
  };
}

/** A pattern between two slashes. */
interface Part {
  readonly text: string;
  /** Undefined when Go cannot read it. */
  readonly glob: RegExp | undefined;
}

function partOf(text: string): Part {
  return { text, glob: globOf(text) };
}

/** A pattern without a slash names any part of the path. The last part is a file. */
function matchesName([part]: readonly Part[], path: readonly string[], directoryOnly: boolean): boolean {
  const index = path.findIndex((segment) => part?.glob?.test(segment) === true);
  return index !== -1 && !(directoryOnly && index === path.length - 1);
}

/** A pattern with a slash names the path from its beginning. What is left of the path lies below what was named. */
function matchesGlob(parts: readonly Part[], path: readonly string[], directoryOnly: boolean): boolean {
  let rest = path;
  let matched = false;
  let traverses = false;
  for (const [index, { text, glob }] of parts.entries()) {
    if (text === '') traverses = false;
    else if (text === '**') {
      if (index === parts.length - 1) break;
      traverses = true;
    } else if (text.includes('**') || glob === undefined || rest.length === 0) return false;
    else {
      const found = rest.findIndex((segment) => glob.test(segment));
      if (!traverses && found !== 0) return false;
      traverses = false;
      // Where nothing matches, what matched before does not count either.
      matched = found !== -1;
      rest = found === -1 ? [] : rest.slice(found + 1);
    }
  }
  return matched && !(directoryOnly && rest.length === 0);
}
