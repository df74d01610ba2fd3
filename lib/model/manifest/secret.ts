import { type ErrorPlace } from '../error-place';
import { ValidationError } from '../validation-error';
import { type Fields, isFields } from './fields';
import { type KubernetesObject } from './kubernetes-object';

/**
 * Refuses a Secret whose values could be read in Git, and one that nothing would decrypt.
 *
 * @param decrypts - whether what applies the object decrypts it
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
 * What can be read of a Secret in Git. SOPS leaves empty values as they are; a placeholder is no secret, because Flux puts
 * the value there on the cluster; and a certificate is for everybody.
 *
 * @see https://fluxcd.io/flux/guides/mozilla-sops/
 * @see https://github.com/getsops/sops/blob/main/aes/cipher.go (isEmpty)
 */
export function secretState(object: Partial<KubernetesObject>): SecretState {
  const { sops, data, stringData } = object as Fields;
  const values = [...(isFields(data) ? Object.entries(data).map(decoded) : []), ...plainValues(stringData)];
  const readable = values.filter(({ text }) => !isEmptyValue(text) && !isFilledByFlux(text) && !isCertificates(text));
  if (readable.length === 0) return 'nothing';
  const hasCode = isFields(sops) && 'mac' in sops;
  const isCiphertext = ({ text, isGenerated }: Value): boolean =>
    String(text).startsWith('ENC[') ? hasCode || isGenerated : isGenerated && isSopsFile(String(text));
  return readable.every(isCiphertext) ? 'encrypted' : 'plain';
}

interface Value {
  readonly text: unknown;
  /** Whether a generator has put a file there, which SOPS may have encrypted as a whole. */
  readonly isGenerated: boolean;
}

function plainValues(map: unknown): readonly Value[] {
  return isFields(map) ? Object.values(map).map((text) => ({ text, isGenerated: false })) : [];
}

function decoded([key, value]: readonly [string, unknown]): Value {
  const isBase64 = typeof value === 'string' && value.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(value);
  if (!isBase64) return { text: value, isGenerated: false };
  const text = Buffer.from(value, 'base64').toString('utf8');
  // Beside the values of a dotenv file, SOPS writes its own.
  return { text: key.startsWith('sops_') ? '' : text, isGenerated: true };
}

/** Of the public parts alone: a key beside them is secret. */
function isCertificates(value: unknown): boolean {
  const rest = String(value).replaceAll(/-----BEGIN (CERTIFICATE|PUBLIC KEY)-----[^-]*-----END \1-----/g, '');
  return rest !== value && rest.trim() === '';
}

function isEmptyValue(value: unknown): boolean {
  return value === '' || value === null || value === undefined;
}

/**
 * Whether a value is a placeholder that Flux fills in, such as `${PASSWORD}`, or has one where an address or a
 * configuration has its secret. A default is a value that can be read.
 *
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution
 */
export function isFilledByFlux(value: unknown): boolean {
  if (typeof value !== 'string' || /\$\{\w+(:?[-=]|:\+)[^}]/.test(value)) return false;
  const rest = value.replaceAll(/\$\{[A-Za-z_]\w*[^{}]*\}/g, '');
  return rest !== value && (rest.trim() === '' || /[:=@{[\n]/.test(rest));
}

/**
 * Refuses a file of secret values that could be read in Git, and one that nothing would decrypt.
 *
 * @param decrypts - whether what reads the file decrypts it
 */
export function checkSecretFile(
  place: ErrorPlace,
  path: string,
  content: string | Uint8Array,
  decrypts: boolean,
): void {
  checkEncryption(place, path, fileState(content), decrypts);
}

/** Whether a file is encrypted by SOPS: in each of its formats it has a message authentication code. */
export function isSopsFile(content: string | Uint8Array): boolean {
  return typeof content === 'string' && /mac["']?\s*[:=]\s*["']?ENC\[/.test(content);
}

function fileState(content: string | Uint8Array): SecretState {
  if (isSopsFile(content)) return 'encrypted';
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
