import { createPrivateKey } from 'node:crypto';

import { type FoundSecret } from './found-secret';

const LABEL = String.raw`(?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?`;
/** From one mark to the other, or as much as there is of a key that was cut off. Ends of lines may be escaped, as in JSON. */
const PEM = new RegExp(`-----BEGIN ${LABEL}-----(.*?)(?:-----END ${LABEL}-----|(?=-----BEGIN )|$)`, 'gs');
/** What stands between the marks beside the key itself: headers of OpenSSL and PGP. */
const HEADER = /^[A-Za-z-]+: .*$/;
/** `-----BEGIN` in base64, as in the values of a Secret or a kubeconfig. */
const ENCODED_PEM = /LS0tLS1CRUdJTi[A-Za-z0-9+/]{20,}={0,2}/g;
const PUTTY = /^PuTTY-User-Key-File-\d+: /gm;
/** The longest line of a key that stands between two marks, and of one whose end is missing. */
const SHORTEST = 24;
const SHORTEST_CUT_OFF = 48;

/**
 * The private keys in a text: PEM in whatever frame, also encrypted by a password, in base64 once more, and PuTTY's.
 *
 * Secretlint finds only those whose content begins like a well-known kind.
 */
export function privateKeysIn(content: string): readonly FoundSecret[] {
  const found = (match: RegExpMatchArray): FoundSecret => {
    const start = match.index ?? 0;
    return { rule: 'private-key', kind: 'a private key', start, end: start + match[0].length };
  };
  return [
    ...[...content.matchAll(PEM)].filter(([, body = '']) => isKey(body)).map(found),
    ...[...content.matchAll(ENCODED_PEM)]
      .filter(([text]) => privateKeysIn(Buffer.from(text, 'base64').toString('latin1')).length > 0)
      .map(found),
    ...[...content.matchAll(PUTTY)].map(found),
  ];
}

/** Not words, dots or a placeholder where the key would be. */
function isKey(body: string): boolean {
  const lines = body.replaceAll(/\\r|\\n/g, '\n').split(/[\n\r]+/);
  const words = lines
    .map((line) => line.replace(/^[\s#*;>|"']+|[\s"',]+$/g, ''))
    .filter((line) => !HEADER.test(line))
    .flatMap((line) => line.split(/\s+/))
    .filter((word) => word !== '');
  const end = words.findIndex((word) => !/^[A-Za-z0-9+/]*={0,2}$|^=[A-Za-z0-9+/]{4}$/.test(word));
  const key = end === -1 ? words : words.slice(0, end);
  const longest = Math.max(0, ...key.map(({ length }) => length));
  return longest >= (end === -1 ? SHORTEST : SHORTEST_CUT_OFF) && new Set(key.join('')).size > 8;
}

/** The mark of a key in a PKCS #12 file: the object identifier of pkcs8ShroudedKeyBag. Stores of certificates have none. */
const KEY_BAG = Buffer.from('060b2a864886f70d010c0a0102', 'hex');
const JAVA_KEY_STORE = Buffer.from('feedfeed', 'hex');
/** Keys are small: what is longer is not parsed. */
const LONGEST_KEY = 20_000;

/**
 * Whether bytes are a private key, or a store with one: DER, PKCS #12 or Java's.
 *
 * @param bytes - content of a file that is no text
 */
export function isBinaryPrivateKey(bytes: Buffer): boolean {
  if (bytes.subarray(0, 4).equals(JAVA_KEY_STORE)) {
    // Version, number of entries, then the kind of the first one: 1 is a private key.
    return bytes.length > 16 && bytes.readUInt32BE(12) === 1;
  }
  // A sequence of ASN.1.
  if (bytes[0] !== 0x30 || bytes.length < 40) return false;
  if (bytes.includes(KEY_BAG)) return true;
  return bytes.length <= LONGEST_KEY && (['pkcs8', 'pkcs1', 'sec1'] as const).some((type) => isDer(bytes, type));
}

function isDer(key: Buffer, type: 'pkcs8' | 'pkcs1' | 'sec1'): boolean {
  try {
    return createPrivateKey({ key, format: 'der', type }).type === 'private';
  } catch {
    return false;
  }
}
