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
  const name = object.metadata?.name ?? '';
  if (!isSopsEncrypted(object)) {
    throw new ValidationError({
      at,
      prop: where,
      got: `Secret ${name} in plain text`,
      want: 'a Secret encrypted by SOPS, or an ExternalSecret: what is in Git can be read by everybody who can read the repository',
    });
  }
  if (!decrypts) {
    throw new ValidationError({
      at,
      prop: where,
      got: `Secret ${name} encrypted by SOPS`,
      want: '`decryption` to be set: without it Flux applies the ciphertext and reports success',
    });
  }
}
