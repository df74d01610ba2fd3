import { GitLabError } from './gitlab-error';

/** What an object that GitLab answers must have: a text, a number, a digest of Git, or an object with such. */
export interface AnswerShape {
  readonly [key: string]: 'text' | 'number' | 'digest' | AnswerShape;
}

/**
 * Refuses an answer of another shape than GitLab promises: from a proxy, a page to sign in, or a version that differs.
 *
 * @param what - what is promised, such as `a branch`
 * @throws GitLabError when it is something else
 */
export function checkAnswer(what: string, answer: unknown, shape: AnswerShape): void {
  const wrong = wrongIn(answer, shape);
  if (wrong !== undefined) throw unexpected(`${wrong}, and not ${what}`);
}

/**
 * Refuses an answer that is no list of such objects.
 *
 * @param what - what is promised, such as `a list of commits`
 * @throws GitLabError when it is something else
 */
export function checkList(what: string, answer: unknown, shape: AnswerShape = {}): void {
  if (!Array.isArray(answer)) throw unexpected(`${kindOf(answer)}, and not ${what}`);
  for (const item of answer as readonly unknown[]) checkAnswer(`${what} as promised`, item, shape);
}

function unexpected(description: string): GitLabError {
  return new GitLabError({ unexpected: true, description });
}

function wrongIn(value: unknown, shape: AnswerShape, path = ''): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return `${kindOf(value)}${inside(path)}`;
  for (const [key, kind] of Object.entries(shape)) {
    const field = (value as Readonly<Record<string, unknown>>)[key];
    const at = path === '' ? key : `${path}.${key}`;
    const wrong = typeof kind === 'object' ? wrongIn(field, kind, at) : isA(kind, field) ? undefined : missing(at);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function isA(kind: 'text' | 'number' | 'digest', value: unknown): boolean {
  if (kind === 'number') return Number.isSafeInteger(value);
  return typeof value === 'string' && (kind === 'text' || /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(value));
}

function missing(path: string): string {
  return `an object without ${path}`;
}

function inside(path: string): string {
  return path === '' ? '' : ` as ${path}`;
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value === 'string' ? 'text' : typeof value}`;
}
