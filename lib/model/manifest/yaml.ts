import { type Document, parseAllDocuments, stringify } from 'yaml';

import { ValidationError } from '../validation-error';
import { type KubernetesObject } from './kubernetes-object';

/**
 * YAML in the style of `flux … --export`: keys sorted, two spaces, sequences not indented, every document after `---`.
 *
 * @param objects - one document each
 */
export function toYaml(objects: readonly object[]): string {
  return objects.map((object) => `---\n${toYamlDocument(object)}`).join('');
}

/**
 * One YAML document without `---`.
 *
 * Words that YAML 1.1 takes for booleans or numbers are quoted, because some readers still speak 1.1.
 *
 * @param value - plain data; a key whose value is undefined is left out
 */
export function toYamlDocument(value: unknown): string {
  // Most documents of a fleet are the same for every cluster, and writing YAML is what costs time.
  const key = JSON.stringify(value, distinguishNumber);
  const text = written.get(key) ?? write(value);
  if (written.size >= MOST_WRITTEN) {
    written.clear();
  }
  written.set(key, text);
  return text;
}

const MOST_WRITTEN = 5000;
const written = new Map<string | undefined, string>();

/** JSON has no -0, infinity and NaN. */
function distinguishNumber(_: string, value: unknown): unknown {
  return typeof value === 'number' && (Object.is(value, -0) || !Number.isFinite(value))
    ? `\u0000number ${Object.is(value, -0) ? '-0' : value}`
    : value;
}

function write(value: unknown): string {
  return stringify(value, {
    indentSeq: false,
    lineWidth: 0,
    sortMapEntries: true,
    aliasDuplicateObjects: false,
    compat: 'yaml-1.1',
    keepUndefined: false,
  });
}

/**
 * The documents of a YAML text, without empty ones.
 *
 * @param text - YAML
 * @param at - where the text is from, for the message
 * @throws ValidationError when the text is not YAML
 */
export function parseYamlDocuments(text: string, at: string): readonly unknown[] {
  return parseAllDocuments(text, { logLevel: 'error' }).flatMap((document) => {
    const [error] = document.errors;
    if (error) {
      throw notYaml(at, error);
    }
    const value = valueOf(document, at);
    return value === null || value === undefined ? [] : [value];
  });
}

function valueOf(document: Document, at: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    // An alias without its anchor.
    throw notYaml(at, error as Error);
  }
}

/** What follows the first line of the message is a part of the text, which may be a secret. */
function notYaml(at: string, { message }: Error): ValidationError {
  const [problem = ''] = message.split('\n');
  return new ValidationError({ at, want: `YAML, but: ${problem.replace(/:$/, '')}` });
}

/**
 * The Kubernetes objects of a YAML text, those in a `List` or a `SecretList` too.
 *
 * @param text - YAML
 * @param at - where the text is from, for the message
 * @throws ValidationError when the text is not YAML
 */
export function parseObjects(text: string, at: string): readonly Partial<KubernetesObject>[] {
  return parseYamlDocuments(text, at).flatMap((document) => {
    const object = document as Partial<KubernetesObject>;
    return isList(object) ? (object.items as KubernetesObject[]) : [object];
  });
}

function isList({ kind, items }: Partial<KubernetesObject>): boolean {
  return typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items);
}
