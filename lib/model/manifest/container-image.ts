import { type ErrorThing, type PropPath } from '../error-place';
import { ValidationError } from '../validation-error';
import { withoutCredential } from './url';

/** A registry, with or without port, and a path. */
const WITHOUT_TAG = /^([a-z0-9][a-zA-Z0-9.-]*(:[0-9]+)?\/)?[a-z0-9][a-z0-9._-]*(\/[a-z0-9][a-z0-9._-]*)*$/;
const TAG_AND_DIGEST = /(?::(\w[\w.-]{0,127}))?(?:@(sha256:[a-f0-9]{64}))?$/;

/**
 * Refuses what is not the name of an image, with or without tag and digest.
 *
 * @param at - the thing that has the image
 */
export function checkImage(at: ErrorThing, prop: PropPath, image: string | undefined): void {
  if (image !== undefined && !WITHOUT_TAG.test(image.replace(TAG_AND_DIGEST, ''))) {
    throw new ValidationError({ at, prop, got: image, want: 'an image such as ghcr.io/fluxcd/flux-cli:v2.9.4' });
  }
}

/**
 * Refuses what is not the name of an image without tag and digest, to which another setting adds them.
 *
 * @param at - the thing that has the image
 */
export function checkImageWithoutTag(at: ErrorThing, prop: PropPath, image: string | undefined): void {
  if (image !== undefined && !WITHOUT_TAG.test(image)) {
    throw new ValidationError({ at, prop, got: image, want: 'an image without tag, such as ghcr.io/fluxcd/flux-cli' });
  }
}

/** The parts of the name of an image. */
export function imageParts(image: string): { readonly name: string; readonly tag?: string; readonly digest?: string } {
  const [end = '', tag, digest] = TAG_AND_DIGEST.exec(image) ?? [];
  return { name: image.slice(0, image.length - end.length), tag, digest };
}

/** What a digest of an image is. */
export const WANTED_DIGEST = 'sha256: and 64 hexadecimal digits';

/**
 * Whether something is the digest of an image, as registries have it.
 *
 * @see https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests
 */
export function isDigest(digest: string): boolean {
  return /^(sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128})$/.test(digest);
}

/**
 * Refuses what cannot stand before the names of images: a registry, and a path in it.
 *
 * @param at - the thing that has the registry
 * @param registry - for example `ghcr.io/fluxcd`
 */
export function checkRegistry(at: ErrorThing, prop: PropPath, registry: string | undefined): void {
  if (registry !== undefined && !WITHOUT_TAG.test(`${registry}/image`)) {
    const want = 'a registry and a path without a scheme, such as ghcr.io/fluxcd';
    throw new ValidationError({ at, prop, got: withoutCredential(registry), want });
  }
}

/**
 * Refuses what is not the tag of an image.
 *
 * @param at - the thing that has the image
 */
export function checkImageTag(at: ErrorThing, prop: PropPath, tag: string | undefined): void {
  if (tag !== undefined && !/^\w[\w.-]{0,127}$/.test(tag)) {
    throw new ValidationError({ at, prop, got: tag, want: 'a tag of an image, such as v2.9.4' });
  }
}
