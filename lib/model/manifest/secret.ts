import { type ErrorPlace } from '../error-place';
import { ValidationError } from '../validation-error';
import { type KubernetesObject } from './kubernetes-object';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Refuses a Secret whose values could be read in Git, and one that nothing would decrypt.
 *
 * @param place - where it stands
 * @param object - a parsed document
 * @param decrypts - whether what applies the object decrypts it
 * @throws ValidationError
 */
export function checkSecret(place: ErrorPlace, object: Partial<KubernetesObject>, decrypts: boolean): void {
  if (object.kind === 'Secret') {
    const what = `Secret ${object.metadata?.name ?? ''}`;
    checkEncryption(place, what, secretState(object), decrypts);
  }
}

/** What can be read of a Secret in Git: nothing, ciphertext of SOPS, or its values. */
export type SecretState = 'nothing' | 'encrypted' | 'plain';

/**
 * What can be read of a Secret in Git. SOPS leaves empty values as they are, and a placeholder is no secret: Flux puts
 * the value there on the cluster.
 *
 * @param object - a Secret
 * @see https://fluxcd.io/flux/guides/mozilla-sops/
 * @see https://github.com/getsops/sops/blob/main/aes/cipher.go (isEmpty)
 */
export function secretState(object: Partial<KubernetesObject>): SecretState {
  const { sops, data, stringData } = object as Fields;
  const values = [data, stringData].flatMap((map): unknown[] => (isMap(map) ? Object.values(map) : []));
  const readable = values.filter((value) => !isEmptyValue(value) && !isFilledByFlux(value));
  if (readable.length === 0) {
    return 'nothing';
  }
  const isEncrypted = isMap(sops) && 'mac' in sops && readable.every((value) => String(value).startsWith('ENC['));
  return isEncrypted ? 'encrypted' : 'plain';
}

function isEmptyValue(value: unknown): boolean {
  return value === '' || value === null || value === undefined;
}

/**
 * Whether a value is a placeholder that Flux fills in, such as `${PASSWORD}`, or has one where an address or a
 * configuration has its secret. A default is a value that can be read.
 *
 * @param value - a value of a Secret
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution
 */
export function isFilledByFlux(value: unknown): boolean {
  if (typeof value !== 'string' || /\$\{\w+(:?[-=]|:\+)[^}]/.test(value)) {
    return false;
  }
  const rest = value.replaceAll(/\$\{[A-Za-z_]\w*[^{}]*\}/g, '');
  return rest !== value && (rest.trim() === '' || /[:=@{[\n]/.test(rest));
}

function isMap(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Refuses a file of secret values that could be read in Git, and one that nothing would decrypt.
 *
 * @param place - where it is named
 * @param path - path of the file
 * @param content - its content
 * @param decrypts - whether what reads the file decrypts it
 * @throws ValidationError
 */
export function checkSecretFile(
  place: ErrorPlace,
  path: string,
  content: string | Uint8Array,
  decrypts: boolean,
): void {
  checkEncryption(place, path, fileState(content), decrypts);
}

/**
 * Whether a file is encrypted by SOPS: in each of its formats it has a message authentication code.
 *
 * @param content - content of the file
 */
export function isSopsFile(content: string | Uint8Array): boolean {
  return typeof content === 'string' && /mac["']?\s*[:=]\s*["']?ENC\[/.test(content);
}

function fileState(content: string | Uint8Array): SecretState {
  if (isSopsFile(content)) {
    return 'encrypted';
  }
  return typeof content === 'string' && (content.trim() === '' || isFilledByFlux(content)) ? 'nothing' : 'plain';
}

function checkEncryption(place: ErrorPlace, what: string, state: SecretState, decrypts: boolean): void {
  if (state === 'plain') {
    throw new ValidationError({
      ...place,
      got: `${what} in plain text`,
      want: 'a Secret encrypted by SOPS, or an ExternalSecret: what is in Git can be read by everybody who can read the repository',
    });
  }
  if (state === 'encrypted' && !decrypts) {
    throw new ValidationError({
      ...place,
      got: `${what} encrypted by SOPS`,
      want: '`decryption` to be set: without it Flux applies the ciphertext and reports success',
    });
  }
}
