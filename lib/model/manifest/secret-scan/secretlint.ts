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
 * Kinds by rule, and texts of which one is in everything that the rule finds: looking for them costs a fraction of the
 * rule. The rule for keys of Google accounts is left out: it reads files itself, and a key within JSON is found as any
 * other.
 */
const RULES: Readonly<Record<string, { readonly kind: string; readonly marks: readonly string[] }>> = {
  '@secretlint/secretlint-rule-aws': { kind: 'an AWS secret access key', marks: ['ccess', 'CCESS'] },
  '@secretlint/secretlint-rule-privatekey': { kind: 'a private key', marks: ['PRIVATE KEY'] },
  '@secretlint/secretlint-rule-npm': { kind: 'an npm token', marks: ['npm_', '_authToken', 'x-oauth-basic'] },
  '@secretlint/secretlint-rule-basicauth': { kind: 'an address with a password', marks: ['@'] },
  '@secretlint/secretlint-rule-slack': { kind: 'a Slack token', marks: ['xox', 'xapp', 'slack', 'SLACK'] },
  '@secretlint/secretlint-rule-sendgrid': { kind: 'a SendGrid key', marks: ['SG.'] },
  '@secretlint/secretlint-rule-shopify': { kind: 'a Shopify key', marks: ['shp'] },
  '@secretlint/secretlint-rule-github': { kind: 'a GitHub token', marks: ['gh', 'github_pat'] },
  '@secretlint/secretlint-rule-openai': { kind: 'an OpenAI key', marks: ['T3BlbkFJ'] },
  '@secretlint/secretlint-rule-anthropic': { kind: 'an Anthropic key', marks: ['sk-ant-'] },
  '@secretlint/secretlint-rule-linear': { kind: 'a Linear key', marks: ['lin_api_'] },
  '@secretlint/secretlint-rule-1password': { kind: 'a 1Password token', marks: ['ops_'] },
  '@secretlint/secretlint-rule-database-connection-string': {
    kind: "a database's address with a password",
    marks: ['@'],
  },
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
 * @see https://github.com/secretlint/secretlint/tree/master/packages/%40secretlint/secretlint-rule-preset-recommend
 */
export function secretlintFinds(path: string, content: string): readonly FoundSecret[] {
  return rules().flatMap((rule) => {
    const known = RULES[rule.meta.id];
    const found = known?.marks.some((mark) => content.includes(mark)) ? apply(rule, path, content).reported : [];
    return found.flatMap(([start, end]): readonly FoundSecret[] =>
      !ADDRESSES.test(rule.meta.id) && isPlaceholder(content.slice(start, end))
        ? []
        : [{ rule: rule.meta.id, kind: known?.kind ?? '', start, end }],
    );
  });
}

/**
 * Where comments such as `secretlint-disable-line` allow what looks like a secret.
 *
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
      if (end === -1) return content.length + 1;
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
