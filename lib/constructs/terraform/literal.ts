import { Token } from 'cdktf';
import { ValidationError } from '../../model/validation-error';

// The encodings of string, list and map tokens, and of numbers that may be tokens.
const marker = '{TfToken[';
const numberToken = /-\d(?:\.\d+)?e\+2\d\d/g;

/**
 * Whether a text holds a CDKTF token: a value that only Terraform knows. Unlike `Token.isUnresolved` it also sees numbers,
 * lists and maps that were written into the text.
 *
 * @param text - any text
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
 * @param text - the text, or bytes
 * @param at - the construct, for the error
 * @param prop - what the text is, for the error
 * @throws ValidationError when there is a token in it
 */
export function assertLiteral(text: string | Uint8Array, at: string, prop: string): void {
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
 * Text as Terraform must be given it, so that it takes it literally: `${` and `%{` begin a template otherwise.
 *
 * @param text - any text
 */
export function escapeTerraform(text: string): string {
  return text.includes('{') ? text.replace(/[$%]\{/g, (opening) => `${opening[0]}${opening}`) : text;
}
