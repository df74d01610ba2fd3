/** Why kustomize did not build, as it says it, without the way to the place. */
export interface KustomizeFailure {
  /** The innermost directory or file that it names. */
  readonly path: string;
  /** Its words. */
  readonly words: string;
}

/** Where kustomize goes from one directory into another. */
const STEP =
  /(?:recursed accumulation of path|couldn't make target for path|accumulating components: accumulateDirectory:.*? path) '([^']*)': /gs;
const OF_FILE =
  /^accumulating (?:resources|components): (?:accumulation err=')?(?:accumulating|merging) resources from '([^']*)': (.*)$/s;
const LONGEST = 600;

/** Stands for the directory that everything which was built lies in: where that is, nobody wants to know. */
export const ROOT = '\u0001';

/**
 * What kustomize means by what it says: the innermost of its nested errors, with {@link ROOT} in its paths.
 *
 * @param root - the directory that everything it built lies in
 */
export function kustomizeFailure(stderr: string, root: string): KustomizeFailure {
  const text = messageOf(stderr).replaceAll(root, ROOT);
  const steps = [...text.matchAll(STEP)];
  const last = steps.at(-1);
  const rest = last === undefined ? text : text.slice(last.index + last[0].length);
  const directory = last?.[1] ?? ROOT;
  const [, file, ofFile] = OF_FILE.exec(rest) ?? [];
  const words = ofFile === undefined ? rest : ofFile.replace(/': must build at directory: .*$/s, '');
  return { path: file === undefined ? directory : `${directory}/${file}`, words: shortened(words) };
}

/** kubectl logs, and kustomize prints. */
function messageOf(stderr: string): string {
  const [, quoted] = /"command failed" err=("(?:[^"\\]|\\.)*")/.exec(stderr) ?? [];
  if (quoted !== undefined) return unquoted(quoted);
  const [, block] = /"command failed" err=<\n(.*?)\n >/s.exec(stderr) ?? [];
  if (block !== undefined) return block.replace(/^\t/gm, '');
  const lines = stderr.split('\n').filter((line) => !line.startsWith('# Warning'));
  return lines
    .join('\n')
    .trim()
    .replace(/^error: /i, '');
}

function unquoted(text: string): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    return text.slice(1, -1);
  }
}

function shortened(words: string): string {
  const short = words
    .replace(/^invalid Kustomization: json: /, '')
    .replace(/^(?:trouble configuring builtin|unable to .*? config) (\w+) with config: `.*?`: /s, '$1: ')
    .replace(/ from \[patch: .*\]$/s, '')
    .replace(/^open (\S+): no such file or directory$/, 'there is no file $1')
    .replace(/: open (\S+): no such file or directory$/, ': there is no file $1')
    .trim();
  return short.length > LONGEST ? `${short.slice(0, LONGEST)}…` : short;
}
