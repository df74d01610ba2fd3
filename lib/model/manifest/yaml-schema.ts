import { type ScalarTag, type Tags } from 'yaml';

/**
 * What Kubernetes' programs make of unquoted words of YAML: kubectl, Flux and Helm read with `sigs.k8s.io/yaml`, that is
 * with go-yaml 2, which is neither YAML 1.1 nor 1.2. `0644` is 420, `no` is false, `1_000` is 1000, `12:30` is text.
 *
 * @see https://github.com/kubernetes-sigs/yaml/blob/v1.6.0/goyaml.v2/README.md
 */
export type GoScalar = string | number | bigint | boolean | null;

const NULL = /^(?:~|[Nn]ull|NULL)?$/;
const BOOLEAN = /^(?:[Yy]|[Yy]es|YES|[Tt]rue|TRUE|[Oo]n|ON|[Nn]|[Nn]o|NO|[Ff]alse|FALSE|[Oo]ff|OFF)$/;
const TRUE = /^(?:y|yes|true|on)$/i;
/** What begins like a number; underscores count for nothing in it. */
const NUMERIC = /^[-+\d]/;
/** Here they separate digits. */
const FRACTION = /^\.\d+(?:_\d+)*(?:[eE][-+]?\d+(?:_\d+)*)?$/;
const INTEGER = /^[-+]?(?:0[xX][\da-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9]\d*)$/;
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
const NO_NUMBER = /^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/;
const LARGEST = 2n ** 63n - 1n;
const SMALLEST = -(2n ** 63n);

/**
 * The value of an unquoted word.
 *
 * @returns a `bigint` for an integer with more digits than a `number` keeps
 */
export function goScalar(text: string): GoScalar {
  if (NULL.test(text)) return null;
  if (BOOLEAN.test(text)) return TRUE.test(text);
  if (NO_NUMBER.test(text)) return /nan/i.test(text) ? NaN : text.startsWith('-') ? -Infinity : Infinity;
  const digits = text.replaceAll('_', '');
  if (FRACTION.test(text)) return Number(digits);
  if (!NUMERIC.test(text)) return text;
  const integer = INTEGER.test(digits) ? integerOf(digits) : undefined;
  if (integer !== undefined) return integer;
  // Without a sign of zero.
  return FLOAT.test(digits) ? Number(digits) + 0 : text;
}

/** Go keeps what 64 bits hold; anything larger becomes a float. */
function integerOf(digits: string): number | bigint | undefined {
  const unsigned = digits.replace(/^[-+]/, '');
  const size = BigInt(unsigned.replace(/^0(?=[0-7])/, '0o'));
  const value = digits.startsWith('-') ? -size : size;
  if (value > LARGEST || value < SMALLEST) return undefined;
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/** What go-yaml refuses to read, or takes for the end of a line, unless it is escaped. */
const UNREADABLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;
/** What go-yaml reads otherwise in text of several lines: blank lines first, lines of blanks, tabs before anything else. */
const UNSTEADY = /^[ \t]*\n|^[ \t]+[^]*\n|\n[ \t]+(?:\n|$)|(?:^|\n) *\t/;

/** Text, written so that go-yaml reads the same text again. */
function readableText(text: ScalarTag): ScalarTag {
  return {
    ...text,
    stringify(item, ...context) {
      const value = String(item.value);
      if (value.search(UNREADABLE) === -1 && !UNSTEADY.test(value)) return text.stringify?.(item, ...context) ?? value;
      // Escapes of JSON are escapes of YAML.
      return JSON.stringify(value).replace(UNREADABLE, (character) => {
        return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
      });
    },
  };
}

/** What is no text without quotes. */
const word: ScalarTag = {
  tag: 'tag:yaml.org,2002:value',
  identify: (value) => value === null || ['boolean', 'number', 'bigint'].includes(typeof value),
  default: true,
  test: { test: (source: string) => typeof goScalar(source) !== 'string' } as RegExp,
  resolve: goScalar,
  stringify: ({ value }) => wordText(value),
};

function wordText(value: unknown): string {
  if (typeof value !== 'number' || Number.isFinite(value)) return Object.is(value, -0) ? '-0' : String(value);
  return Number.isNaN(value) ? '.nan' : `${value < 0 ? '-' : ''}.inf`;
}

/** An explicit tag, such as `!!int "12"`. */
function explicit(name: string, resolve: (source: string) => unknown): ScalarTag {
  return { tag: `tag:yaml.org,2002:${name}`, resolve: (source) => resolve(source) };
}

/** A text `<<` has quotes; the tag of the package would take it for a merge key. */
const mergeKey: ScalarTag = { tag: 'tag:yaml.org,2002:merge', default: true, test: /^<<$/, resolve: String };

/**
 * The tags with which the package `yaml` reads as go-yaml does.
 *
 * @param tags - those of YAML 1.2
 */
export function readingTags(tags: Tags): Tags {
  return [
    ...tags.filter((tag) => typeof tag !== 'string' && tag.collection !== undefined),
    ...tags.filter(isText),
    word,
    ...['null', 'bool', 'int', 'float'].map((name) => explicit(name, goScalar)),
    explicit('timestamp', String),
    explicit('binary', (source) => Buffer.from(source, 'base64').toString()),
    'merge',
  ];
}

/**
 * The tags with which the package `yaml` writes so that go-yaml reads the same.
 *
 * @param tags - those of YAML 1.2
 */
export function writingTags(tags: Tags): Tags {
  return [
    ...tags.filter((tag) => typeof tag !== 'string' && tag.collection !== undefined),
    ...tags.filter(isText).map(readableText),
    word,
    mergeKey,
  ];
}

function isText(tag: Tags[number]): tag is ScalarTag {
  return typeof tag !== 'string' && tag.tag === 'tag:yaml.org,2002:str';
}
