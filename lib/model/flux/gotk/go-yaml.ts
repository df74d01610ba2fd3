/**
 * YAML as Go programs of Kubernetes write it (`sigs.k8s.io/yaml`): keys sorted, two spaces, sequences not indented, and
 * text quoted only where it must be. The flux CLI's files come from there, so only this gives the same bytes.
 *
 * @param value - plain data; a key whose value is undefined is left out
 * @see https://github.com/kubernetes-sigs/yaml
 */
export function toGoYaml(value: unknown): string {
  return lines(value, '').join('\n') + '\n';
}

/** The lines of a value, without what stands before it on its first line. */
function lines(value: unknown, indent: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item: unknown) => nested(item, `${indent}- `, `${indent}  `));
  return entriesOf(value as object).flatMap(([key, item]) => {
    const name = `${indent}${goYamlScalar(key)}:`;
    if (!isCollection(item)) return [`${name} ${scalar(item)}`];
    if (isEmpty(item)) return [`${name} ${Array.isArray(item) ? '[]' : '{}'}`];
    return [name, ...lines(item, Array.isArray(item) ? indent : `${indent}  `)];
  });
}

/** An item of a sequence: its first line begins with the dash. */
function nested(item: unknown, first: string, others: string): string[] {
  if (!isCollection(item)) return [`${first}${scalar(item)}`];
  if (isEmpty(item)) return [`${first}${Array.isArray(item) ? '[]' : '{}'}`];
  const [head = '', ...tail] = lines(item, others);
  return [first + head.slice(others.length), ...tail];
}

function entriesOf(value: object): [string, unknown][] {
  return Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function isCollection(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isEmpty(value: object): boolean {
  return Array.isArray(value) ? value.length === 0 : entriesOf(value).length === 0;
}

function scalar(value: unknown): string {
  return typeof value === 'string' ? goYamlScalar(value) : JSON.stringify(value);
}

const WORDS = new Set(
  ['y', 'Y', 'n', 'N', '', '~', '.nan', '.NaN', '.NAN'].concat(
    ['yes', 'no', 'on', 'off', 'true', 'false', 'null'].flatMap((word) => [
      word,
      word.toUpperCase(),
      word.charAt(0).toUpperCase() + word.slice(1),
    ]),
    ['', '+', '-'].flatMap((sign) => [`${sign}.inf`, `${sign}.Inf`, `${sign}.INF`]),
  ),
);
const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
const INTEGER = /^[-+]?(0[xX][0-9a-fA-F]+|0[oO]?[0-7]+|0[bB][01]+|[0-9]+)$/;
const SEXAGESIMAL = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
const TIMESTAMP = /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?$/;

/** Whether a reader of YAML 1.1 takes an unquoted text for text, and not for a number, a boolean, a date or nothing. */
export function isPlainText(text: string): boolean {
  // Only between digits: `_1` is text.
  const digits = /^[-+]?[0-9]/.test(text) ? text.replaceAll('_', '') : text;
  return !(
    WORDS.has(text) ||
    FLOAT.test(digits) ||
    INTEGER.test(digits) ||
    SEXAGESIMAL.test(text) ||
    TIMESTAMP.test(text)
  );
}

/** What YAML takes for something else than the begin of a text, or than its continuation. */
const INDICATOR = /^(---|\.\.\.|[#,[\]{}&*!|>'"%@`]|[-?:](\s|$))|:(\s|$)|\s#|^\s|\s$/;
/** Go takes what needs more than 16 bits for unprintable. */
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]|[\u{10000}-\u{10ffff}]/u;

/**
 * A text of one line, quoted as Go would quote it. Text of several lines, which none of Flux's objects has, is right
 * YAML but not Go's.
 */
export function goYamlScalar(text: string): string {
  if (!isPlainText(text) || UNPRINTABLE.test(text)) {
    return JSON.stringify(text).replace(/[\u{10000}-\u{10ffff}]/gu, (character) => {
      return `\\U${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(8, '0')}`;
    });
  }
  return INDICATOR.test(text) ? `'${text.replaceAll("'", "''")}'` : text;
}
