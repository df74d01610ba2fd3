import { isFields } from '../manifest/fields';
import { ValidationError } from '../validation-error';

/** One file that a stack wrote. */
export interface InventoryFile {
  /** Git blob of the content that was written. */
  readonly blob: string;
  /**
   * How the file was written: a seed belongs to others once it exists.
   *
   * @default 'managed'
   */
  readonly policy?: 'managed' | 'seed';
}

/** What one stack wrote to a branch. It lies in Git next to the files and changes in the same commits. */
export interface Inventory {
  /** Name of the stack. */
  readonly name: string;
  /**
   * Who writes it. Another program whose stack has the same name is another owner.
   *
   * @default - nobody said
   */
  readonly owner?: string;
  /**
   * The commit that others made or lost, and with it what the stack wrote, and that a later push knew of.
   *
   * @default - only pushes of the stack changed it
   */
  readonly accepted?: string;
  /** The files by path. */
  readonly files: ReadonlyMap<string, InventoryFile>;
}

const version = 1;

/**
 * Where the inventory of a stack lies in the repository.
 *
 * @param at - the thing that has the name, for messages
 * @throws ValidationError when the name cannot be a file name
 */
export function inventoryPath(name: string, at = 'inventory', prop = 'name'): string {
  if (!/^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(name)) {
    throw new ValidationError({
      at,
      prop,
      got: name,
      want: "letters, digits, '.', '_' and '-', not starting with '.' or '-'",
    });
  }
  return `.gitlab/gitops/${name}.json`;
}

/** The text of an inventory: the same for the same files, one file a line, so that Git shows and merges it well. */
export function formatInventory(inventory: Inventory): string {
  const files = [...inventory.files].sort(([a], [b]) => (a < b ? -1 : 1));
  const lines = files.map(([path, { blob, policy }]) => {
    const entry = policy === 'seed' ? { blob, policy } : { blob };
    return `    ${JSON.stringify(path)}: ${JSON.stringify(entry)}`;
  });
  const body = lines.length === 0 ? '{}' : `{\n${lines.join(',\n')}\n  }`;
  const { name, owner, accepted } = inventory;
  const names = { version, name, owner, accepted };
  const head = Object.entries(names)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)},\n`);
  return `{\n${head.join('')}  "files": ${body}\n}\n`;
}

/**
 * Reads an inventory.
 *
 * @param text - what `formatInventory` made
 * @param name - name of the stack whose inventory it must be
 * @throws ValidationError when it is not an inventory of that stack, or one of a newer version of this package
 */
export function parseInventory(text: string, name: string): Inventory {
  const at = inventoryPath(name);
  const data = parseObject(text, at);
  if (data['version'] !== version) {
    throw new ValidationError({
      at,
      prop: 'version',
      got: data['version'],
      want: `${version}; is it of a newer version?`,
    });
  }
  if (data['name'] !== name) {
    throw new ValidationError({ at, prop: 'name', got: data['name'], want: JSON.stringify(name) });
  }
  const textOf = (prop: 'owner' | 'accepted'): string | undefined => {
    const text = data[prop];
    if (text === undefined || typeof text === 'string') return text;
    throw new ValidationError({ at, prop, got: text, want: 'a text or nothing' });
  };
  const files = data['files'];
  if (!isFields(files)) throw new ValidationError({ at, prop: 'files', got: files, want: 'an object by path' });
  return {
    name,
    owner: textOf('owner'),
    accepted: textOf('accepted'),
    files: new Map(Object.entries(files).map(([path, file]) => [path, parseFile(path, file, at)])),
  };
}

function parseObject(text: string, at: string): Record<string, unknown> {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    data = undefined;
  }
  if (!isFields(data)) throw new ValidationError({ at, got: text, want: 'a JSON object' });
  return data;
}

function parseFile(path: string, file: unknown, at: string): InventoryFile {
  const prop = `files[${JSON.stringify(path)}]`;
  if (!isFields(file) || typeof file['blob'] !== 'string') {
    throw new ValidationError({ at, prop, got: file, want: 'an object with the blob of the file' });
  }

  const policy = file['policy'];
  if (policy === undefined) return { blob: file['blob'] };
  if (policy !== 'seed') {
    throw new ValidationError({ at, prop: `${prop}.policy`, got: policy, want: "'seed' or nothing" });
  }
  return { blob: file['blob'], policy };
}
