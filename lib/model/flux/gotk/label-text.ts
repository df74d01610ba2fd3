import { goYamlScalar } from './go-yaml';

/**
 * The text of an object with more labels in its metadata, and everything else as it is.
 *
 * @param text - one document, as Go writes it: two spaces, keys sorted
 * @param labels - labels that win over its own
 */
export function labelText(text: string, labels: Readonly<Record<string, string>>): string {
  const start = text.indexOf('\nmetadata:\n') + '\nmetadata:\n'.length;
  const end = start + text.slice(start).search(/^\S/m);
  const metadata = text.slice(start, end < start ? text.length : end);
  return text.slice(0, start) + withLabels(metadata, labels) + text.slice(start + metadata.length);
}

function withLabels(metadata: string, labels: Readonly<Record<string, string>>): string {
  const added = new Map(Object.entries(labels).map(([name, value]) => [name, `    ${name}: ${goYamlScalar(value)}\n`]));
  const [block, own] = /^ {2}labels:\n((?: {4}.*\n)*)/m.exec(metadata) ?? [];
  const present = (own ?? '').match(/.*\n/g) ?? [];
  const byName = new Map([...present.map((line): [string, string] => [nameOf(line), line]), ...added]);
  const lines = [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line);
  const whole = `  labels:\n${lines.join('')}`;
  if (block !== undefined) return metadata.replace(block, () => whole);
  const next = /^ {2}(?:[m-z]|la[c-z])/m.exec(metadata)?.index ?? metadata.length;
  return metadata.slice(0, next) + whole + metadata.slice(next);
}

function nameOf(line: string): string {
  return line.slice(4, line.indexOf(': '));
}
