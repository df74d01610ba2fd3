import { posix } from 'node:path';

import { FileTree } from '../../manifest/file-tree';
import { globOf } from '../../manifest/go-glob';
import { ValidationError } from '../../validation-error';

/** Name of the file with patterns of what does not belong to a chart. */
export const HELM_IGNORE = '.helmignore';

/** Helm ignores hidden files among the templates, whatever the file says. */
const DEFAULTS = ['templates/.?*'];

interface Rule {
  readonly negated: boolean;
  readonly onlyDirectories: boolean;
  readonly matches: (path: string) => boolean;
}

/**
 * The files of a chart that Helm packages: those that no rule of `.helmignore` names.
 *
 * The rules are Helm's, not Git's: a pattern with a slash counts for the whole path, `**` is refused, and `!pattern`
 * ignores everything that the pattern does not match.
 *
 * @param at - the thing that has the files
 * @throws ValidationError when Helm could not read a rule
 * @see https://helm.sh/docs/chart_template_guide/helm_ignore_file/
 */
export function withoutIgnored(at: string, files: FileTree): FileTree {
  const text = String(files.get(HELM_IGNORE)?.content ?? '').replace(/^\uFEFF/, '');
  const rules = [...text.split(/\r?\n/), ...DEFAULTS].flatMap((line) => ruleOf(at, line.trim()));
  return FileTree.of([...files].filter(({ path }) => !isIgnored(rules, path)));
}

function ruleOf(at: string, line: string): readonly Rule[] {
  if (line === '' || line.startsWith('#')) return [];
  if (line.includes('**')) {
    throw new ValidationError({ at, prop: HELM_IGNORE, got: line, want: 'no double star (**): Helm does not know it' });
  }

  const negated = line.startsWith('!');
  const onlyDirectories = line.endsWith('/');
  const pattern = line.slice(negated ? 1 : 0, onlyDirectories ? -1 : undefined);
  const anchored = pattern.startsWith('/') ? pattern.slice(1) : pattern;
  const glob = globOf(anchored);
  if (glob === undefined) {
    const want = 'a pattern of *, ?, [a-z] and \\ as Helm reads it';
    throw new ValidationError({ at, prop: HELM_IGNORE, got: line, want });
  }
  const wholePath = pattern.includes('/');
  return [{ negated, onlyDirectories, matches: (path) => glob.test(wholePath ? path : posix.basename(path)) }];
}

/** A file is ignored when it, or a directory above it, is. */
function isIgnored(rules: readonly Rule[], path: string): boolean {
  const segments = path.split('/');
  return segments.some((_, index) => {
    const isDirectory = index < segments.length - 1;
    return isMatched(rules, segments.slice(0, index + 1).join('/'), isDirectory);
  });
}

/** The first rule that says something counts. */
function isMatched(rules: readonly Rule[], path: string, isDirectory: boolean): boolean {
  for (const { negated, onlyDirectories, matches } of rules) {
    if (negated) {
      if ((onlyDirectories && !isDirectory) || !matches(path)) return true;
    } else if ((!onlyDirectories || isDirectory) && matches(path)) return true;
  }
  return false;
}
