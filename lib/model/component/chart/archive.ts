import { crc32 } from 'node:zlib';

import { type RepositoryFile } from '../../manifest/file-tree';
import { ValidationError } from '../../validation-error';

/** Size of a block of tar. */
const BLOCK = 512;
/** A block of gzip that is not compressed holds no more. */
const STORED = 0xffff;

/**
 * A `.tgz` that depends on nothing but paths and contents: no time, no owner, no mode of the machine, and the files in
 * the given order.
 *
 * It is not compressed, because different versions of a compressor make different bytes of the same content. Git
 * compresses what it stores.
 *
 * Written here and not by a library: those for tar are asynchronous, and a component is a value that is complete when
 * it has been made.
 *
 * @throws ValidationError when a path is longer than tar can say
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html (ustar Interchange Format)
 * @see https://www.rfc-editor.org/rfc/rfc1952
 */
export function reproducibleArchive(at: string, files: Iterable<RepositoryFile>): Uint8Array {
  const blocks = [...files].flatMap(({ path, content }) => {
    const bytes = Buffer.from(content);
    return [headerOf(at, path, bytes.length), bytes, Buffer.alloc(-bytes.length & (BLOCK - 1))];
  });
  return gzipOf(Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]));
}

function headerOf(at: string, path: string, size: number): Buffer {
  const { prefix, name } = splitPath(at, path);
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, '0')}\0`;
  header.write(name, 0);
  header.write(octal(0o644, 7), 100);
  header.write(octal(0, 7), 108);
  header.write(octal(0, 7), 116);
  header.write(octal(size, 11), 124);
  header.write(octal(0, 11), 136);
  // The sum is made with blanks in its own place.
  header.fill(' ', 148, 156);
  header.write('0', 156);
  header.write('ustar\x0000', 257);
  header.write(prefix, 345);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)} `, 148);
  return header;
}

/** A path of more than 100 bytes goes into two fields, of 155 and 100 bytes. */
function splitPath(at: string, path: string): { readonly prefix: string; readonly name: string } {
  const fits = (text: string, bytes: number): boolean => Buffer.byteLength(text) <= bytes;
  if (fits(path, 100)) return { prefix: '', name: path };
  for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) {
    const [prefix, name] = [path.slice(0, slash), path.slice(slash + 1)];
    if (fits(prefix, 155) && fits(name, 100)) return { prefix, name };
  }
  throw new ValidationError({ at, prop: 'path', got: path, want: 'a shorter path, which fits into an archive' });
}

/** Method deflate, no flags, no time, unknown system: nothing that differs between machines. */
const GZIP_HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);

function gzipOf(content: Buffer): Buffer {
  const blocks: Buffer[] = [];
  for (let start = 0; start < content.length; start += STORED) {
    const part = content.subarray(start, start + STORED);
    const header = Buffer.alloc(5);
    header.writeUInt8(start + STORED >= content.length ? 1 : 0, 0);
    header.writeUInt16LE(part.length, 1);
    header.writeUInt16LE(~part.length & 0xffff, 3);
    blocks.push(header, part);
  }
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(content), 0);
  trailer.writeUInt32LE(content.length % 2 ** 32, 4);
  return Buffer.concat([GZIP_HEADER, ...blocks, trailer]);
}
