import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The package's folder is four levels up from the sources, and five from what they are built into. */
const SCRIPTS = ['../../../..', '../../../../..']
  .map((root) => join(__dirname, root, 'scripts/apply-changed'))
  .find((directory) => existsSync(directory));

let text: string | undefined;

/** The script that brings to a cluster what changed in Git: the parts in `scripts/apply-changed`, one after the other. */
export function applyChangedScript(): string {
  const directory = SCRIPTS ?? '';
  text ??= readdirSync(directory)
    .sort()
    .map((name) => readFileSync(join(directory, name), 'utf8'))
    .join('\n');
  return text;
}
