import { type IResolvable, Token, Tokenization } from 'cdktf';

import { type PropPath } from '../../model/error-place';
import { ValidationError } from '../../model/validation-error';

// The encodings of string, list and map tokens, and of numbers that may be tokens.
const marker = '{TfToken[';
const numberToken = /-\d(?:\.\d+)?e\+2\d\d/g;

/**
 * Whether a text holds a CDKTF token: a value that only Terraform knows. Unlike `Token.isUnresolved` it also sees numbers,
 * lists and maps that were written into the text.
 */
export function holdsToken(text: string): boolean {
  if (text.includes(marker)) return true;
  // Nearly every text ends here: the expression below is slow.
  if (!text.includes('e+2')) return false;
  return (text.match(numberToken) ?? []).some((match) => {
    const number = Number(match);
    return Token.isUnresolved(number) || Token.isUnresolved([number]);
  });
}

/**
 * Refuses a text that holds a token.
 *
 * @param prop - what the text is, for the error
 * @throws ValidationError when there is a token in it
 */
export function assertLiteral(text: string | Uint8Array, at: string, prop: PropPath): void {
  const literal =
    typeof text === 'string' ? text : Buffer.from(text.buffer, text.byteOffset, text.length).toString('latin1');
  if (!holdsToken(literal)) return;
  throw new ValidationError({
    at,
    prop,
    want: 'literal text. It holds a token, a value that only Terraform knows; let it reach the cluster in a Secret or ConfigMap',
  });
}

/**
 * Text as Terraform must be given it, so that it takes it literally: `${` and `%{` begin a template otherwise. Tokens in
 * it stay tokens.
 */
export function escapeTerraform(text: string): string {
  return text.includes('{') ? text.replace(/[$%]\{(?!TfToken\[)/g, (opening) => `${opening[0]}${opening}`) : text;
}

/**
 * Everything in a configuration taken literally, names of keys too. What only Terraform knows stays what it is.
 *
 * @param value - a value, list or map of any depth
 */
export function escapeAll<T>(value: T): T {
  return escaped(value) as T;
}

function escaped(value: unknown): unknown {
  if (typeof value === 'string') return escapeTerraform(value);
  if (Array.isArray(value)) return value.map(escaped);
  // Constructs and what CDKTF resolves later are objects of classes.
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [escapeTerraform(key), escaped(each)]));
}

/** Whether something is plain data, and no construct or what CDKTF resolves later. */
export function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Tokenization.isResolvable(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/**
 * A class of Terraform blocks whose configuration is taken literally: the door through which every text reaches
 * Terraform. Lint knows no other way to a provider's classes.
 *
 * @param Block - a class of CDKTF or of a provider, with a scope, most often an id, and a configuration
 */
export function literal<T extends new (scope: never, id: never, config: never) => object>(Block: T): T {
  return new Proxy(Block, {
    construct: (target, args: unknown[], newTarget) =>
      Reflect.construct(
        target,
        args.map((arg) => (isPlain(arg) ? escapeAll(arg) : arg)),
        newTarget,
      ) as object,
  });
}

/**
 * Code of Terraform's language as a value, for what CDKTF has no function for.
 *
 * @param code - the code, without a text of anybody in it
 */
export function expression(code: string): string {
  return Token.asString({
    creationStack: [],
    resolve: () => `\${${code}}`,
    toString: () => code,
  } satisfies IResolvable);
}

/** Text within an argument of a function: CDKTF escapes `${` there and line ends, and nothing else. */
export function functionText(text: string): string {
  return text.replace(/[\\"]|%(?=\{)/g, (special) => (special === '%' ? '%%' : `\\${special}`));
}
