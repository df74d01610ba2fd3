import { type ErrorThing, type PropPath } from '../../error-place';
import { ValidationError } from '../../validation-error';
import { type RepositoryFile } from '../file-tree';
import { type AllowedRange, type FoundSecret } from './found-secret';
import { isBinaryPrivateKey, privateKeysIn } from './private-key';
import { dotenvSecretsIn, secretByName } from './secret-files';
import { allowedByComments, secretlintFinds } from './secretlint';
import { tokensIn } from './token-patterns';

/** Something in a file that looks like a secret. */
export interface SecretInFile {
  /** What it is, in words that never hold the secret. */
  readonly kind: string;
  /** The line, from 1. */
  readonly line: number;
  /** The column, from 1. */
  readonly column: number;
}

/** What was found in a file. */
export interface SecretScan {
  /** What looks like a secret, from the first to the last line. */
  readonly secrets: readonly SecretInFile[];
  /** Texts that look like secrets too, and that a comment allows. */
  readonly allowed: readonly string[];
}

/** What is said of a secret that was found. */
export const NO_SECRETS =
  'no secret: what is in Git can be read by everybody who can read the repository. What only looks like one is allowed by secretlint-disable-line in a comment beside it';

const NOTHING: SecretScan = { secrets: [], allowed: [] };
const SHOWN = 5;

/**
 * What in a file looks like a secret: by secretlint's recommended rules, by the forms of keys and tokens that they do not
 * know, and by the names of files. What SOPS encrypted and placeholders that Flux fills in have none of these forms.
 *
 * @param allowed - texts that look like secrets and are none
 */
export function scanForSecrets(
  path: string,
  content: string | Uint8Array,
  allowed: readonly string[] = [],
): SecretScan {
  const bytes = typeof content === 'string' ? undefined : Buffer.from(content);
  if (bytes !== undefined && isBinaryPrivateKey(bytes)) {
    return { secrets: [{ kind: 'a private key', line: 1, column: 1 }], allowed: [] };
  }

  const text = bytes === undefined ? String(content) : textOf(bytes);
  const found = [...secretlintFinds(path, text), ...privateKeysIn(text), ...tokensIn(text)];
  found.push(...dotenvSecretsIn(path, text));
  const byName = secretByName(path);
  if (byName !== undefined && found.length === 0 && isReadable(text)) {
    found.push({ rule: 'file-name', kind: byName, start: 0, end: text.length });
  }

  return found.length === 0 ? NOTHING : judged(path, text, found, new Set(allowed.map(comparable)));
}

/**
 * Refuses files with what looks like a secret.
 *
 * @param at - the thing that brings the files
 * @param allowed - texts that look like secrets and are none
 * @param nameOf - a file as its author knows it
 * @throws ValidationError that names files, lines and kinds, and never the secret
 */
export function refuseSecrets(
  at: ErrorThing,
  prop: PropPath,
  files: Iterable<RepositoryFile>,
  allowed: readonly string[] = [],
  nameOf: (path: string) => string = (path) => path,
): void {
  const found = [...files].flatMap(({ path, content }) =>
    scanForSecrets(path, content, allowed).secrets.map(({ kind, line }) => `${nameOf(path)}:${line} (${kind})`),
  );
  if (found.length > 0) {
    const more = found.length > SHOWN ? ` and ${found.length - SHOWN} more` : '';
    throw new ValidationError({ at, prop, got: `${found.slice(0, SHOWN).join(', ')}${more}`, want: NO_SECRETS });
  }
}

/** Texts of Windows may be UTF-16; in all others the marks of secrets are ASCII. */
function textOf(bytes: Buffer): string {
  const isCompressed = bytes.subarray(0, 2).equals(Buffer.from([0x1f, 0x8b]));
  if (isCompressed) return '';
  return bytes.toString(bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf16le' : 'latin1');
}

/** A file that SOPS encrypted as a whole may keep its name, and an empty one holds nothing. */
function isReadable(text: string): boolean {
  return text.trim() !== '' && !/"?data"?\s*:\s*"ENC\[/.test(text) && !/^\s*\$\{\w+\}\s*$/.test(text);
}

function judged(path: string, text: string, found: readonly FoundSecret[], known: ReadonlySet<string>): SecretScan {
  const ranges = allowedByComments(path, text);
  const isAllowed = (secret: FoundSecret): boolean =>
    known.has(comparable(text.slice(secret.start, secret.end))) || ranges.some((range) => allows(range, secret));
  const secrets = found.filter((secret) => !isAllowed(secret)).sort((a, b) => a.start - b.start);
  const places = secrets.map(({ kind, start }) => {
    const before = text.slice(0, start).split('\n');
    return { kind, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
  });
  return {
    // Two rules may find the same.
    secrets: places.filter(({ line }, index) => line !== places[index - 1]?.line),
    allowed: found.filter(isAllowed).map(({ start, end }) => text.slice(start, end)),
  };
}

function allows({ rule, start, end }: AllowedRange, secret: FoundSecret): boolean {
  return (rule === '*' || rule === secret.rule) && start <= secret.start && secret.start <= end;
}

/** The same text may be written with other breaks and escapes. */
function comparable(text: string): string {
  return text.replaceAll(/\\[nr]|\s/g, '');
}
