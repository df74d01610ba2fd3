import { mkdirSync, mkdtempSync, readdirSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Writes a directory beside its place and then exchanges the two, so that nobody sees half of it. What was there is back
 * when that fails. A link to a directory stays a link, and a shell that is in the directory stays there.
 *
 * @param write - writes what it shall hold into another one
 */
export function replaceDirectory(target: string, write: (directory: string) => void): void {
  const exists = statSync(target, { throwIfNoEntry: false }) !== undefined;
  const place = exists ? realpathSync(target) : target;
  const stays = exists && place === realpathSync(process.cwd());
  mkdirSync(dirname(place), { recursive: true });
  const workspace = mkdtempSync(stays ? join(place, '.gitlab-flux-') : join(dirname(place), `.${basename(place)}-`));
  try {
    const [fresh, old] = [join(workspace, 'new'), join(workspace, 'old')];
    mkdirSync(fresh);
    write(fresh);
    if (stays) {
      mkdirSync(old);
      const before = readdirSync(place).filter((name) => name !== basename(workspace));
      moveAll([...before.map((name) => [join(place, name), join(old, name)] as const), ...into(fresh, place)]);
    } else moveAll([...(exists ? [[place, old] as const] : []), [fresh, place]]);
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}

type Move = readonly [from: string, to: string];

function into(from: string, to: string): readonly Move[] {
  return readdirSync(from).map((name) => [join(from, name), join(to, name)]);
}

function moveAll(moves: readonly Move[]): void {
  const done: Move[] = [];
  try {
    for (const [from, to] of moves) {
      renameSync(from, to);
      done.unshift([from, to]);
    }
  } catch (error) {
    done.forEach(([from, to]) => renameSync(to, from));
    throw error;
  }
}
