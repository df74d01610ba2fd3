import { posix } from 'node:path';

import { type FoundSecret, isPlaceholder } from './found-secret';

/** Files that hold nothing but secrets, by the names that programs give them. */
const NAMES: readonly (readonly [RegExp, string])[] = [
  [/^id_(rsa|dsa|ecdsa|ed25519)(_sk)?$/, 'a private key of SSH'],
  [/^[._]netrc$/, 'a file of passwords'],
  [/^\.(pgpass|git-credentials)$/, 'a file of passwords'],
  [/\.kdbx$/, 'a file of passwords'],
];

/** `.env` and its variants, but for those that show what belongs there. */
const DOTENV = /^(\.env(\..+)?|.+\.env|\.envrc)$/;
const DOTENV_EXAMPLE = /\.(example|sample|template|tmpl|dist)$|^example\./;
const ASSIGNMENT = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*=[ \t]*(.*)$/gm;
const SECRET_NAME =
  /(PASSWORD|PASSWD|PASSPHRASE|_PASS|_PWD|SECRET|TOKEN|API_?KEY|(PRIVATE|ACCESS|SECRET|ENCRYPTION|SIGNING|AUTH)_?KEY|CREDENTIALS?)$/i;
/** Switches, paths and references are no secrets. */
const HARMLESS = /^(true|false|yes|no|on|off|none|null|\d{0,3}|[./~].*|[a-z][a-z0-9+]*:\/\/.*|ENC\[.*)$/i;

/**
 * What a file holds by its name.
 *
 * @returns words for it; undefined when the name says nothing
 */
export function secretByName(path: string): string | undefined {
  return NAMES.find(([pattern]) => pattern.test(posix.basename(path)))?.[1];
}

/**
 * The secrets in a file of environment variables: values of variables that are named like one. In other files such a
 * name says little.
 */
export function dotenvSecretsIn(path: string, content: string): readonly FoundSecret[] {
  const name = posix.basename(path);
  if (!DOTENV.test(name) || DOTENV_EXAMPLE.test(name)) return [];
  return [...content.matchAll(ASSIGNMENT)].flatMap((match) => {
    const [all, variable = '', given = ''] = match;
    const value = given
      .replace(/\s+#.*$/, '')
      .trim()
      .replace(/^(["'])(.*)\1$/, '$2');
    if (!SECRET_NAME.test(variable) || HARMLESS.test(value) || isPlaceholder(value)) return [];
    const start = match.index;
    return [{ rule: 'dotenv', kind: 'a secret among environment variables', start, end: start + all.length }];
  });
}
