const WORDS: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: 'want one YAML document',
  TAB_AS_INDENT: 'want spaces in front, and no tab: YAML takes none',
  BAD_INDENT: 'want as many spaces in front as the lines have that belong to the same map or list',
  BLOCK_AS_IMPLICIT_KEY:
    'want the same number of spaces in front of all keys of a map, and quotes around a value that holds ": "',
  MULTILINE_IMPLICIT_KEY: 'want ":" and a space after the key',
  MISSING_CHAR: 'want ":" and a space after the key, and an end of each quotation, list and map',
};

/** What is wrong with a text as YAML, for people who do not know its grammar. */
export function yamlErrorText({ code, message }: { readonly code: string; readonly message: string }): string {
  const [, bracket] = /must be sufficiently indented and end with a ([\]}])/.exec(message) ?? [];
  if (bracket !== undefined) {
    return `want a "${bracket}" that ends the ${bracket === ']' ? 'list' : 'map'}, no farther left than what it belongs to`;
  }

  return WORDS[code] ?? firstLine(message);
}

function firstLine(message: string): string {
  return message.split('\n')[0]?.replace(/:$/, '') ?? message;
}
