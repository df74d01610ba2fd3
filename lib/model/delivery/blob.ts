import { createHash } from 'node:crypto';

/**
 * The name that Git gives to a content: the SHA-1 of a blob. GitLab lists it for every file of a tree, so a file can be
 * compared with a branch without its content being fetched.
 *
 * @param content - text, taken as UTF-8, or bytes
 */
export function gitBlobId(content: string | Uint8Array): string {
  const size = typeof content === 'string' ? Buffer.byteLength(content) : content.byteLength;
  return createHash('sha1').update(`blob ${size}\0`).update(content).digest('hex');
}
