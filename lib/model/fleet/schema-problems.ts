import { type z } from 'zod';

import { pathText } from '../error-place';
import { isFields } from '../manifest/fields';
import { type FleetDocument, type FleetPath } from './fleet-document';
import { type FleetProblem } from './fleet-file-error';
import { didYouMean, suggestionFor } from './suggestion';

type Issue = z.core.$ZodIssue;

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a map',
  record: 'a map',
  array: 'a list',
};

/**
 * What a schema finds wrong, with positions.
 *
 * @param places - where the data may stand in the file; what has been merged stands in several places
 * @param data - what was judged, when it is not what stands there
 */
export function schemaProblems(
  document: FleetDocument,
  schema: z.ZodType,
  issues: readonly Issue[],
  places: readonly FleetPath[] = [[]],
  data?: unknown,
): readonly FleetProblem[] {
  return issues.flatMap((issue) => problemsOf(document, schema, issue, places, data));
}

function problemsOf(
  document: FleetDocument,
  schema: z.ZodType,
  issue: Issue,
  places: readonly FleetPath[],
  data?: unknown,
): readonly FleetProblem[] {
  const own = issue.path as FleetPath;
  const place =
    places.find((each) => document.has([...each, ...own])) ?? places.find((each) => document.has(each)) ?? [];
  const path = [...place, ...own];
  const at = nameOf(path);
  if (issue.code === 'unrecognized_keys') {
    // In a union the other members have keys too, and one of them may be just what was written.
    const unknown: readonly string[] = issue.keys;
    const known = keysAt(schema, own, valueAt(document.data, place)).filter((key) => !unknown.includes(key));
    return issue.keys.map((key) =>
      document.problem([...path, key], `${at}unknown key "${key}"${hintAt(key, known)}`, 'key'),
    );
  }
  if (!document.has(path)) {
    return [
      document.problem(
        path,
        `${nameOf(path.slice(0, -1))}missing key "${String(path.at(-1) ?? '')}": want ${wanted(issue)}`,
      ),
    ];
  }
  if (issue.code === 'invalid_union') {
    const fitting = issue.errors.find((errors) => errors.length > 0 && !errors.some(isAboutWhole));
    if (fitting !== undefined) {
      return schemaProblems(
        document,
        schema,
        fitting.map((inner) => ({ ...inner, path: [...own, ...inner.path] })),
        places,
        data,
      );
    }
  }
  const value = data === undefined ? valueAt(document.data, path) : valueAt(data, own);
  if (
    issue.code === 'custom' &&
    isFields(value) &&
    Object.keys(value).length > 1 &&
    issue.message.startsWith('exactly one')
  ) {
    const given = Object.keys(value).join(' and ');
    return [document.problem(path, `${at}got ${given}, want ${issue.message}`, 'key')];
  }
  return [
    document.problem(
      path,
      `${at}got ${shown(value)}, want ${wanted(issue)}${hint(issue, value, valueAt(document.data, path))}${shape(schema, issue, own, value)}`,
    ),
  ];
}

/** The key that somebody most likely meant. */
export function suggestedKey(schema: z.ZodType, path: FleetPath, key: string): string | undefined {
  return suggestionFor(key, keysAt(schema, path, undefined));
}

function valueAt(data: unknown, path: FleetPath): unknown {
  return path.reduce<unknown>(
    (value, step) => (value as Record<PropertyKey, unknown> | null | undefined)?.[step],
    data,
  );
}

function isAboutWhole(issue: Issue): boolean {
  return issue.path.length === 0 && issue.code !== 'unrecognized_keys' && issue.code !== 'custom';
}

function nameOf(path: FleetPath): string {
  return path.length === 0 ? '' : `${pathText(path)}: `;
}

function wanted(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return KINDS[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return oneOf(issue.values.map(String));
    case 'invalid_union':
      return unionWanted(issue);
    case 'too_small':
      return `at least ${issue.minimum}`;
    case 'too_big':
      return `at most ${issue.maximum}`;
    default:
      return issue.message;
  }
}

function unionWanted(issue: Extract<Issue, { readonly code: 'invalid_union' }>): string {
  if (issue.discriminator !== undefined && 'options' in issue && Array.isArray(issue.options)) {
    return oneOf(issue.options.map(String));
  }

  const [first, ...others] = issue.errors.flatMap((errors) => errors.slice(0, 1)).map(wanted);
  return first === undefined ? issue.message : [first, ...others].join(', or ');
}

