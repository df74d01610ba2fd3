import { createRequire } from 'node:module';

import { type AllowedRange, type FoundSecret, isPlaceholder } from './found-secret';

type Range = readonly [number, number];

interface Position {
  readonly line: number;
  readonly column: number;
}

/** The part of secretlint's context that rules use. */
interface RuleContext {
  createTranslator(messages: unknown): (messageId: string) => { readonly message: string; readonly messageId: string };
  report(found: { readonly range: Range }): void;
  ignore(found: { readonly range: Range; readonly targetRuleId: string }): void;
}

/** A text as secretlint's rules see it. */
interface RuleSource {
  readonly content: string;
  readonly filePath: string;
  readonly ext: string;
  indexToPosition(index: number): Position;
  locationToRange(location: { readonly start: Position; readonly end: Position }): Range;
}

interface Rule {
  readonly meta: { readonly id: string };
  create(context: RuleContext, options: object): { file(source: RuleSource): unknown };
}

/**
 * Kinds by rule. The rule for keys of Google accounts is left out: it reads files itself, and a key within JSON is found
 * as any other.
 */
const KINDS: Readonly<Record<string, string>> = {
  '@secretlint/secretlint-rule-aws': 'an AWS secret access key',
  '@secretlint/secretlint-rule-privatekey': 'a private key',
  '@secretlint/secretlint-rule-npm': 'an npm token',
  '@secretlint/secretlint-rule-basicauth': 'an address with a password',
  '@secretlint/secretlint-rule-slack': 'a Slack token',
  '@secretlint/secretlint-rule-sendgrid': 'a SendGrid key',
  '@secretlint/secretlint-rule-shopify': 'a Shopify key',
  '@secretlint/secretlint-rule-github': 'a GitHub token',
  '@secretlint/secretlint-rule-openai': 'an OpenAI key',
  '@secretlint/secretlint-rule-anthropic': 'an Anthropic key',
  '@secretlint/secretlint-rule-linear': 'a Linear key',
  '@secretlint/secretlint-rule-1password': 'a 1Password token',
  '@secretlint/secretlint-rule-database-connection-string': "a database's address with a password",
};
const COMMENTS = '@secretlint/secretlint-rule-filter-comments';
/** What they find are addresses, whose hosts may be examples though the passwords are none. */
const ADDRESSES = /basicauth|database/;

/** 6 ms to load, paid with the first file. */
const load = createRequire(__filename);
let preset: readonly Rule[] | undefined;

/**
 * What secretlint's recommended rules find in a text. They are called without secretlint's engine, because that is
 * asynchronous, and values are checked when they are made.
 *
 * @param path - path of the file
 * @param content - the text
 * @see https://github.com/secretlint/secretlint/tree/master/packages/%40secretlint/secretlint-rule-preset-recommend
 */
export function secretlintFinds(path: string, content: string): readonly FoundSecret[] {
  return rules().flatMap((rule) => {
    const kind = KINDS[rule.meta.id];
    const found = kind === undefined ? [] : apply(rule, path, content).reported;
    return found.flatMap(([start, end]): readonly FoundSecret[] =>
      !ADDRESSES.test(rule.meta.id) && isPlaceholder(content.slice(start, end))
        ? []
        : [{ rule: rule.meta.id, kind: kind ?? '', start, end }],
    );
  });
}

/**
 * Where comments such as `secretlint-disable-line` allow what looks like a secret.
 *
 * @param path - path of the file
 * @param content - the text
 * @see https://github.com/secretlint/secretlint/blob/master/packages/%40secretlint/secretlint-rule-filter-comments/README.md
 */
export function allowedByComments(path: string, content: string): readonly AllowedRange[] {
  return rules()
    .filter(({ meta }) => meta.id === COMMENTS)
    .flatMap((rule) => apply(rule, path, content).ignored);
}

function rules(): readonly Rule[] {
  preset ??= (load('@secretlint/secretlint-rule-preset-recommend') as { readonly rules: readonly Rule[] }).rules;
  return preset;
}

function apply(
  rule: Rule,
  path: string,
  content: string,
): { readonly reported: readonly Range[]; readonly ignored: readonly AllowedRange[] } {
  const reported: Range[] = [];
  const ignored: AllowedRange[] = [];
  const context: RuleContext = {
    createTranslator: () => (messageId) => ({ message: '', messageId }),
    report: ({ range }) => reported.push(range),
    ignore: ({ range: [start, end], targetRuleId }) => ignored.push({ rule: targetRuleId, start, end }),
  };
  rule.create(context, {}).file(sourceOf(path, content));
  return { reported, ignored };
}

function sourceOf(filePath: string, content: string): RuleSource {
  const startOf = (line: number): number => {
    let start = 0;
    for (let each = 1; each < line; each++) {
      const end = content.indexOf('\n', start);
      if (end === -1) {
        return content.length + 1;
      }
      start = end + 1;
    }
    return start;
  };
  return {
    content,
    filePath,
    ext: '',
    indexToPosition: (index) => {
      const before = content.slice(0, index).split('\n');
      return { line: before.length, column: before.at(-1)?.length ?? 0 };
    },
    locationToRange: ({ start, end }) => [startOf(start.line) + start.column, startOf(end.line) + end.column],
  };
}
