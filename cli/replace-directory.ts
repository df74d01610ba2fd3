import { mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Writes a directory beside its place and then exchanges the two, so that nobody sees half of it. What was there is back
 * when that fails.
 *
 * @param target - the directory
 * @param write - writes what it shall hold into another one
 */
export function replaceDirectory(target: string, write: (directory: string) => void): void {
  mkdirSync(dirname(target), { recursive: true });
  const workspace = mkdtempSync(join(dirname(target), `.${basename(target)}-`));
  try {
    const [fresh, old] = [join(workspace, 'new'), join(workspace, 'old')];
    mkdirSync(fresh);
    write(fresh);
    exchange(target, fresh, old);
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}

function exchange(target: string, fresh: string, old: string): void {
  const exists = statSync(target, { throwIfNoEntry: false }) !== undefined;
  if (exists) {
    renameSync(target, old);
  }
  try {
    renameSync(fresh, target);
  } catch (error) {
    if (exists) {
      renameSync(old, target);
    }
    throw error;
  }
}
