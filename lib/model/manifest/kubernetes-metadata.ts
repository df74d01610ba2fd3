import { mapAll } from '../check-all';
import { below, type ErrorThing, type PropPath } from '../error-place';
import { ValidationError } from '../validation-error';

/** What is wrong with an entry of a map. */
interface EntryProblem {
  /** Key of the entry. */
  readonly key: string;
  /** What is wrong with it: its key or its value. */
  readonly got: unknown;
  /** What would be right. */
  readonly want: string;
}

type Entries = Readonly<Record<string, unknown>>;

const NAME = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const PREFIX = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
/** Annotations of one object, keys and values. */
const MOST_ANNOTATIONS = 256 * 1024;

const POD_SECURITY = /^pod-security\.kubernetes\.io\/(enforce|audit|warn)(-version)?$/;
const LEVELS = ['privileged', 'baseline', 'restricted'];

/**
 * What the API server refuses of labels.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
 */
export function labelProblems(labels: Entries): readonly EntryProblem[] {
  return Object.entries(labels).flatMap(([key, value]) => {
    if (!isQualifiedName(key)) return [{ key, got: key, want: WANTED_KEY }];
    if (typeof value !== 'string') {
      return [{ key, got: value, want: 'text, in quotes where YAML reads something else' }];
    }

    const want = 'at most 63 letters, digits, hyphens, underscores and dots, with a letter or digit at both ends';
    return value === '' || NAME.test(value) ? [] : [{ key, got: value, want }];
  });
}

/**
 * What the API server refuses of a Namespace's labels: those of Pod Security too.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-admission/#pod-security-admission-labels-for-namespaces
 */
export function namespaceLabelProblems(labels: Entries): readonly EntryProblem[] {
  const levels = Object.entries(labels).flatMap(([key, value]) => {
    const [match, , version] = POD_SECURITY.exec(key) ?? [];
    if (match === undefined || typeof value !== 'string') return [];
    if (version !== undefined) {
      return /^(latest|v1\.(0|[1-9]\d*))$/.test(value) ? [] : [{ key, got: value, want: 'latest or v1.<number>' }];
    }

    return LEVELS.includes(value) ? [] : [{ key, got: value, want: LEVELS.join(', ') }];
  });
  return [...labelProblems(labels), ...levels];
}

/**
 * What the API server refuses of annotations.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/#syntax-and-character-set
 */
export function annotationProblems(annotations: Entries): readonly EntryProblem[] {
  const problems = Object.entries(annotations).flatMap(([key, value]) => {
    if (!isQualifiedName(key.toLowerCase())) return [{ key, got: key, want: WANTED_KEY }];
    return typeof value === 'string'
      ? []
      : [{ key, got: value, want: 'text, in quotes where YAML reads something else' }];
  });
  const size = Object.entries(annotations).reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(String(value)),
    0,
  );
  const [largest = ''] = Object.keys(annotations);
  return size > MOST_ANNOTATIONS
    ? [...problems, { key: largest, got: size, want: `at most ${MOST_ANNOTATIONS} bytes of annotations` }]
    : problems;
}

const WANTED_KEY =
  'a name of at most 63 letters, digits, hyphens, underscores and dots, with or without a DNS subdomain and a slash before it';

function isQualifiedName(key: string): boolean {
  const parts = key.split('/');
  const [prefix, name = ''] = parts.length === 1 ? [undefined, parts[0]] : parts;
  const isPrefix = prefix === undefined || (prefix.length <= 253 && PREFIX.test(prefix));
  return parts.length <= 2 && isPrefix && NAME.test(name);
}

/**
 * Refuses labels that the API server would refuse.
 *
 * @param at - the thing that has the labels
 */
export function checkLabels(at: ErrorThing, prop: PropPath, labels: Entries | undefined): void {
  refuse(at, prop, labelProblems(labels ?? {}));
}

/**
 * Refuses annotations that the API server would refuse.
 *
 * @param at - the thing that has the annotations
 */
export function checkAnnotations(at: ErrorThing, prop: PropPath, annotations: Entries | undefined): void {
  refuse(at, prop, annotationProblems(annotations ?? {}));
}

/**
 * Refuses labels of a Namespace that the API server would refuse. The cluster's root applies the Namespace: with it
 * everything else on the cluster would stand still.
 *
 * @param at - the thing that has the labels
 */
export function checkNamespaceLabels(at: ErrorThing, prop: string, labels: Entries | undefined): void {
  refuse(at, prop, namespaceLabelProblems(labels ?? {}));
}

function refuse(at: ErrorThing, prop: PropPath, problems: readonly EntryProblem[]): void {
  mapAll(problems, ({ key, got, want }) => {
    throw new ValidationError({ at, prop: got === key ? below(prop) : below(prop, key), got, want });
  });
}
