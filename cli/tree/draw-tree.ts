/** A file in a drawn tree. */
export interface TreeFile {
  /** Path, with `/`. */
  readonly path: string;
  /** What is said beside it; the same for all files of a directory is said once, beside the directory. */
  readonly note: string;
  /** What is said beside this file in any case, in place of the note. */
  readonly mark?: string;
}

interface Directory {
  readonly directories: Map<string, Directory>;
  readonly files: Map<string, TreeFile>;
}

/** How the parts of a line are painted. */
export type PaintNote = (note: string) => string;

/** A tree as lines: directories first, notes in one column. */
export function drawTree(files: Iterable<TreeFile>, paint: PaintNote = (note) => note): readonly string[] {
  const root: Directory = { directories: new Map(), files: new Map() };
  for (const file of files) insert(root, file.path.split('/'), file);
  const lines = [...linesOf(root, '', false)];
  const width = Math.max(0, ...lines.map(({ text }) => text.length));
  return lines.map(({ text, note }) => (note === '' ? text : `${text.padEnd(width)}  ${paint(note)}`));
}

function insert(directory: Directory, [name = '', ...rest]: readonly string[], file: TreeFile): void {
  if (rest.length === 0) {
    directory.files.set(name, file);
    return;
  }
  const next = directory.directories.get(name) ?? { directories: new Map(), files: new Map() };
  directory.directories.set(name, next);
  insert(next, rest, file);
}

function* linesOf(directory: Directory, indent: string, isNoted: boolean): Generator<{ text: string; note: string }> {
  const directories = [...directory.directories].sort(byName);
  const files = [...directory.files].sort(byName);
  const count = directories.length + files.length;
  let index = 0;
  const branch = (): readonly [string, string] => (++index === count ? ['└── ', '    '] : ['├── ', '│   ']);
  for (const [name, child] of directories) {
    const [stem, below] = branch();
    const common = isNoted ? undefined : commonNote(child);
    yield { text: `${indent}${stem}${name}/`, note: common ?? '' };
    yield* linesOf(child, indent + below, isNoted || common !== undefined);
  }
  for (const [name, { note, mark }] of files) {
    const [stem] = branch();
    yield { text: `${indent}${stem}${name}`, note: mark ?? (isNoted ? '' : note) };
  }
}

/** The note that all files below a directory share; undefined when they differ. */
function commonNote(directory: Directory): string | undefined {
  const notes = new Set(notesBelow(directory));
  return notes.size === 1 ? [...notes][0] : undefined;
}

function* notesBelow(directory: Directory): Generator<string> {
  for (const { note } of directory.files.values()) yield note;
  for (const child of directory.directories.values()) yield* notesBelow(child);
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
