import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Another number makes everything that was remembered before worthless: the engine makes something else of the same. */
const GENERATION = 1;

/**
 * What was built before, by its input, below the user's cache directory.
 *
 * Nothing here may fail: without a directory that can be written everything is built anew. Several processes may use one
 * directory, because an entry is written beside its place and then renamed.
 */
export class BuildCache {
  /** How many entries were found since. */
  public hits = 0;

  /** @param directory - the directory; undefined to remember nothing */
  constructor(public readonly directory: string | undefined) {}

  /**
   * The key of an entry.
   *
   * @param input - everything that the entry depends on, as plain data
   */
  public keyOf(input: readonly unknown[]): string {
    return createHash('sha256')
      .update(JSON.stringify([GENERATION, ...input]))
      .digest('hex');
  }

  /** An entry; undefined when there is none. */
  public read(key: string): unknown {
    const file = this.fileOf(key);
    if (file === undefined) return undefined;
    try {
      const text = readFileSync(file, 'utf8');
      const entry: unknown = text.includes(LARGE_INTEGER) ? JSON.parse(text, revived) : JSON.parse(text);
      this.hits += 1;
      touch(file);
      return entry;
    } catch {
      return undefined;
    }
  }

  /** Remembers an entry. */
  public write(key: string, entry: unknown): void {
    const file = this.fileOf(key);
    if (file === undefined) return;
    const beside = `${file}.${randomUUID()}`;
    try {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      writeFileSync(beside, JSON.stringify(entry, written), { mode: 0o600 });
      renameSync(beside, file);
    } catch {
      removed(beside);
    }
  }

  private fileOf(key: string): string | undefined {
    return this.directory === undefined ? undefined : join(this.directory, key.slice(0, 2), `${key.slice(2)}.json`);
  }
}

function removed(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // Its directory is none.
  }
}

const LARGE_INTEGER = '\\u0000integer ';
const PREFIX = '\u0000integer ';

function written(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${PREFIX}${value}` : value;
}

function revived(_: string, value: unknown): unknown {
  return typeof value === 'string' && value.startsWith(PREFIX) ? BigInt(value.slice(PREFIX.length)) : value;
}

/** What is used stays. */
function touch(file: string): void {
  const now = new Date();
  utimesSync(file, now, now);
}