/** A map where somebody wrote a value: how it looks. */
function shape(schema: z.ZodType, issue: Issue, path: FleetPath, value: unknown): string {
  const isOfMap = issue.code === 'invalid_type' && issue.expected === 'object';
  if (!isOfMap) return '';
  const maps = candidatesAt(schema, path).filter((each) => (each as z.ZodType)._zod.def.type === 'object');
  const [map] = maps as readonly z.ZodObject[];
  const [key] = map === undefined ? [] : Object.keys(map.shape);
  if (map === undefined || key === undefined || isFields(value) || Array.isArray(value)) return '';
  const takes = (name: string): boolean =>
    unwrapped(map.shape[name]).some((each) => (each as z.ZodType).safeParse(value).success);
  const names = Object.keys(map.shape);
  const fitting = names.find(takes);
  const example = fitting === undefined ? `{ ${key}: … }` : `{ ${fitting}: ${String(value)} }`;
  return ` such as ${example}${names.length > 1 ? `, of ${names.join(', ')}` : ''}`;
}

function oneOf(values: readonly string[]): string {
  return values.length === 1 ? (values[0] ?? '') : `one of ${values.join(', ')}`;
}

/**
 * How a mistake is put right most easily.
 *
 * @param written - what stands in the file in place of the value
 */
function hint(issue: Issue, value: unknown, written: unknown): string {
  if (
    issue.code === 'invalid_type' &&
    issue.expected === 'string' &&
    ['number', 'boolean', 'bigint'].includes(typeof value)
  ) {
    const parameter = isFields(written) ? (written as { readonly parameter?: unknown }).parameter : undefined;
    return typeof parameter === 'string' ? `: write '<${parameter}>'` : ': put it in quotes';
  }

  const values = issue.code === 'invalid_union' ? issue.errors.flat() : [issue];
  const names = values.flatMap((inner) => (inner.code === 'invalid_value' ? inner.values.map(String) : []));
  return typeof value === 'string' ? didYouMean(value, names) : '';
}

function hintAt(key: string, known: readonly string[]): string {
  return didYouMean(key, known) || (known.length === 0 ? '' : `; there are ${known.join(', ')}`);
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (typeof value === 'object') return Array.isArray(value) ? 'a list' : 'a map';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/** The keys that a schema knows at a path. Of several kinds of a thing only that counts which the data say. */
function keysAt(schema: unknown, path: FleetPath, data: unknown): readonly string[] {
  const value = valueAt(data, path);
  const all = candidatesAt(schema, path);
  const fitting = all.filter((candidate) => isOfKind(candidate, value));
  const keys = (fitting.length === 0 ? all : fitting).flatMap((candidate) => {
    const { def } = (candidate as z.ZodType)._zod;
    return def.type === 'object' ? Object.keys((candidate as z.ZodObject).shape) : [];
  });
  return [...new Set(keys)];
}

/** Whether the key `type`, where a kind has one, says this kind. */
function isOfKind(candidate: unknown, value: unknown): boolean {
  const { def } = (candidate as z.ZodType)._zod;
  const type: unknown = def.type === 'object' ? (candidate as z.ZodObject).shape['type'] : undefined;
  return (
    type === undefined || !isFields(value) || !('type' in value) || (type as z.ZodType).safeParse(value.type).success
  );
}

function candidatesAt(schema: unknown, path: FleetPath): readonly unknown[] {
  const candidates = unwrapped(schema);
  const [step, ...rest] = path;
  if (step === undefined) return candidates;
  return candidates.flatMap((candidate) => {
    const { def } = (candidate as z.ZodType)._zod;
    switch (def.type) {
      case 'object':
        return candidatesAt((candidate as z.ZodObject).shape[step], rest);
      case 'record':
        return candidatesAt((candidate as z.ZodRecord).valueType, rest);
      case 'array':
        return candidatesAt((candidate as z.ZodArray).element, rest);
      default:
        return [];
    }
  });
}

function unwrapped(schema: unknown): readonly unknown[] {
  if (schema === undefined) return [];
  const { def } = (schema as z.ZodType)._zod;
  if (def.type === 'optional') return unwrapped((schema as z.ZodOptional).unwrap());
  return def.type === 'union' ? (schema as z.ZodUnion).options.flatMap(unwrapped) : [schema];
}
