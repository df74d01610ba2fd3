import { type z } from 'zod';

import { type FleetDocument, type FleetPath } from './fleet-document';
import { type FleetProblem } from './fleet-file-error';
import { schemaProblems, suggestedKey } from './schema-problems';

type Issue = z.core.$ZodIssue;

/** What a file says, as far as a schema knows it. */
export interface ReadInput<T> {
  /** What it says, without what is wrong; undefined when too little is left. */
  readonly input: T;
  /** Where it says what is wrong, and what was meant by it. */
  readonly leftOut: readonly FleetPath[];
  /** What is wrong. */
  readonly problems: readonly FleetProblem[];
}

/** More than a person makes at once. */
const MOST_ROUNDS = 50;

/** What stands at a place of a file, when it is judged otherwise than as it stands there. */
interface Part {
  /** What is judged. */
  readonly data: unknown;
  /** Where it stands. */
  readonly path: FleetPath;
}

/**
 * Reads a file by a schema, or what stands at a place of it. What is wrong is left out, so that the rest can be judged.
 */
export function readInput<T>(
  document: FleetDocument,
  schema: z.ZodType<T>,
  { data: given, path: place }: Part = { data: document.data, path: [] },
): ReadInput<T | undefined> {
  const data: unknown = copyOf(given);
  const ambiguous = document.ambiguous.filter((each) => isBelow(each, place)).map((each) => each.slice(place.length));
  // What is ambiguous was said, whatever it is read as here.
  const leftOut: FleetPath[] = [...ambiguous];
  const problems: FleetProblem[] = [];
  const isAmbiguous = ({ path }: Issue): boolean => ambiguous.some((each) => isBelow(path as FleetPath, each));
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const result = schema.safeParse(data);
    if (result.success) return { input: result.data, leftOut, problems };
    const { issues } = result.error;
    // Who misspells a key says it, so that it is not missing.
    const meant = issues.flatMap((issue) => meantBy(schema, issue));
    problems.push(
      ...schemaProblems(
        document,
        schema,
        issues.filter((issue) => !isAmbiguous(issue) && !follows(issue, issues, [...leftOut, ...meant])),
        [place],
        given,
      ),
    );
    const wrong = issues.flatMap(wrongIn);
    leftOut.push(...wrong, ...meant);
    if (!wrong.map((path) => remove(data, path)).includes(true)) break;
  }
  return { input: undefined, leftOut, problems };
}

/** What stands above something wrong lacks it, or has it in place of something else: that is no mistake of its own. */
function follows(issue: Issue, issues: readonly Issue[], leftOut: readonly FleetPath[]): boolean {
  if (issue.code === 'unrecognized_keys') return false;
  const path = issue.path as FleetPath;
  const isUnion =
    issue.code === 'custom' &&
    issues.some((other) => other.code === 'unrecognized_keys' && isBelow(other.path as FleetPath, path));
  return isUnion || leftOut.some((left) => isBelow(left, path));
}

function isBelow(path: FleetPath, above: FleetPath): boolean {
  return above.every((step, index) => step === path[index]);
}

function wrongIn(issue: Issue): readonly FleetPath[] {
  const path = issue.path as FleetPath;
  return issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...path, key]) : [path];
}

function meantBy(schema: z.ZodType, issue: Issue): readonly FleetPath[] {
  const path = issue.path as FleetPath;
  const keys = issue.code === 'unrecognized_keys' ? issue.keys : [];
  return keys.flatMap((key) => suggestedKey(schema, path, key) ?? []).map((key) => [...path, key]);
}

/** A component without its base or its chart could not be judged at all, so it gets another. */
function standInAt(data: unknown, path: FleetPath): boolean | undefined {
  const [root, name, kind, key, ...rest] = path;
  const isBase = kind === 'kustomize' && key === 'base';
  if (root !== 'components' || rest.length > 0 || !(isBase || (kind === 'helm' && key === 'chart'))) return undefined;
  const component = (data as Record<string, Record<string, Record<string, Record<string, unknown> | null>>>)[root]?.[
    String(name)
  ]?.[kind];
  if (typeof component !== 'object' || component === null || STAND_INS.has(component[key])) return undefined;
  const ofForeign = component.source === undefined ? IN_REPOSITORY : PATH;
  component[key] = isBase ? ofForeign : CHART;
  return true;
}

const IN_REPOSITORY = { inRepository: true };
const PATH = { path: '.' };
const CHART = { repository: { url: 'https://example.com', name: 'example', version: '1.0.0' } };
const STAND_INS: ReadonlySet<unknown> = new Set([IN_REPOSITORY, PATH, CHART]);

/** Removes what stands at a path, or where nothing does, what it would stand in. */
function remove(data: unknown, path: FleetPath): boolean {
  const last = path.at(-1);
  if (last === undefined) return false;
  const standIn = standInAt(data, path);
  if (standIn !== undefined) return standIn;
  const parent = path.slice(0, -1).reduce<unknown>((value, step) => (value as Fields | null | undefined)?.[step], data);
  if (Array.isArray(parent) && typeof last === 'number') {
    // Other items keep their numbers: the list goes as a whole.
    return remove(data, path.slice(0, -1));
  }
  if (typeof parent === 'object' && parent !== null && Object.hasOwn(parent, last)) {
    return Reflect.deleteProperty(parent, last);
  }

  return remove(data, path.slice(0, -1));
}

type Fields = Readonly<Record<PropertyKey, unknown>>;

function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, copyOf(each)]))
    : value;
}
