import { ValidationError } from '../validation-error';
import { type KubernetesObject } from './kubernetes-object';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Whether an object is encrypted by SOPS: it has SOPS's metadata with a message authentication code, and every value of
 * `data` and `stringData` is ciphertext.
 *
 * @param object - a parsed document
 * @see https://fluxcd.io/flux/guides/mozilla-sops/
 */
function isSopsEncrypted(object: Partial<KubernetesObject>): boolean {
  const { sops, data, stringData } = object as Fields;
  if (typeof sops !== 'object' || sops === null || !('mac' in sops)) {
    return false;
  }
  const values = [data, stringData].flatMap((map): unknown[] => (map ? Object.values(map) : []));
  return values.every((value) => typeof value === 'string' && value.startsWith('ENC['));
}

/**
 * Refuses a Secret whose values could be read in Git, and one that nothing would decrypt.
 *
 * @param at - the thing that brings the object
 * @param where - the object's file, for the message
 * @param object - a parsed document
 * @param decrypts - whether what applies the object decrypts it
 * @throws ValidationError
 */
export function checkSecret(at: string, where: string, object: Partial<KubernetesObject>, decrypts: boolean): void {
  if (object.kind !== 'Secret') {
    return;
  }
  const { data, stringData } = object as Fields;
  const isEmpty = [data, stringData].every((map) => !map || Object.keys(map).length === 0);
  if (isEmpty) {
    return;
  }
  checkEncryption(at, where, `Secret ${object.metadata?.name ?? ''}`, isSopsEncrypted(object), decrypts);
}

/**
 * Refuses a file of secret values that could be read in Git, and one that nothing would decrypt.
 *
 * @param at - the thing that brings the file
 * @param where - what names the file, for the message
 * @param path - path of the file
 * @param content - its content
 * @param decrypts - whether what reads the file decrypts it
 * @throws ValidationError
 */
export function checkSecretFile(
  at: string,
  where: string,
  path: string,
  content: string | Uint8Array,
  decrypts: boolean,
): void {
  checkEncryption(at, where, path, isSopsFile(content), decrypts);
}

/**
 * Whether a file is encrypted by SOPS: in each of its formats it has a message authentication code.
 *
 * @param content - content of the file
 */
export function isSopsFile(content: string | Uint8Array): boolean {
  return typeof content === 'string' && /mac["']?\s*[:=]\s*["']?ENC\[/.test(content);
}

function checkEncryption(at: string, prop: string, what: string, isEncrypted: boolean, decrypts: boolean): void {
  if (!isEncrypted) {
    throw new ValidationError({
      at,
      prop,
      got: `${what} in plain text`,
      want: 'a Secret encrypted by SOPS, or an ExternalSecret: what is in Git can be read by everybody who can read the repository',
    });
  }
  if (!decrypts) {
    throw new ValidationError({
      at,
      prop,
      got: `${what} encrypted by SOPS`,
      want: '`decryption` to be set: without it Flux applies the ciphertext and reports success',
    });
  }
}
