/**
 * A pattern of Go's `filepath.Match` as a regular expression; undefined when Go could not read it.
 *
 * @param separator - what `*` and `?` do not match; empty for nothing
 * @see https://pkg.go.dev/path/filepath#Match
 */
export function globOf(pattern: string, separator: '/' | '' = '/'): RegExp | undefined {
  const any = separator === '' ? '.' : '[^/]';
  let source = '';
  let rest = pattern;
  while (rest !== '') {
    const [token, translated = ''] = nextToken(rest, any) ?? [];
    if (token === undefined) return undefined;
    source += translated;
    rest = rest.slice(token.length);
  }
  return new RegExp(`^${source}$`, 'su');
}

function nextToken(rest: string, any: string): readonly [string, string] | undefined {
  const [first = ''] = rest;
  switch (first) {
    case '*':
      return ['*', `${any}*`];
    case '?':
      return ['?', any];
    case '\\': {
      const [, escaped] = rest;
      return escaped === undefined ? undefined : [`\\${escaped}`, literal(escaped)];
    }
    case '[':
      return classOf(rest);
    default:
      return [first, literal(first)];
  }
}

/** `[a-z]`, `[^a-z]`: Go wants at least one range, and a backslash before `]`, `-` and `\` that stand for themselves. */
function classOf(rest: string): readonly [string, string] | undefined {
  const character = String.raw`(?:\\.|[^\]\\-])`;
  const [token, negation, ranges] =
    new RegExp(String.raw`^\[(\^?)((?:${character}(?:-${character})?)+)\]`, 'su').exec(rest) ?? [];
  if (token === undefined || ranges === undefined) return undefined;
  const parts = [...ranges.matchAll(new RegExp(`(${character})(?:-(${character}))?`, 'gsu'))];
  const translated = parts.flatMap(([, low = '', high]) => rangeOf(plain(low), plain(high ?? low)));
  // A class without a member matches nothing.
  const members = translated.join('');
  if (negation === '^') return [token, members === '' ? '.' : `[^${members}]`];
  return [token, members === '' ? '(?!)' : `[${members}]`];
}

function rangeOf(low: string, high: string): readonly string[] {
  return low <= high ? [`${literal(low)}-${literal(high)}`] : [];
}

function plain(character: string): string {
  return character.startsWith('\\') ? character.slice(1) : character;
}

function literal(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
