import { renameSync, rmSync, writeFileSync } from 'node:fs';

/**
 * Writes a file beside its place and then puts it there, so that nobody finds half of it, also when the disk is full.
 *
 * @param mode - its permissions, as far as the umask allows them
 */
export function writeWholeFile(path: string, content: string | Uint8Array, mode = 0o644): void {
  const beside = `${path}.new`;
  try {
    writeFileSync(beside, content, { mode });
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}
