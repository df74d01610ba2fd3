import { type Document, parseAllDocuments, stringify } from 'yaml';

import { type ErrorPlace } from '../error-place';
import { ValidationError } from '../validation-error';
import { type KubernetesObject } from './kubernetes-object';
import { readingTags, writingTags } from './yaml-schema';

/**
 * YAML in the style of `flux … --export`: keys sorted, two spaces, sequences not indented, every document after `---`.
 */
export function toYaml(objects: readonly object[]): string {
  return objects.map((object) => `---\n${toYamlDocument(object)}`).join('');
}

/**
 * One YAML document without `---`.
 *
 * Words that YAML 1.1 or Go takes for booleans or numbers are quoted, and what Go cannot read is escaped.
 *
 * @param value - plain data; a key whose value is undefined is left out
 */
export function toYamlDocument(value: unknown): string {
  // Most documents of a fleet are the same for every cluster, and writing YAML is what costs time.
  const key = JSON.stringify(value, distinguishNumber);
  const text = written.get(key) ?? write(value);
  if (written.size >= MOST_WRITTEN) written.clear();
  written.set(key, text);
  return text;
}

const MOST_WRITTEN = 5000;
const written = new Map<string | undefined, string>();

/** JSON has no -0, infinity, NaN and large integers. */
function distinguishNumber(_: string, value: unknown): unknown {
  const inJson =
    typeof value === 'number' ? Number.isFinite(value) && !Object.is(value, -0) : typeof value !== 'bigint';
  return inJson ? value : `\u0000number ${Object.is(value, -0) ? '-0' : String(value)}`;
}

function write(value: unknown): string {
  return stringify(value, {
    indentSeq: false,
    lineWidth: 0,
    sortMapEntries: true,
    aliasDuplicateObjects: false,
    compat: 'yaml-1.1',
    customTags: writingTags,
    keepUndefined: false,
  });
}

/**
 * The documents of a YAML text as kubectl, Flux and Helm read them, without empty ones. An integer with more digits than
 * a `number` keeps is a `bigint`; of a key that stands twice the later one counts. What is returned is not changed by
 * anybody: the same text has the same documents.
 *
 * @param place - where the text is from, for the message
 * @throws ValidationError when the text is not YAML
 */
export function parseYamlDocuments(text: string, place: ErrorPlace | string): readonly unknown[] {
  // Several rules look at each file of a fleet, one after the other, and reading YAML is what costs time.
  const known = read.get(text);
  if (known !== undefined) return known;
  const documents = parse(text, place);
  if (read.size >= MOST_READ) read.clear();
  if (text.length <= LONGEST_READ) read.set(text, documents);
  return documents;
}

const MOST_READ = 500;
const LONGEST_READ = 20_000;
const read = new Map<string, readonly unknown[]>();

function parse(text: string, place: ErrorPlace | string): readonly unknown[] {
  const options = { logLevel: 'error', customTags: readingTags, uniqueKeys: false } as const;
  return parseAllDocuments(text.replace(/^\uFEFF/, ''), options).flatMap((document) => {
    const [error] = document.errors;
    if (error) throw notYaml(place, error);
    const value = valueOf(document, place);
    return value === null || value === undefined ? [] : [value];
  });
}

function valueOf(document: Document, place: ErrorPlace | string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    // An alias without its anchor.
    throw notYaml(place, error as Error);
  }
}

/** What follows the first line of the message is a part of the text, which may be a secret. */
function notYaml(place: ErrorPlace | string, { message }: Error): ValidationError {
  const [problem = ''] = message.split('\n');
  const where = typeof place === 'string' ? { at: place } : place;
  return new ValidationError({ ...where, want: `YAML, but: ${problem.replace(/:$/, '')}` });
}

/**
 * The Kubernetes objects of a YAML text, those in a `List` or a `SecretList` too.
 *
 * @param place - where the text is from, for the message
 * @throws ValidationError when the text is not YAML
 */
export function parseObjects(text: string, place: ErrorPlace | string): readonly Partial<KubernetesObject>[] {
  return parseYamlDocuments(text, place).flatMap((document) => {
    const object = document as Partial<KubernetesObject>;
    return isList(object) ? (object.items as KubernetesObject[]) : [object];
  });
}

function isList({ kind, items }: Partial<KubernetesObject>): boolean {
  return typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items);
}
