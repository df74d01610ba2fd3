const BLOCK = 512;

/**
 * The regular files of a tar archive by their paths. Links, devices and what describes the next entry are left out.
 *
 * @returns nothing when it ends within a file, or is no archive
 * @see https://www.gnu.org/software/tar/manual/html_node/Standard.html
 */
export function filesOfTar(archive: Uint8Array): ReadonlyMap<string, Uint8Array> | undefined {
  const files = new Map<string, Uint8Array>();
  for (let offset = 0; offset + BLOCK <= archive.length && archive[offset] !== 0;) {
    const header = archive.subarray(offset, offset + BLOCK);
    const size = parseInt(text(header, 124, 12), 8);
    const begin = offset + BLOCK;
    if (text(header, 257, 5) !== 'ustar' || !(size >= 0) || begin + size > archive.length) return undefined;
    const type = text(header, 156, 1);
    if (type === '' || type === '0') {
      const prefix = text(header, 345, 155);
      const name = text(header, 0, 100);
      files.set(prefix === '' ? name : `${prefix}/${name}`, archive.subarray(begin, begin + size));
    }
    offset = begin + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}

function text(header: Uint8Array, start: number, length: number): string {
  const field = Buffer.from(header.subarray(start, start + length)).toString('latin1');
  const end = field.indexOf('\0');
  return (end === -1 ? field : field.slice(0, end)).trim();
}
