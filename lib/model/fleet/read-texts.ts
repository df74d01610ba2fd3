import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, isAbsolute, join } from 'node:path';

import { type FleetDocument, type FleetPath, type IncludedEntry } from './fleet-document';
import { FleetFileError, type FleetProblem } from './fleet-file-error';

/** What may have entries in files of their own. */
const SECTIONS = ['clusters', 'components', 'classes'] as const;

/** The entries that a fleet file includes, and what is wrong with how it does. */
export interface Included {
  /** The entries. */
  readonly texts: readonly IncludedEntry[];
  /** What is wrong. */
  readonly problems: readonly FleetProblem[];
}

/** The text of a file. */
export function textOf(file: string): string {
  const refuseFile = (message: string): never => {
    throw new FleetFileError(file, [{ file, line: 1, column: 1, message }]);
  };
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(file));
  } catch (error) {
    const { code } = error as { readonly code?: string };
    if (code === 'ENOENT') return refuseFile('there is no such file');
    if (code === 'EISDIR') return refuseFile('it is a directory: want a fleet file');
    return refuseFile(
      code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'want text in UTF-8' : `cannot be read: ${String(code)}`,
    );
  }
}

/** Reads what a fleet file includes: files with one entry each, and directories of such files. */
export function includedTexts(file: string, document: FleetDocument): Included {
  const texts: IncludedEntry[] = [];
  const problems: FleetProblem[] = [];
  const { include } = (document.data ?? {}) as { readonly include?: Readonly<Record<string, unknown>> };
  for (const section of SECTIONS) {
    const given = include?.[section];
    const isList = Array.isArray(given);
    const places: readonly unknown[] = isList ? given : [given];
    for (const [index, place] of places.entries()) {
      // What is no text, the schema refuses.
      if (typeof place !== 'string') continue;
      const at = ['include', section, ...(isList ? [index] : [])];
      const files = entriesOf(isAbsolute(place) ? place : join(dirname(file), place));
      if (files === undefined) {
        const where = `include.${section}${isList ? `[${index}]` : ''}`;
        const message = `${where}: got ${JSON.stringify(place)}, want a directory or a file *.yaml that exists`;
        problems.push(document.problem(at, message));
      }
      for (const each of files ?? []) {
        const path = [section, basename(each, extname(each))];
        const before = texts.find((other) => other.path.join('/') === path.join('/'));
        const other = before?.file ?? (document.has(path) ? file : undefined);
        const wrong = other === undefined ? wrongName(path) : `it is in ${other} already`;
        if (wrong === undefined) texts.push({ path, file: each, text: textOf(each) });
        else problems.push({ file: each, line: 1, column: 1, message: `${path.join('.')}: ${wrong}` });
      }
    }
  }
  return { texts, problems };
}

/** The files that a path stands for; undefined when it stands for none. */
function entriesOf(path: string): readonly string[] | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isFile() === true && isEntry(path)) return [path];
  if (found?.isDirectory() !== true) return undefined;
  return readdirSync(path)
    .filter((name) => isEntry(name) && !name.startsWith('.'))
    .sort()
    .map((name) => join(path, name));
}

/** No key of a fleet can be called so. */
function wrongName([, name]: FleetPath): string | undefined {
  return name === '__proto__' ? 'want another name' : undefined;
}

function isEntry(path: string): boolean {
  return ['.yaml', '.yml'].includes(extname(path));
}
