import { isDeepStrictEqual } from 'node:util';
import { type Document, isAlias, isMap, isSeq, type Node, parseAllDocuments, type YAMLSeq } from 'yaml';

import { type Fields } from '../manifest/fields';
import { toYamlDocument } from '../manifest/yaml';
import { readingTags } from '../manifest/yaml-schema';
import { ValidationError } from '../validation-error';

/** Something that a list of a `kustomization.yaml` gets. */
export interface ListAddition {
  /** Field with the list. */
  readonly field: 'patches' | 'transformers';
  /** The last item of the list from then on. */
  readonly item: unknown;
}

const OPTIONS = { customTags: readingTags, logLevel: 'error', uniqueKeys: false } as const;

/**
 * Adds to the lists of somebody's own `kustomization.yaml`, and leaves every other character as it is. A list that cannot
 * be added to is written anew, or the file where that is not enough.
 *
 * @param path - of the file, for the message
 * @param text - the file; kustomize reads its first document only
 * @throws ValidationError when the file cannot be added to
 */
export function addToLists(path: string, text: string, additions: readonly ListAddition[]): string {
  const changed = additions.reduce(addToList, text);
  if (!isDeepStrictEqual(fieldsOf(changed), additions.reduce(withItem, fieldsOf(text)))) {
    const want = 'a block of fields, to which what every overlay needs can be added';
    throw new ValidationError({ at: 'kustomize overlay', prop: path, want });
  }
  return changed;
}

/** What kustomize reads; nothing where it is no map. */
export function fieldsOf(text: string): Fields {
  try {
    const fields: unknown = documentOf(text)?.toJS();
    return typeof fields === 'object' && fields !== null ? (fields as Fields) : {};
  } catch {
    // An alias without its anchor.
    return {};
  }
}

function documentOf(text: string): Document | undefined {
  return [parseAllDocuments(text, OPTIONS)].flat()[0];
}

function withItem(fields: Fields, { field, item }: ListAddition): Fields {
  return { ...fields, [field]: [...listIn(fields, field), item] };
}

function listIn(fields: Fields, field: string): readonly unknown[] {
  const list = fields[field] ?? [];
  return Array.isArray(list) ? list : [list];
}

function addToList(text: string, addition: ListAddition): string {
  const { field, item } = addition;
  const root = documentOf(text)?.contents;
  const block = toYamlDocument([item]);
  if (!isMap(root) || root.flow === true || !root.range) return rewritten(text, addition);
  const pair = root.items.find(({ key }) => String(key) === field);
  if (pair === undefined) return insertedLines(text, root.range[2], `${field}:\n${block}`);
  const list = pair.value as Node | null;
  if (isSeq(list) && list.flow !== true && list.items.length > 0 && list.range) {
    const indent = ' '.repeat(columnOf(text, list.range[0]));
    return insertedLines(text, endOf(list), block.replace(/^(?=.)/gm, indent));
  }
  // An empty list, one in brackets, or an alias.
  const [start, end] = list?.range ?? [];
  if (start === undefined || end === undefined) return rewritten(text, addition);
  const flow = JSON.stringify([...listIn(fieldsOf(text), field), item]);
  const space = text[start - 1] === ':' ? ' ' : '';
  const replaced = text.slice(0, start) + space + flow + text.slice(end);
  // Anchors of the list may be needed elsewhere.
  return isAlias(list) || isDeepStrictEqual(fieldsOf(replaced), withItem(fieldsOf(text), addition))
    ? replaced
    : rewritten(text, addition);
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}

function endOf(list: YAMLSeq): number {
  return (list.items.at(-1) as Node | null)?.range?.[2] ?? list.range?.[2] ?? 0;
}

/** Whole lines, from the next begin of a line on. */
function insertedLines(text: string, offset: number, lines: string): string {
  const isLineStart = offset === 0 || text[offset - 1] === '\n';
  const next = isLineStart ? offset - 1 : text.indexOf('\n', offset);
  const [before, after] =
    next === -1 && !isLineStart ? [`${text}\n`, ''] : [text.slice(0, next + 1), text.slice(next + 1)];
  return before + lines + after;
}

/** The file written anew: what it says stays, its comments do not. */
function rewritten(text: string, addition: ListAddition): string {
  return toYamlDocument(withItem(fieldsOf(text), addition));
}
