import { globOf } from '../../model/manifest/go-glob';
import { SubstitutionError } from './template';

/** The operators that have an answer for a variable without a value. */
const DEFAULTS: readonly string[] = ['-', '+', '=', '?', ':-', ':+', ':=', ':?'];

/** Whether an operator may be used with a variable that has no value. */
export function standsInForValue(operator: string): boolean {
  return DEFAULTS.includes(operator);
}

/**
 * What becomes of a value, as Flux does it. Like Go it counts bytes.
 *
 * @param operator - the operator; empty for none
 * @throws SubstitutionError when Flux fails
 * @see https://github.com/fluxcd/pkg/blob/main/envsubst/funcs.go
 */
export function applyOperator(operator: string, value: string, operands: readonly string[]): string {
  const [first = '', second = ''] = operands;
  switch (operator) {
    case ',':
      return firstOf(value, (character) => character.toLowerCase());
    case ',,':
      return value.toLowerCase();
    case '^':
      return firstOf(value, (character) => character.toUpperCase());
    case '^^':
      return value.toUpperCase();
    case '#':
      return operands.length === 0 ? String(Buffer.byteLength(value)) : withoutPrefix(value, first, 'shortest');
    case '##':
      return withoutPrefix(value, first, 'longest');
    case '%':
      return reversed(withoutPrefix(reversed(value), reversed(first), 'shortest'));
    case '%%':
      return reversed(withoutPrefix(reversed(value), reversed(first), 'longest'));
    case ':':
      return substring(value, operands);
    case '/#':
      return operands.length === 2 && value.startsWith(first) ? value.replace(first, () => second) : value;
    case '/%':
      return operands.length === 2 && value.endsWith(first)
        ? `${value.slice(0, value.length - first.length)}${second}`
        : value;
    case '/':
      return value.replace(first, () => second);
    case '//':
      return value.replaceAll(first, () => second);
    default:
      return value === '' ? operands.join('') : value;
  }
}

function firstOf(value: string, change: (character: string) => string): string {
  const [character = '', ...rest] = Array.from(value);
  return change(character) + rest.join('');
}

function substring(value: string, [offsetText = '', lengthText]: readonly string[]): string {
  const bytes = Buffer.from(value);
  const offset = integer(offsetText);
  if (offset === undefined) return value;
  const start = offset < 0 ? Math.max(0, bytes.length + offset) : offset;
  if (lengthText === undefined) return bytes.subarray(start).toString();
  const length = integer(lengthText);
  if (length === undefined) return value;
  if (start + length >= bytes.length) return bytes.subarray(start).toString();
  if (length < 0) throw new SubstitutionError('slice bounds out of range');
  return bytes.subarray(start, start + length).toString();
}

function integer(text: string): number | undefined {
  return /^[+-]?\d+$/.test(text) ? Number(text) : undefined;
}

/** Only a prefix of at least one character goes. */
function withoutPrefix(value: string, pattern: string, which: 'shortest' | 'longest'): string {
  const glob = globOf(pattern, '');
  const characters = Array.from(value);
  const lengths = characters.map((_, index) => index + 1);
  const inOrder = which === 'shortest' ? lengths : lengths.reverse();
  const length = inOrder.find((each) => glob?.test(characters.slice(0, each).join('')));
  return length === undefined ? value : characters.slice(length).join('');
}

function reversed(text: string): string {
  return Array.from(text).reverse().join('');
}
